create or replace function api.new_key()
returns text language sql volatile set search_path = '' as $$
  select 'hq_' || replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
$$;
comment on function api.new_key() is 'A fresh API key: hq_ and 64 hexadecimal digits (244 random bits).';
