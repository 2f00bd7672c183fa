create or replace function core.split_company_names(input text)
returns table (company_name text, ordinality bigint) language sql immutable parallel safe rows 10 set search_path = '' as $$
  select btrim(part.name, E' \t\r\n'), part.ordinality
    from regexp_split_to_table(
      split_company_names.input,
      ',(?!\s*(?:incorporated|inc|llc|l\.l\.c|limited|ltd|corporation|corp|co|company|gmbh|ag|plc|llp|lp|n\.v|nv|b\.v|bv|s\.a|sa|srl|pty|pte|jr)\.?\s*(?:,|$))', 'i'
    ) with ordinality as part (name, ordinality)
   where btrim(part.name, E' \t\r\n') <> ''
     and length(btrim(part.name, E' \t\r\n')) <= 500;
$$;
comment on function core.split_company_names(text) is
  'Company names out of a comma-separated text, with their position. A comma before a legal form ("Acme, Inc.") belongs to the name. Names above 500 characters are left out.';

create or replace function core.page_about(urls jsonb, company_name text)
returns text language sql immutable parallel safe set search_path = '' as $$
  select visited.url
    from etl.elements(page_about.urls) as step
   cross join lateral (select substring(etl.as_text(step.element) from 'https?://[^[:space:]<>"'')]+') as url) as visited
   cross join lateral (select btrim(regexp_replace(replace(lower(page_about.company_name), '.', ''), '[^[:alnum:]]+', '-', 'g'), '-') as slug) as wanted
   where wanted.slug <> ''
     and strpos(
       '-' || regexp_replace(regexp_replace(lower(visited.url), '^https?://[^/]*', ''), '[^[:alnum:]]+', '-', 'g') || '-',
       '-' || wanted.slug || '-'
     ) > 0
   order by step.ordinality
   limit 1;
$$;
comment on function core.page_about(jsonb, text) is 'Of an array of texts with URLs, the first URL whose path names the company ("Acme Corp." in /customers/acme-corp); null when none does.';
