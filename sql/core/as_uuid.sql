create or replace function core.as_uuid(input jsonb)
returns uuid language sql immutable parallel safe as $$
  select case when etl.as_text(input) ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then etl.as_text(input)::uuid end;
$$;
comment on function core.as_uuid(jsonb) is 'A UUID from its usual spelling with hyphens; null for anything else.';
