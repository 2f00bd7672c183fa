create or replace function api.company_columns()
returns jsonb language sql immutable set search_path = '' as $$
  select api.columns_from('company', 'id uuid', 'domain', 'name', 'linkedin_url', 'company_city', 'company_state', 'company_country', 'matched_industry', 'employee_range');
$$;
comment on function api.company_columns() is 'The fields of a company.';

create or replace function api.company_parameters()
returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_build_array(
    api.parameter('industry', 'text', 'Industry: any of these.', 'any', 'company.matched_industry', 'matched_industry', true, more => '{"example": "Software Development"}'),
    api.parameter('employee_range', 'text', 'Size: any of these.', 'any', 'company.employee_range', 'employee_range', true, more => '{"example": "51-100"}'),
    api.parameter('funding_range', 'text', 'Funding: any of these.', 'any', 'company.funding_range', 'funding_range', true),
    api.parameter('revenue_range', 'text', 'Revenue: any of these.', 'any', 'company.revenue_range', 'revenue_range', true),
    api.parameter('city', 'text', 'City contains this.', 'contains', 'company.company_city', 'company_city'),
    api.parameter('state', 'text', 'State contains this.', 'contains', 'company.company_state', 'company_state'),
    api.parameter('country', 'text', 'Country contains this.', 'contains', 'company.company_country', 'company_country'),
    api.parameter('domain', 'domain', 'Domain, in any spelling: any of these.', 'equals', 'company.domain', is_list => true),
    api.parameter('name', 'text', 'Name contains this.', 'contains', 'company.name', 'company_name')
  );
$$;
comment on function api.company_parameters() is 'Filters of lists of companies, whose rows are called company.';

select api.list('companies', '/api/companies', 'Companies', 'api.company_rows as company',
  api.company_columns() || api.columns('description text = null::text -- Only of a single company.', 'tagline text = null::text -- Only of a single company.',
    'lead_count integer = null::integer -- Only of a single company.'),
  '{company.sort_name,company.domain}',
  api.company_parameters() || api.parameter('q', 'text', 'Words of name and domain, each whole or as a beginning; a word that none has is taken for the nearest known one.',
    'search', 'company.search', more => '{"minLength": 2}'),
  tag => 'companies');

create or replace function api.companies_matching(q text, most integer default 10)
returns table (domain text, rank integer, place bigint, matches bigint, are_all boolean) language plpgsql stable rows 10 set search_path = '' as $$
declare
  c_enough constant integer := 200;
  v_key constant text := api.sort_key(companies_matching.q);
  v_pattern constant text := api.like_pattern(companies_matching.q);
  v_beginning constant text := substr(v_pattern, 2);
  v_words tsquery;
  v_parts tsquery;
  v_names text[];
  v_looks boolean;
begin
  -- Best first: the domain itself, the very name, what begins with it, what has it anywhere, what has its words. The words are looked up only when
  -- fewer companies than are wanted begin with the text.
  select count(*) < companies_matching.most into v_looks
    from (select from api.company_rows as company where company.sort_name >= v_key and company.sort_name < (v_key || U&'\FFFF') collate "C" limit companies_matching.most) as beginning;
  if v_looks then
    v_words := api.search_query(companies_matching.q);
    v_parts := api.word_query(companies_matching.q);
    -- Part of so many words that they sort nothing out: then any names with it will do.
    if v_parts is null then
      v_names := array(select known.value from api.vocabulary as known where known.field = 'company_name' and known.match_key like v_pattern limit c_enough);
    end if;
  end if;
  return query
  select ranked.domain, ranked.rank, row_number() over best_first, count(*) over (), v_looks and count(*) over () < c_enough
    from (
      select distinct on (found.domain) found.domain, found.rank, found.size
        from (
          (select company.domain, 0 as rank, 0 as size from api.company_rows as company where company.domain = etl.normalize_domain(companies_matching.q))
          union all
          -- Names are ordered by their beginning, so those that are long are looked at whole.
          (select company.domain, case when etl.fold(company.name) = etl.fold(companies_matching.q) then 1 else 2 end, length(company.name)
             from api.company_rows as company
            where company.sort_name >= v_key and company.sort_name < (v_key || U&'\FFFF') collate "C"
              and etl.fold(company.name) like v_beginning
            order by company.sort_name, company.domain
            limit c_enough)
          union all
          (select company.domain,
                  case when company.domain like v_beginning then 2
                    when company.search @@ v_parts and (etl.fold(company.name) like v_pattern or company.domain like v_pattern) then 3 else 4 end,
                  length(company.name)
             from api.company_rows as company
            where company.search @@ (coalesce(v_words || v_parts, v_words, v_parts))
            limit 1000)
          union all
          (select company.domain, 3, length(company.name) from api.company_rows as company where company.name = any (v_names) limit 1000)
        ) as found
       order by found.domain, found.rank
    ) as ranked
  window best_first as (order by ranked.rank, ranked.size, ranked.domain)
   order by 3
   limit companies_matching.most;
