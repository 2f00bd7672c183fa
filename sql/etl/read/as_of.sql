create or replace function etl.as_of(key text, at timestamptz, fields text[] default null)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_tenant constant text := coalesce(current_setting('hq.client_domain', true), '');
  v_entity record;
  v_record jsonb;
begin
  select entity.entity_type, entity.entity_key into v_entity from etl.require_entity(as_of.key) as entity;
  begin
    -- Rows of tenants are replayed whosever they are, and read by who asks.
    perform set_config('hq.client_domain', '', true);
    perform etl.rebuild_keys(array[v_entity.entity_key], as_of.at);
    perform set_config('hq.client_domain', v_tenant, true);
    -- Leaves the block by an error so that nothing of the replay stays.
    raise exception using errcode = 'DRYRN', message = 'as of', detail = coalesce(etl.golden_record(v_entity.entity_key, as_of.fields)::text, 'null');
  exception
    when sqlstate 'DRYRN' then
      get stacked diagnostics v_record = pg_exception_detail;
  end;
  return nullif(v_record, 'null');
end;
$$;
comment on function etl.as_of(text, timestamptz, text[]) is
  'The golden record as it was known at a time: replays the payloads landed until then, with the mappings and lookups of today, and rolls that back. Null when nothing was known. fields as in etl.golden_records. Raises BADKY, and BADRQ for an unknown field.';
