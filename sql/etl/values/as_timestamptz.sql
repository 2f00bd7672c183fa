create or replace function etl.as_timestamptz(input jsonb)
returns timestamptz language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_text text := etl.as_text(input);
  v_part text[];
begin
  if v_text is null then
    return null;
  end if;
  v_part := regexp_match(
    v_text,
    '^((?!0000)\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d(?:\.\d{1,9})?))?\s*(Z|z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?)?$'
  );
  if v_part is null or v_part[3]::integer > etl.days_in_month(v_part[1]::integer, v_part[2]::integer) then
    return null;
  end if;
  return make_timestamp(
      v_part[1]::integer, v_part[2]::integer, v_part[3]::integer,
      coalesce(v_part[4], '0')::integer, coalesce(v_part[5], '0')::integer, coalesce(v_part[6], '0')::double precision
    ) at time zone 'UTC'
    - case
        when v_part[7] is null or upper(v_part[7]) = 'Z' then interval '0'
        else make_interval(
          hours => substr(v_part[7], 1, 3)::integer,
          mins => (left(v_part[7], 1) || coalesce(nullif(right(replace(v_part[7], ':', ''), -3), ''), '0'))::integer
        )
      end;
end;
$$;
comment on function etl.as_timestamptz(jsonb) is
  'A point in time from ISO 8601 text; a date alone is midnight, a time without offset is UTC. Null for anything else. The session''s time zone plays no part.';