end;
$$;
comment on function api.companies_matching(text, integer) is
  'Companies whose name or domain has this text or nearly so, best first. rank: 0 the domain itself, 1 the very name, 2 begins with it, 3 contains it, 4 has its words or words like them. matches: how many were found, of which these are the first; are_all: there are no more, else they were not all looked up.';

create or replace function api.companies_search(q text, "limit" integer default 10)
returns jsonb language sql stable set search_path = '' as $$
  with matching as materialized (
    select each.domain, each.place, each.matches, each.are_all from api.companies_matching(companies_search.q, companies_search."limit") as each
  ), found as (
    select company.id, company.domain, company.name, company.linkedin_url, company.company_city, company.company_state, company.company_country,
           company.matched_industry, company.employee_range, null::text as description, null::text as tagline, null::integer as lead_count, matching.place
      from matching
      join api.company_rows as company on company.domain = matching.domain
  )
  select jsonb_build_object(
    'data', coalesce((select jsonb_agg(to_jsonb(found) - 'place' order by found.place) from found), '[]'),
    'meta', jsonb_build_object('total', coalesce(max(matching.matches), 0), 'total_is_estimated', not coalesce(bool_and(matching.are_all), true),
      'limit', companies_search."limit", 'offset', 0)
  )
    from matching;
$$;
comment on function api.companies_search(text, integer) is
  'Companies for an autocomplete, best first: {data, meta}. meta.total is the number that match; when total_is_estimated, of those that were looked up.';

create or replace function api.company_lookup(name text)
returns jsonb language sql stable set search_path = '' as $$
  with found as (
    select company.domain, company.name, case when matching.rank <= 1 then 'exact' else 'partial' end as match_type
      from api.companies_matching(company_lookup.name, 1) as matching
      join api.company_rows as company on company.domain = matching.domain
     where matching.rank <= 3
  )
  select jsonb_build_object('found', count(*) > 0, 'domain', min(found.domain), 'name', min(found.name), 'match_type', min(found.match_type))
    from found;
$$;
comment on function api.company_lookup(text) is
  'The company of a name: {found, domain, name, match_type}. match_type exact (the very name or its domain), else partial: the best whose name or domain contains it.';

create or replace function api.has_customers(domain text)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('domain', asked.domain, 'has_customers', count(customer.id) > 0, 'count', count(customer.id))
    from (select api.record_key('company', has_customers.domain) as domain) as asked
    left join core.company_customers as customer on customer.origin_company_domain = asked.domain
   group by asked.domain;
$$;
comment on function api.has_customers(text) is 'Whether customers of a company are known, and how many: {domain, has_customers, count}. Raises BADKY.';

create or replace function api.has_case_studies(domain text)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('domain', asked.domain, 'has_case_studies', count(study.case_study_key) > 0, 'count', count(study.case_study_key), 'last_extracted_at', max(study.observed_at))
    from (select api.record_key('company', has_case_studies.domain) as domain) as asked
    left join (
      select found.domain, found.case_study_key, max(found.observed_at) as observed_at
        from (
          select details.domain, details.case_study_key, details.observed_at from extracted.case_study_details as details
          union all
          select buyers.domain, coalesce(buyers.case_study_key, ''), buyers.observed_at from extracted.case_study_buyers as buyers
        ) as found
       where found.domain = api.record_key('company', has_case_studies.domain)
       group by found.domain, found.case_study_key
    ) as study on study.domain = asked.domain
   group by asked.domain;
$$;
comment on function api.has_case_studies(text) is
  'Whether case studies that a company published were read, and how many pages: {domain, has_case_studies, count, last_extracted_at}. Raises BADKY.';

