create or replace function etl.strict_schema(request_schema jsonb)
returns jsonb language sql immutable parallel safe set search_path = '' as $$
  select jsonb_build_object(
    'type', 'object',
    'required', coalesce(strict_schema.request_schema -> 'required', '[]'::jsonb),
    'properties', coalesce(
      (
        select jsonb_object_agg(
          field.name,
          jsonb_build_object('type', property.schema -> 'type')
            || case property.schema ->> 'type' when 'string' then '{"minLength": 1}'::jsonb else '{}'::jsonb end
        )
          from jsonb_array_elements_text(strict_schema.request_schema -> 'required') as field (name)
         cross join lateral (select strict_schema.request_schema -> 'properties' -> field.name as schema) as property
         where jsonb_typeof(property.schema -> 'type') = 'string'
      ),
      '{}'::jsonb
    )
  );
$$;
comment on function etl.strict_schema(jsonb) is
  'The part of a request schema that refuses a body: required top-level fields, their types, and that text is not empty. All else is only warned about.';
