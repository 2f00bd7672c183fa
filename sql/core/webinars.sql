create or replace function core.webinar_page(links jsonb, domain text)
returns text language sql immutable parallel safe set search_path = '' as $$
  select link.href
    from (
      select etl.web_url(split_part(found.element ->> 'href', '#', 1)) as href, found.element ->> 'text' as text, found.ordinality
        from etl.elements(webinar_page.links) as found
       where concat(found.element ->> 'href', ' ', found.element ->> 'text') ~* 'webinar'
    ) as link
   where link.href is not null
   -- The list rather than a single webinar: on the company's own site, the word at the end of the path, the shorter path; then the first.
   order by ('.' || etl.normalize_domain(link.href)) like ('%.' || webinar_page.domain) desc nulls last,
            split_part(link.href, '?', 1) ~* 'webinars?/?$' desc, length(split_part(link.href, '?', 1)), link.ordinality
   limit 1;
$$;
comment on function core.webinar_page(jsonb, text) is
  'Of the links of a homepage ([{text, href}], absolute) the one that most likely leads to the list of the webinars of the company; null for none.';

create or replace function core.webinars(answer jsonb)
returns table (webinar_order integer, title text, topic text) language sql immutable parallel safe rows 10 set search_path = '' as $$
  select item.ordinality::integer, etl.as_text(item.element -> 'title', 500), coalesce(etl.as_text(item.element -> 'topic', 500), '')
    from etl.elements(answer -> 'webinars') as item
   where etl.as_text(item.element -> 'title', 500) is not null;
$$;
comment on function core.webinars(jsonb) is 'The webinars of an answer that have a title, in its order; a missing topic is empty text.';