create or replace function api.customer_insights(domain text)
returns jsonb language sql stable set search_path = '' as $$
  with asked as (
    select api.record_key('company', customer_insights.domain) as domain
  ), customers as (
    -- As core.lookup_company_customers() counts: two names with one domain are one customer, a name without a domain is one too.
    select distinct coalesce(customer.customer_domain, '/' || etl.fold(customer.customer_name)) as key, customer.customer_domain as domain
      from asked
      join core.company_customers_resolved as customer on customer.origin_company_domain = asked.domain
  ), industries as (
    select industry.matched_industry as industry, count(*) as customer_count
      from customers
      join core.company_industries as industry on industry.domain = customers.domain
     group by industry.matched_industry
  ), quoted as (
    select champion.full_name_key, etl.fold(champion.company_name) as company_key, champion.full_name, champion.job_title, champion.company_name, champion.observed_at
      from asked
      join core.case_study_champions as champion on champion.origin_company_domain = asked.domain
     where champion.full_name is not null
  ), champions as (
    select distinct on (quoted.full_name_key, quoted.company_key) quoted.full_name, quoted.job_title, quoted.company_name
      from quoted
     order by quoted.full_name_key, quoted.company_key, quoted.job_title is null, quoted.observed_at desc, quoted.job_title
  ), titles as (
    select quoted.job_title, count(distinct (quoted.full_name_key, quoted.company_key)) as champion_count
      from quoted
     where quoted.job_title is not null
     group by quoted.job_title
  )
  select jsonb_build_object(
    'origin_domain', asked.domain,
    'customer_count', (select count(*) from customers),
    'customer_industries', coalesce((select jsonb_agg(industries.industry order by industries.industry) from industries), '[]'),
    'customer_industry_counts', coalesce((select jsonb_agg(to_jsonb(industries) order by industries.customer_count desc, industries.industry) from industries), '[]'),
    'case_study_job_titles', coalesce((select jsonb_agg(titles.job_title order by titles.job_title) from titles), '[]'),
    'case_study_job_title_counts', coalesce((select jsonb_agg(to_jsonb(titles) order by titles.champion_count desc, titles.job_title) from titles), '[]'),
    'case_study_champions', coalesce((select jsonb_agg(to_jsonb(champions) order by champions.full_name, champions.company_name) from champions), '[]')
  )
    from asked;
$$;
comment on function api.customer_insights(text) is
  'Industries of the customers of a company and the people in its case studies: {origin_domain, customer_count, customer_industries, customer_industry_counts, case_study_job_titles, case_study_job_title_counts, case_study_champions}. Raises BADKY.';

create or replace function api.company_icp(domain text)
returns jsonb language sql stable set search_path = '' as $$
  select core.lookup_company_icp(jsonb_build_object('domain', company_icp.domain))
   where exists (select from core.companies as known where known.domain = api.record_key('company', company_icp.domain))
      or exists (select from core.icp_criteria as known where known.domain = api.record_key('company', company_icp.domain))
      or exists (select from core.company_customers as known where known.origin_company_domain = api.record_key('company', company_icp.domain));
$$;
comment on function api.company_icp(text) is 'Whom a company sells to, as core.lookup_company_icp() gives it; null when nothing is known about the company. Raises BADKY.';

create or replace function api.company_ads(domain text)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'domain', asked.domain,
    'google_ads', case when google.id is not null then jsonb_build_object('is_running_ads', google.is_running_ads, 'ad_count', google.ad_count,
      'advertiser_id', google.advertiser_id, 'last_checked_at', google.last_checked_at) end,
    'linkedin_ads', case when linkedin.id is not null then jsonb_build_object('is_running_ads', linkedin.is_running_ads, 'ad_count', linkedin.ad_count,
      'page_id', linkedin.page_id, 'last_checked_at', linkedin.last_checked_at) end,
    'meta_ads', case when meta.id is not null then jsonb_build_object('is_running_ads', meta.is_running_ads, 'ad_count', meta.ad_count,
      'page_id', meta.page_id, 'platforms', meta.platforms, 'last_checked_at', meta.last_checked_at) end,
    'is_running_any_ads', coalesce(google.is_running_ads, false) or coalesce(linkedin.is_running_ads, false) or coalesce(meta.is_running_ads, false)
  )
    from (select api.record_key('company', company_ads.domain) as domain) as asked
    left join core.company_google_ads as google on google.domain = asked.domain
    left join core.company_linkedin_ads as linkedin on linkedin.domain = asked.domain
    left join core.company_meta_ads as meta on meta.domain = asked.domain;
