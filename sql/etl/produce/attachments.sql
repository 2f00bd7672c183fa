create or replace function etl.keep_attachment(content bytea, content_type text, kept_for interval default '30 days')
returns text language sql set search_path = '' as $$
  insert into etl.attachments as stored (id, content, content_type, size_bytes, kept_until)
  values (encode(sha256(keep_attachment.content), 'hex'), keep_attachment.content, keep_attachment.content_type, length(keep_attachment.content), now() + keep_attachment.kept_for)
      on conflict on constraint attachments_pkey do update
     set kept_until = greatest(stored.kept_until, excluded.kept_until)
  returning stored.id;
$$;
comment on function etl.keep_attachment(bytea, text, interval) is 'Keeps a file for a while, once per content; gives its id (SHA-256).';

create or replace function etl.purge_attachments()
returns integer language sql set search_path = '' as $$
  with purged as (
    delete from etl.attachments as attachment where attachment.kept_until < now() returning 1
  )
  select count(*)::integer from purged;
$$;
comment on function etl.purge_attachments() is 'Deletes files whose time is over; gives their number.';
