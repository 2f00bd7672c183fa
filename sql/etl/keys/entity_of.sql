create or replace function etl.entity_of(key text)
returns table (entity_type text, entity_key text) language sql immutable parallel safe rows 1 as $$
  select 'person', etl.normalize_linkedin_url(key)
   where etl.normalize_linkedin_url(key) is not null
  union all
  select 'company', etl.normalize_domain(key)
   where etl.normalize_linkedin_url(key) is null
     and etl.normalize_domain(key) is not null;
$$;
comment on function etl.entity_of(text) is 'What a key is about: person for a LinkedIn profile URL, company for a domain; no row for anything else.';

create or replace function etl.require_entity(key text)
returns table (entity_type text, entity_key text) language plpgsql immutable set search_path = '' rows 1 as $$
begin
  return query select found.entity_type, found.entity_key from etl.entity_of(require_entity.key) as found;
  if not found then
    raise exception '"%" is neither a domain nor the LinkedIn URL of a person', left(coalesce(require_entity.key, ''), 200)
      using errcode = 'BADKY', hint = 'Give a domain such as acme.example or a URL such as https://www.linkedin.com/in/ada-example.';
  end if;
end;
$$;
comment on function etl.require_entity(text) is 'As etl.entity_of(text), but raises BADKY instead of giving no row.';