$$;
comment on function api.company_ads(text) is 'Whether a company advertises with Google, LinkedIn and Meta: {domain, google_ads, linkedin_ads, meta_ads, is_running_any_ads}. Raises BADKY.';

create or replace function api.public_company_info(domain text)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_strip_nulls(jsonb_build_object('note', case when public.ticker is not null and sec.cik is null then 'The SEC number of this ticker is not known yet.' end))
    || jsonb_build_object(
      'found', public.ticker is not null, 'domain', asked.domain, 'ticker', coalesce(sec.ticker, public.ticker), 'cik', sec.cik,
      'sec_company_name', sec.sec_company_name, 'last_updated', case when public.ticker is not null then greatest(public.updated_at, sec.updated_at) end
    )
    from (select api.record_key('company', public_company_info.domain) as domain) as asked
    left join core.company_public as public on public.domain = asked.domain
    left join reference.sec_company_info as sec on sec.match_key = etl.fold(public.ticker);
$$;
comment on function api.public_company_info(text) is
  'Ticker and SEC number of a listed company: {found, domain, ticker, cik, sec_company_name, last_updated}, and a note when the number is not known. Raises BADKY.';

select api.call('companies_search', '/api/companies/search', 'Companies by name or domain, best first',
  jsonb_build_object('type', 'object', 'required', '["data", "meta"]'::jsonb, 'properties', jsonb_build_object(
    'data', jsonb_build_object('type', 'array', 'items', api.object_schema('id uuid', 'domain', 'name', 'linkedin_url', 'company_city', 'company_state',
      'company_country', 'matched_industry', 'employee_range', 'description', 'tagline', 'lead_count integer')),
    'meta', api.object_schema('total integer -- Companies that match.', 'total_is_estimated boolean -- There may be more: those that match best were enough.', 'limit integer', 'offset integer'))),
  jsonb_build_array(
    api.parameter('q', 'text', 'Part of the name or domain; misspelt words are taken for the nearest known ones.', required => true, more => '{"minLength": 2, "maxLength": 200, "example": "acme"}'),
    api.parameter('limit', 'integer', 'Most companies.', more => '{"default": 10, "minimum": 1, "maximum": 50}')),
  tag => 'companies');
select api.call('company_lookup', '/api/companies/lookup', 'The domain of a company by its name',
  api.object_schema('found boolean', 'domain', 'name', 'match_type -- exact or partial.'),
  jsonb_build_array(api.parameter('name', 'text', 'Name, in any case.', required => true, more => '{"minLength": 2, "maxLength": 500, "example": "Acme Example"}')),
  tag => 'companies');
select api.list('company_customers', '/api/companies/:domain/customers', 'Customers of a company',
  'core.company_customers_resolved as customer left join core.companies_full as company on company.domain = customer.customer_domain',
  api.columns('name text = coalesce(company.name, customer.customer_name)', 'domain text = customer.customer_domain', 'matched_industry text = company.matched_industry',
    'employee_range text = company.employee_range', 'company_country text = company.company_country', 'customer_name text = customer.customer_name -- As the source names it.',
    'case_study_url text = customer.case_study_url'),
  array['coalesce(customer.customer_domain, U&''\FFFF'') collate "C"', 'customer.id'],
  jsonb_build_array(api.parameter('domain', 'domain', 'Domain of the company, in any spelling.', 'equals', 'customer.origin_company_domain', place => 'path', required => true)),
  default_limit => 100, max_limit => 500, meta => '{"origin_domain": "domain"}', tag => 'companies');

create or replace function api.company_path_parameter()
returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_build_array(api.parameter('domain', 'text', 'Domain of the company, in any spelling.', place => 'path', required => true, more => '{"example": "acme.example"}'));
$$;
comment on function api.company_path_parameter() is 'The domain in the path of an endpoint about one company.';

create or replace function api.company_body_parameter()
returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_build_array(api.parameter('domain', 'text', 'Domain of the company, in any spelling.', place => 'body', required => true, more => '{"minLength": 1, "example": "acme.example"}'));
$$;
comment on function api.company_body_parameter() is 'The domain in the body of an endpoint about one company.';

