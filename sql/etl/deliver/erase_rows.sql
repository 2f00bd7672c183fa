-- Asked for every row of a file: without a set clause it becomes part of the query that calls it.
create or replace function etl.delivery_row_keys(row_key text, body json)
returns setof text language sql immutable parallel safe as $$
  with said as (
    select delivery_row_keys.row_key as value
    union all
    select case when json_typeof(field.value) = 'string' then field.value #>> '{}' end
      from json_each(case when json_typeof(delivery_row_keys.body) = 'object' then delivery_row_keys.body else '{}' end) as field
    union all
    select inner_text.value #>> '{}'
      from json_each(case when json_typeof(delivery_row_keys.body) = 'object' then delivery_row_keys.body else '{}' end) as field
     cross join lateral jsonb_path_query(field.value::jsonb, 'strict $.** ? (@.type() == "string")') as inner_text (value)
     where json_typeof(field.value) in ('object', 'array')
  )
  select distinct named.key
    from said
   cross join lateral (values (etl.normalize_domain(said.value)), (etl.normalize_linkedin_url(said.value))) as named (key)
   -- No key is without a dot, and most texts are.
   where strpos(said.value, '.') > 0
     and named.key is not null;
$$;
comment on function etl.delivery_row_keys(text, json) is
  'The records (normalised keys) that a row of a delivery names: by its row_key or by a text in it, however deep, that is a spelling of a key. A key inside a longer text, a name or an e-mail address names none.';

create or replace function etl.note_delivery_mentions(delivery_id uuid)
returns void language sql set search_path = '' as $$
  insert into etl.delivery_mentions (key_hash, delivery_id, position)
  select md5(named.key)::uuid, known.delivery_id, known.position
    from etl.delivery_rows as known
   cross join lateral etl.delivery_row_keys(known.row_key, known.body) as named (key)
   where known.delivery_id = note_delivery_mentions.delivery_id
  union all
  select md5(named.key)::uuid, known.id, -1
    from etl.deliveries as known
   cross join lateral etl.delivery_row_keys(null, known.request::json) as named (key)
   where known.id = note_delivery_mentions.delivery_id
      on conflict do nothing;
$$;
comment on function etl.note_delivery_mentions(uuid) is 'Notes which records the rows of a delivery and its request (position -1) name, for etl.erase_delivery_rows.';

create or replace function etl.drop_delivery_mentions()
returns trigger language plpgsql set search_path = '' as $$
begin
  delete from etl.delivery_mentions as mention using deleted where mention.delivery_id = deleted.id;
  return null;
end;
$$;
comment on function etl.drop_delivery_mentions() is 'Trigger on etl.deliveries: what a deleted delivery named goes with it. A foreign key would check every row of an upload once more.';
create or replace trigger _500_mentions
  after delete on etl.deliveries
  referencing old table as deleted
  for each statement execute function etl.drop_delivery_mentions();

create or replace function etl.erase_delivery_rows(entity_keys text[])
returns bigint language plpgsql set search_path = '' as $$
declare
  v_hashes constant uuid[] := array(select md5(erased.key)::uuid from unnest(erase_delivery_rows.entity_keys) as erased (key));
  v_erased bigint;
begin
  -- A delivery that is being made either ends before this and is seen here, or waits and then finds the suppression.
  perform pg_advisory_xact_lock(hashtext('etl.suppressions'), 0);
  -- What was not sent must not be sent any more, by a retry neither: it becomes skipped, and its delivery can end. The
  -- lock of the delivery is the one under which rows are taken and answers recorded; a late answer finds its row gone.
  perform
     from etl.deliveries as delivery
    where delivery.id in (select mention.delivery_id from etl.delivery_mentions as mention where mention.key_hash = any (v_hashes))
    order by delivery.id
      for update;
  update etl.deliveries as delivery
     set request = '{}', title = null
    from etl.delivery_mentions as mention
   where mention.key_hash = any (v_hashes)
     and mention.position = -1
     and delivery.id = mention.delivery_id;
  with found as (
    select distinct known.delivery_id, known.position, known.state
      from etl.delivery_mentions as mention
      join etl.delivery_rows as known on known.delivery_id = mention.delivery_id and known.position = mention.position
     where mention.key_hash = any (v_hashes)
  ), forgotten as (
    delete from etl.delivery_mentions as mention
     using found
     where mention.delivery_id = found.delivery_id
       and mention.position = found.position
  ), erased as (
    update etl.delivery_rows as known
       set body = '{}', row_key = null, answer = null,
           state = case when known.state = 'sent' then known.state else 'skipped' end,
           problem = case known.state when 'sent' then null when 'sending' then 'erased on request, while it was being sent' else 'erased on request' end
      from found
     where known.delivery_id = found.delivery_id
       and known.position = found.position
    returning found.delivery_id, found.state
  ), counted as (
    select erased.delivery_id, count(*) filter (where erased.state in ('pending', 'sending')) as waiting,
           count(*) filter (where erased.state = 'failed') as failed, count(*) as rows from erased group by erased.delivery_id
  ), ended as (
    update etl.deliveries as delivery
       set skipped = delivery.skipped + counted.waiting + counted.failed,
           failed = delivery.failed - counted.failed,
           state = case when delivery.state in ('sending', 'paused') and delivery.sent + delivery.failed + delivery.skipped + counted.waiting = delivery.total then 'done' else delivery.state end,
           finished_at = case
             when delivery.state in ('sending', 'paused') and delivery.sent + delivery.failed + delivery.skipped + counted.waiting = delivery.total then now()
             else delivery.finished_at
           end
      from counted
     where delivery.id = counted.delivery_id
    returning counted.rows
  )
  select coalesce(sum(ended.rows), 0) into v_erased from ended;
  delete from etl.delivery_mentions as mention where mention.key_hash = any (v_hashes);
  return v_erased;
end;
$$;
comment on function etl.erase_delivery_rows(text[]) is
  'Empties rows of deliveries that name one of the records (normalised keys); those that were not sent, or are being sent, count as skipped. The delivery keeps its counts. Gives their number.';

create or replace function etl.skip_suppressed_rows(delivery_id uuid)
returns void language plpgsql set search_path = '' as $$
begin
  perform pg_advisory_xact_lock_shared(hashtext('etl.suppressions'), 0);
  with named as (
    select distinct mention.position
      from etl.suppressions as suppressed
      join etl.delivery_mentions as mention on mention.key_hash = md5(suppressed.entity_key)::uuid
     where mention.delivery_id = skip_suppressed_rows.delivery_id
       and mention.position >= 0
  ), forgotten as (
    delete from etl.delivery_mentions as mention
     using named
     where mention.delivery_id = skip_suppressed_rows.delivery_id
       and mention.position = named.position
  )
  update etl.delivery_rows as known
     set state = 'skipped', body = '{}', row_key = null, problem = 'about a record that was erased and is kept out'
    from named
   where known.delivery_id = skip_suppressed_rows.delivery_id
     and known.position = named.position;
end;
$$;
comment on function etl.skip_suppressed_rows(uuid) is 'Skips and empties rows of a new delivery that name a record which was erased with etl.forget.';
