create or replace function core.first_element(input jsonb)
returns text language sql immutable parallel safe as $$
  select case jsonb_typeof(input)
    when 'array' then (select element.item from etl.text_elements(input) as element order by element.ordinality limit 1)
    else etl.as_text(input, 500)
  end;
$$;
comment on function core.first_element(jsonb) is
  'The first usable string of a JSON array, or the string itself, at most 500 characters; for names and titles, which may contain commas. Null for anything else.';

create or replace function core.first_listed(input jsonb)
returns text language sql immutable parallel safe as $$
  select (select part.item from etl.split_list(core.first_element(input)) as part order by part.ordinality limit 1);
$$;
comment on function core.first_listed(jsonb) is
  'The first item of a JSON array or of a comma-separated list, for values that contain no comma: domains, URLs, dates. Null when there is none.';