select api.call('company_has_customers', '/api/companies/:domain/has-customers', 'Whether customers of a company are known',
  api.object_schema('domain', 'has_customers boolean', 'count integer'), api.company_path_parameter(), calls => 'has_customers', tag => 'companies');
select api.call('check_has_customers', '/api/companies/check-has-customers', 'Whether customers of a company are known',
  api.object_schema('domain', 'has_customers boolean', 'count integer'), api.company_body_parameter(), method => 'post', calls => 'has_customers', tag => 'companies');
select api.call('company_has_case_studies', '/api/companies/:domain/has-case-studies', 'Whether case studies of a company were read',
  api.object_schema('domain', 'has_case_studies boolean', 'count integer -- Pages.', 'last_extracted_at timestamptz'), api.company_path_parameter(), calls => 'has_case_studies', tag => 'companies');
select api.call('check_has_case_studies', '/api/companies/check-has-case-studies', 'Whether case studies of a company were read',
  api.object_schema('domain', 'has_case_studies boolean', 'count integer -- Pages.', 'last_extracted_at timestamptz'), api.company_body_parameter(), method => 'post', calls => 'has_case_studies', tag => 'companies');
select api.call('customer_insights', '/api/companies/:domain/customer-insights', 'Industries of the customers of a company, and the people in its case studies',
  jsonb_set(api.object_schema('origin_domain', 'customer_count integer', 'customer_industries text[]', 'customer_industry_counts json', 'case_study_job_titles text[]',
      'case_study_job_title_counts json', 'case_study_champions json'),
    '{properties}', jsonb_build_object(
      'origin_domain', '{"type": "string"}'::jsonb,
      'customer_count', '{"type": "integer", "description": "Distinct customers; known by name only, too."}'::jsonb,
      'customer_industries', '{"type": "array", "items": {"type": "string"}}'::jsonb,
      'customer_industry_counts', jsonb_build_object('type', 'array', 'description', 'Most customers first.', 'items', api.object_schema('industry', 'customer_count integer')),
      'case_study_job_titles', '{"type": "array", "items": {"type": "string"}}'::jsonb,
      'case_study_job_title_counts', jsonb_build_object('type', 'array', 'description', 'Most people first.', 'items', api.object_schema('job_title', 'champion_count integer')),
      'case_study_champions', jsonb_build_object('type', 'array', 'items', api.object_schema('full_name', 'job_title', 'company_name')))),
  api.company_path_parameter(), tag => 'companies');
select api.call('company_icp', '/api/companies/:domain/icp', 'Whom a company sells to',
  api.object_schema('success boolean', 'domain', 'company_name', 'customer_domains text[]', 'industries text[]', 'countries text[]', 'employee_ranges text[]', 'funding_stages text[]',
    'job_titles text[]', 'seniorities text[]', 'job_functions text[]', 'value_proposition', 'core_benefit', 'target_customer', 'key_differentiator'),
  api.company_path_parameter(), missing => 'Nothing is known about this company.', tag => 'companies');
select api.call('company_ads', '/api/companies/:domain/ads', 'Whether a company advertises, and where',
  jsonb_set(api.object_schema('domain', 'google_ads json', 'linkedin_ads json', 'meta_ads json', 'is_running_any_ads boolean'), '{properties}',
    jsonb_build_object('domain', '{"type": "string"}'::jsonb, 'is_running_any_ads', '{"type": "boolean"}'::jsonb,
      'google_ads', api.object_schema('is_running_ads boolean', 'ad_count integer', 'advertiser_id', 'last_checked_at timestamptz') || '{"type": ["object", "null"]}',
      'linkedin_ads', api.object_schema('is_running_ads boolean', 'ad_count integer', 'page_id', 'last_checked_at timestamptz') || '{"type": ["object", "null"]}',
      'meta_ads', api.object_schema('is_running_ads boolean', 'ad_count integer', 'page_id', 'platforms text[]', 'last_checked_at timestamptz') || '{"type": ["object", "null"]}')),
  api.company_path_parameter(), tag => 'companies');
select api.call('public_company_info', '/api/companies/public-company-info', 'Ticker and SEC number of a listed company',
  jsonb_insert(api.object_schema('found boolean', 'domain', 'ticker', 'cik -- Ten digits.', 'sec_company_name', 'last_updated timestamptz'), '{properties,note}', '{"type": "string", "description": "Where the SEC number is not known yet."}'), api.company_body_parameter(), method => 'post', tag => 'companies');

