create or replace function core.salesnav_month(input text)
returns date language sql immutable parallel safe as $$
  select case
    when input ~ '^(0?[1-9]|1[0-2])-[1-9]\d{3}$' then make_date(split_part(input, '-', 2)::integer, split_part(input, '-', 1)::integer, 1)
    else etl.as_date(to_jsonb(input))
  end;
$$;
comment on function core.salesnav_month(text) is
  'The first day of a month as Sales Navigator exports write it ("03-2022"), or a date as etl.as_date reads it; null for anything else.';
