create or replace function etl.outcome(status integer, body jsonb, payload_id uuid default null)
returns jsonb language sql immutable parallel safe as $$
  select jsonb_build_object('status', status, 'body', body, 'payload_id', payload_id);
$$;
comment on function etl.outcome(integer, jsonb, uuid) is 'What a call came to: {status: HTTP status, body: response fields or {code, detail, hint, errors}, payload_id}.';

create or replace function etl.refusal(code text, detail text, hint text default null, errors jsonb default null)
returns jsonb language sql immutable parallel safe as $$
  select etl.outcome(
    case code when 'UNKWF' then 404 when 'UNKEY' then 404 when 'INAWF' then 409 when 'FORGT' then 410 when 'BADRQ' then 422 when 'BADKY' then 422 else 500 end,
    jsonb_strip_nulls(jsonb_build_object('code', code, 'detail', detail, 'hint', hint, 'errors', errors))
  );
$$;
comment on function etl.refusal(text, text, text, jsonb) is 'The outcome of a refused call, with the HTTP status of its code (docs/errors.md).';
