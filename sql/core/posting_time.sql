create or replace function core.posting_time(input jsonb)
returns timestamptz language plpgsql stable parallel safe set search_path = '' as $$
declare
  v_text constant text := regexp_replace(etl.as_text(input, 100), '\s+at\s+\d{1,2}:\d{2}.*$', '', 'i');
  v_part text[];
  v_year integer;
  v_month integer;
  v_day integer;
begin
  if v_text is null or etl.as_timestamptz(input) is not null then
    return etl.as_timestamptz(input);
  end if;
  if v_text ~ '^\d{4}([-/])\d{1,2}\1\d{1,2}$' then
    v_part := regexp_split_to_array(v_text, '[-/]');
    v_year := v_part[1]; v_month := v_part[2]; v_day := v_part[3];
  elsif v_text ~ '^\d{8}$' then
    v_year := left(v_text, 4); v_month := substr(v_text, 5, 2); v_day := right(v_text, 2);
  elsif v_text ~ '^\d{1,2}/\d{1,2}/\d{4}$' then
    -- Month first wins; where it cannot be a month, the day is first.
    v_part := string_to_array(v_text, '/');
    v_year := v_part[3]; v_month := v_part[1]; v_day := v_part[2];
    if v_month > 12 then
      v_month := v_part[2]; v_day := v_part[1];
    end if;
  else
    v_part := regexp_match(v_text, '^([a-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})$', 'i');
    v_year := v_part[3]; v_day := v_part[2];
    select name.position into v_month
      from unnest('{january,february,march,april,may,june,july,august,september,october,november,december}'::text[]) with ordinality as name (value, position)
     where lower(v_part[1]) in (name.value, left(name.value, 3));
  end if;
  if v_year > 0 and v_month between 1 and 12 and v_day between 1 and etl.days_in_month(v_year, v_month) then
    return make_date(v_year, v_month, v_day)::timestamp at time zone 'UTC';
  end if;
  return null;
end;
$$;
comment on function core.posting_time(jsonb) is
  'When a job was posted: ISO 8601, 2026/01/15, 01/15/2026 (month first where both are possible), 20260115, "January 12, 2026" or "Jan 12, 2026", with or without " at 5:04 PM", which is dropped. A date is midnight UTC. Null for anything else.';
