create or replace function etl.quoted_page(page jsonb, max_characters integer default 30000)
returns text language sql immutable parallel safe set search_path = '' as $$
  -- No text of the page can end the quotation: tags of that name in it are broken.
  select format(E'<page url="%s" title="%s">\n%s%s\n</page>',
    etl.unquotable(page ->> 'final_url'), etl.unquotable(coalesce(page ->> 'title', '')),
    etl.unquotable(left(page ->> 'text', max_characters)), case when length(page ->> 'text') > max_characters then E'\n[cut here]' else '' end
  );
$$;
comment on function etl.quoted_page(jsonb, integer) is 'A page as quoted, untrusted data for a prompt, cut after max_characters.';

create or replace function etl.quoted_links(page jsonb, max_links integer default 300)
returns text language sql immutable parallel safe set search_path = '' as $$
  select format(E'<page url="%s">\n%s\n</page>', etl.unquotable(page ->> 'final_url'), string_agg(
      format('%s | %s', etl.unquotable(left(link.value ->> 'text', 200)), etl.unquotable(left(link.value ->> 'href', 500))), E'\n' order by link.position
    ))
    from jsonb_array_elements(page -> 'links') with ordinality as link (value, position)
   where link.position <= max_links;
$$;
comment on function etl.quoted_links(jsonb, integer) is 'The links of a page, one a line as "text | address", as quoted, untrusted data for a prompt.';

create or replace function etl.quoted(input text, max_characters integer default 2000)
returns text language sql immutable parallel safe set search_path = '' as $$
  select format('<data>%s</data>', etl.unquotable(left(coalesce(input, 'not known'), max_characters)));
$$;
comment on function etl.quoted(text, integer) is 'A value that a caller gave, as quoted data for a prompt; "not known" for null.';

create or replace function etl.unquotable(input text)
returns text language sql immutable parallel safe as $$
  select regexp_replace(input, '<(?=\s*/?\s*(page|data)\M)', '‹', 'gi');
$$;
comment on function etl.unquotable(text) is 'Text in which nothing looks like the tags that quote data in prompts.';