-- Technologies of all providers.
create or replace view core.technology_uses as
  select 'predictleads'::text as provider, used.technology_id, used.domain, technology.title
    from core.company_predictleads_technologies as used
    join reference.predictleads_technologies as technology on technology.id = used.technology_id
  union all
  select 'builtwith', used.technology_id, used.domain, technology.name
    from core.company_technologies as used
    join reference.technologies as technology on technology.id = used.technology_id
  union all
  select 'site', used.technology_id, used.domain, technology.name
    from core.company_tech_on_site as used
    join reference.technologies as technology on technology.id = used.technology_id;
comment on view core.technology_uses is 'Technologies of companies from all sources: one row per source, company and technology.';

create or replace function api.first_domains(known text[], target text, key_column text, keys uuid[], after text, most bigint, condition text default 'true')
returns text[] language plpgsql stable set search_path = '' as $$
declare
  v_query constant text := format(
    $sql$
    select array(
      select distinct found.domain
        from (
          select given.domain from unnest($1::text[]) as given (domain)
          union all
          select part.domain
            from unnest($2::uuid[]) as key (id)
           cross join lateral (
             select used.domain from %1$s as used
              where used.%2$I = key.id and used.domain > $3 and ($4::text is null or used.domain < $4) and %3$s
              order by used.domain limit $5
           ) as part
        ) as found
       order by found.domain limit $5
    )
    $sql$, first_domains.target, first_domains.key_column, first_domains.condition
  );
  v_found text[] := first_domains.known;
  v_from integer := 1;
  v_batch integer := 25;
begin
  -- What a batch has found bounds what the next ones have to look at, so that thousands of keys cost little more than a few.
  while v_from <= cardinality(first_domains.keys) loop
    execute v_query into v_found
      using v_found, first_domains.keys[v_from : v_from + v_batch - 1], coalesce(first_domains.after, ''), v_found[first_domains.most], first_domains.most;
    v_from := v_from + v_batch;
    v_batch := v_batch * 2;
  end loop;
  return v_found;
end;
$$;
comment on function api.first_domains(text[], text, text, uuid[], text, bigint, text) is
  'The first domains, in order, after one of them, at most so many, of the known ones and those that a table has with any of the keys. The table has an index on key and domain. condition: on its rows, called used; never a value of a caller that is not quoted.';

create or replace function api.domains_using(technology text, after text default null, most bigint default null)
returns setof text language plpgsql stable rows 100 set search_path = '' as $$
declare
  v_pattern constant text := api.like_pattern(domains_using.technology);
  v_predicted constant uuid[] := array(select known.id from reference.predictleads_technologies as known where known.title_key like v_pattern);
  v_built constant uuid[] := array(select known.id from reference.technologies as known where known.name_key like v_pattern);
  v_found text[] := '{}';
begin
  if domains_using.most is not null then
    v_found := api.first_domains(v_found, 'core.company_predictleads_technologies', 'technology_id', v_predicted, domains_using.after, domains_using.most);
    v_found := api.first_domains(v_found, 'core.company_technologies', 'technology_id', v_built, domains_using.after, domains_using.most);
    v_found := api.first_domains(v_found, 'core.company_tech_on_site', 'technology_id', v_built, domains_using.after, domains_using.most);
    return query select found.domain from unnest(v_found) with ordinality as found (domain, place) order by found.place;
    return;
  end if;
  return query
  select used.domain from core.company_predictleads_technologies as used where used.technology_id = any (v_predicted) and used.domain > coalesce(domains_using.after, '')
  union
  select used.domain from core.company_technologies as used where used.technology_id = any (v_built) and used.domain > coalesce(domains_using.after, '')
  union
  select used.domain from core.company_tech_on_site as used where used.technology_id = any (v_built) and used.domain > coalesce(domains_using.after, '')
   order by 1;
end;
$$;
comment on function api.domains_using(text, text, bigint) is 'Domains of companies that use a technology whose title contains a text, in order, after one of them, at most so many; null: all.';

