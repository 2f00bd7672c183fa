create or replace function etl.origin(source text, observed_at timestamptz, raw_payload_id uuid)
returns jsonb language sql stable parallel safe as $$
  -- stable, as to_char() is declared: otherwise it would not be inlined
  select jsonb_build_object(
    'source', source,
    'observed_at', to_char(observed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'raw_payload_id', raw_payload_id
  );
$$;
comment on function etl.origin(text, timestamptz, uuid) is
  'Lineage of one value as stored in the column lineage of fill tables; the time in UTC with microseconds, so that it sorts as text.';
