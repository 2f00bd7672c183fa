create or replace function core.website_domain(answer text, not_of text default null)
returns text language sql immutable parallel safe set search_path = '' as $$
  select found.domain
    from (select etl.normalize_domain(website_domain.answer) as domain) as found
   where found.domain is distinct from etl.normalize_domain(website_domain.not_of)
     -- Pages there are about an organisation, not by it.
     and found.domain !~ '(^|\.)(crunchbase\.com|pitchbook\.com|linkedin\.com|facebook\.com|instagram\.com|twitter\.com|x\.com|youtube\.com|wikipedia\.org|bloomberg\.com|google\.com|github\.com)$';
$$;
comment on function core.website_domain(text, text) is
  'The domain of an organisation''s own website that an answer names, normalised. Null for what is no domain, for directories and social networks, and for the domain of somebody else (not_of).';