select api.list('companies_by_technology', '/api/companies/by-technology', 'Companies that use a technology',
  'api.domains_using(:name, :after, :fetch) as used (domain) left join api.company_rows as company on company.domain = used.domain',
  api.columns('id uuid = company.id', 'domain text = used.domain', 'name text = company.name', 'linkedin_url text = company.linkedin_url', 'company_city text = company.company_city',
    'company_state text = company.company_state', 'company_country text = company.company_country', 'matched_industry text = company.matched_industry', 'employee_range text = company.employee_range',
    'technologies text[] = array(select distinct known.title from core.technology_uses as known where known.domain = used.domain and etl.fold(known.title) like api.like_pattern(:name) order by 1) -- The titles that matched.'),
  '{used.domain}',
  jsonb_build_array(api.parameter('name', 'text', 'Title of the technology contains this.', required => true, more => '{"maxLength": 200, "example": "react"}')),
  max_limit => 200, meta => '{"technology": "name"}', tag => 'companies');

create or replace function api.domains_hiring(title text, posted_since timestamptz default null, after text default null, most bigint default null)
returns setof text language plpgsql stable rows 100 set search_path = '' as $$
declare
  v_titles constant uuid[] := array(select known.id from reference.job_titles as known where known.title_key like api.like_pattern(domains_hiring.title));
  v_found text[];
begin
  if domains_hiring.most is not null then
    v_found := api.first_domains('{}', 'core.company_job_postings', 'job_title_id', v_titles, domains_hiring.after, domains_hiring.most,
      case when domains_hiring.posted_since is null then 'true' else format('used.posted_at >= %L::timestamptz', domains_hiring.posted_since) end);
    return query select found.domain from unnest(v_found) with ordinality as found (domain, place) order by found.place;
    return;
  end if;
  return query
  select distinct posting.domain
    from core.company_job_postings as posting
   where posting.job_title_id = any (v_titles)
     and posting.domain > coalesce(domains_hiring.after, '')
     and (domains_hiring.posted_since is null or posting.posted_at >= domains_hiring.posted_since)
   order by posting.domain;
end;
$$;
comment on function api.domains_hiring(text, timestamptz, text, bigint) is
  'Domains of companies with a job posting whose normalised title contains a text, in order, after one of them, at most so many; null: all.';

select api.list('companies_by_job_title', '/api/companies/by-job-title', 'Companies with a job posting for a title',
  'api.domains_hiring(:title, now() - make_interval(days => :posted_within_days), :after, :fetch) as hiring (domain) left join api.company_rows as company on company.domain = hiring.domain',
  api.columns('id uuid = company.id', 'domain text = hiring.domain', 'name text = company.name', 'linkedin_url text = company.linkedin_url', 'company_city text = company.company_city',
    'company_state text = company.company_state', 'company_country text = company.company_country', 'matched_industry text = company.matched_industry', 'employee_range text = company.employee_range'),
  '{hiring.domain}',
  jsonb_build_array(
    api.parameter('title', 'text', 'Normalised title contains this.', required => true, more => '{"maxLength": 200, "example": "engineer"}'),
    api.parameter('posted_within_days', 'integer', 'Posted at most so many days ago.', more => '{"minimum": 1, "maximum": 3650}')),
  max_limit => 200, meta => '{"job_title": "title"}', tag => 'companies');

create or replace function api.declare_ads_list(platform text, label text, more jsonb default '[]')
returns void language sql set search_path = '' as $$
  select api.list(
    'companies_by_' || declare_ads_list.platform || '_ads', '/api/companies/by-' || declare_ads_list.platform || '-ads', 'Companies running ' || declare_ads_list.label || ' ads',
    format('core.company_%s_ads as ads left join api.company_rows as company on company.domain = ads.domain', declare_ads_list.platform),
    api.columns('id uuid = company.id', 'domain text = ads.domain', 'name text = company.name', 'linkedin_url text = company.linkedin_url', 'company_city text = company.company_city',
      'company_state text = company.company_state', 'company_country text = company.company_country', 'matched_industry text = company.matched_industry',
      'employee_range text = company.employee_range', 'ad_count integer = ads.ad_count') || declare_ads_list.more,
    array['(-coalesce(ads.ad_count, -1))', 'ads.domain'], always => 'ads.is_running_ads', max_limit => 200, tag => 'companies'
  );
$$;
comment on function api.declare_ads_list(text, text, jsonb) is 'Declares the list of companies that advertise on a platform, most ads first.';
select api.declare_ads_list('google', 'Google');
select api.declare_ads_list('linkedin', 'LinkedIn');
select api.declare_ads_list('meta', 'Meta', api.columns('platforms jsonb = ads.platforms -- Array of text.'));
