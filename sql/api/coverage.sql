create or replace function api.coverage(entity_type text default null, tables text[] default null)
returns json language plpgsql stable set search_path = '' set timezone = 'UTC' as $$
declare
  v_unknown text;
begin
  select asked.target into v_unknown
    from unnest(coverage.tables) as asked (target)
   where not exists (select from etl.kept_tables() as kept where kept.target = asked.target)
   limit 1;
  if v_unknown is not null then
    raise exception using errcode = 'BADRQ', message = format('"%s" is no table of golden records', left(v_unknown, 100)), hint = 'Tables are named with their schema, such as core.companies.';
  end if;
  return (
    with total as (
      select kept.entity_type, counted.records
        from (values ('company', 'core.companies'), ('person', 'core.people')) as kept (entity_type, target)
        join etl.coverage as counted on counted.target = kept.target and counted.source = '*'
    ), covered as (
      select kept.target, kept.entity_type, counted.records, counted.row_count, counted.newest_observed_at, refreshed.as_of, total.records as known
        from etl.kept_tables() as kept
        join etl.coverage_refreshes as refreshed on refreshed.subject = kept.target
        join etl.coverage as counted on counted.target = kept.target and counted.source = '*'
        left join total on total.entity_type = kept.entity_type
       where (coverage.entity_type is null or kept.entity_type = coverage.entity_type)
         and (coverage.tables is null or kept.target = any (coverage.tables))
    )
    select json_build_object(
        'as_of', (select min(covered.as_of) from covered),
        'companies', coalesce((select total.records from total where total.entity_type = 'company'), 0),
        'people', coalesce((select total.records from total where total.entity_type = 'person'), 0),
        'tables', coalesce((
          select json_agg(
              json_build_object(
                'table', covered.target, 'entity', covered.entity_type, 'records', covered.records, 'rows', covered.row_count,
                'share', round(covered.records::numeric / nullif(covered.known, 0), 4), 'newest_observed_at', covered.newest_observed_at, 'as_of', covered.as_of,
                'sources', coalesce((
                  select json_agg(
                      json_build_object('source', counted.source, 'records', counted.records, 'rows', counted.row_count, 'newest_observed_at', counted.newest_observed_at)
                      order by counted.records desc, counted.source
                    )
                    from etl.coverage as counted
                   where counted.target = covered.target
                     and counted.source <> '*'
                ), '[]')
              ) order by covered.entity_type, covered.target
            )
            from covered
        ), '[]'),
        'gaps', coalesce((
          select json_agg(
              json_build_object('recipe_id', recipe.id, 'label', recipe.label, 'priority', recipe.priority, 'count', counted.keys, 'as_of', refreshed.as_of)
              order by recipe.priority, recipe.id
            )
            from api.gap_recipes() as recipe
            join etl.gap_counts as counted on counted.recipe_id = recipe.id and counted.country = '*'
            join etl.coverage_refreshes as refreshed on refreshed.subject = 'gap ' || recipe.id
        ), '[]')
      )
  );
end;
$$;
comment on function api.coverage(text, text[]) is
  'How much is known: per golden table how many companies or people have a row, of all (share), from which sources, how fresh, and the gaps; as counted at as_of (etl.refresh_coverage). Raises BADRQ for an unknown table.';

create or replace function api.list_gap_recipes()
returns json language sql stable set search_path = '' as $$
  select json_build_object('recipes', json_agg(json_build_object(
      'id', recipe.id, 'label', recipe.label, 'description', recipe.description, 'source_table', recipe.source_table, 'target_table', recipe.target_table,
      'join_column', case when recipe.source_column = recipe.target_column then recipe.source_column else recipe.source_column || ':' || recipe.target_column end,
      'comparison', 'not_in_target', 'priority', recipe.priority, 'country_join', case when recipe.has_country then 'core.company_locations:domain:country' end
    ) order by recipe.priority, recipe.id))
    from api.gap_recipes() as recipe;
$$;
comment on function api.list_gap_recipes() is 'The gap recipes, with the fields of the old list.';

create or replace function api.gap(recipe_id text, country text default null, sample_size integer default null)
returns json language plpgsql stable set search_path = '' set timezone = 'UTC' as $$
declare
  v_recipe record;
  v_counted record;
  v_sample json;
begin
  select recipe.id, recipe.label, recipe.source_table, recipe.source_column, recipe.target_table, recipe.has_country into v_recipe
    from api.gap_recipes() as recipe
   where recipe.id = gap.recipe_id;
  if not found then
    raise exception using errcode = 'UNKEY', message = format('There is no gap recipe "%s"', left(gap.recipe_id, 100)), hint = '/api/admin/gaps/recipes lists them.';
  end if;
  if gap.country is not null and not v_recipe.has_country then
    raise exception using errcode = 'BADRQ', message = format('The gap recipe "%s" is not counted by country', v_recipe.id), hint = 'Leave out country.';
  end if;
  if gap.country is not null and not gap.country in ('United States', 'not United States', 'unknown') then
    raise exception using errcode = 'BADRQ', message = format('country cannot be "%s"', left(gap.country, 100)), hint = 'It is "United States", "not United States" or "unknown".';
  end if;
  -- Not counted yet: null, and no sample.
  select counted.keys, counted.sample, refreshed.as_of into v_counted
    from etl.gap_counts as counted
    join etl.coverage_refreshes as refreshed on refreshed.subject = 'gap ' || counted.recipe_id
   where counted.recipe_id = v_recipe.id
     and counted.country = coalesce(gap.country, '*');
  if gap.sample_size is null then
    return json_build_object(
      'recipe_id', v_recipe.id, 'label', v_recipe.label, 'count', v_counted.keys, 'source_table', v_recipe.source_table, 'target_table', v_recipe.target_table, 'as_of', v_counted.as_of
    );
  end if;
  if v_counted.keys is not null then
    execute format(
      'select json_agg(picked.content order by picked.key) from (select distinct on (stored.%1$I) stored.%1$I as key, to_json(stored) as content from %2$s as stored where stored.%1$I = any ($1) order by stored.%1$I, stored::text) as picked',
      v_recipe.source_column, v_recipe.source_table
    ) into v_sample using v_counted.sample[:gap.sample_size];
  end if;
  return json_build_object(
    'recipe_id', v_recipe.id, 'label', v_recipe.label, 'count', v_counted.keys, 'sample', coalesce(v_sample, '[]'), 'limit', gap.sample_size, 'as_of', v_counted.as_of
  );
end;
$$;
comment on function api.gap(text, text, integer) is
  'How many keys a gap recipe finds (by country where it has one), as counted at as_of; with sample_size, 100 at most, also that many of the source rows, one per key. Raises UNKEY for an unknown recipe, BADRQ for a country that it has not.';

create or replace function api.top_vc_companies(vc_domain text default null)
returns table (domain text, name text, top_vc_investors text[], top_vc_domains text[]) language plpgsql stable set search_path = '' as $$
declare
  v_firm constant text := etl.normalize_domain(top_vc_companies.vc_domain);
begin
  if btrim(top_vc_companies.vc_domain) <> '' and v_firm is null then
    raise exception 'vc_domain "%" is no domain', left(top_vc_companies.vc_domain, 200) using errcode = 'BADKY', hint = 'A domain looks like example.com.';
  end if;
  return query
    -- Investors that came without a domain are known by their canonical name.
    select investor.company_domain, coalesce((array_agg(company.name))[1], min(investor.company_name)),
           array_agg(distinct investor.vc_name order by investor.vc_name), array_agg(distinct top.domain order by top.domain)
      from core.company_vc_investors as investor
      left join (
        select known.match_key, known.domain from reference.vc_firms as known
        union
        select etl.fold(listed.name), listed.domain from reference.top_vcs as listed
      ) as firm on investor.vc_domain is null and firm.match_key = etl.fold(investor.vc_name)
      join reference.top_vcs as top on top.domain = coalesce(investor.vc_domain, firm.domain)
      left join core.companies as company on company.domain = investor.company_domain
     where not exists (select from core.company_customers as customer where customer.origin_company_domain = investor.company_domain)
     group by investor.company_domain
    having v_firm is null or v_firm = any (array_agg(top.domain));
end;
$$;
comment on function api.top_vc_companies(text) is
  'Companies backed by a firm of reference.top_vcs of which no customer is known, with all their investors of that list; vc_domain: only those backed by that firm. Raises BADKY.';

create or replace function api.top_vc_missing_customers(vc_domain text default null, "limit" integer default null, "offset" integer default 0)
returns json language sql stable set search_path = '' as $$
  with lacking as materialized (
    select found.domain, found.name, found.top_vc_investors, found.top_vc_domains
      from api.top_vc_companies(top_vc_missing_customers.vc_domain) as found
  ), counted as (
    select count(1) as total, top_vc_missing_customers."limit", top_vc_missing_customers."offset" from lacking
  )
  select json_build_object(
      'total', counted.total, 'limit', counted."limit", 'offset', counted."offset", 'meta', to_json(counted),
      'data', coalesce((
        select json_agg(json_build_object('domain', page.domain, 'name', page.name, 'top_vc_investors', page.top_vc_investors, 'top_vc_domains', page.top_vc_domains) order by page.name, page.domain)
          from (
            select lacking.domain, lacking.name, lacking.top_vc_investors, lacking.top_vc_domains
              from lacking
             order by lacking.name, lacking.domain
             limit top_vc_missing_customers."limit"
            offset top_vc_missing_customers."offset"
          ) as page
      ), '[]')
    )
    from counted;
$$;
comment on function api.top_vc_missing_customers(text, integer, integer) is 'A page of api.top_vc_companies by name, with their number; limit: null for all. Raises BADKY.';

create or replace function api.top_vc_missing_customers_count()
returns json language sql stable set search_path = '' as $$
  select json_build_object('count', count(1), 'description', 'Companies backed by a top VC firm of which no customer is known.') from api.top_vc_companies();
$$;
comment on function api.top_vc_missing_customers_count() is 'The number of api.top_vc_companies.';

create or replace function api.top_vcs()
returns json language sql stable set search_path = '' as $$
  select json_build_object('count', count(1), 'vcs', coalesce(json_agg(json_build_object('name', top.name, 'domain', top.domain) order by top.name, top.domain), '[]'))
    from reference.top_vcs as top;
$$;
comment on function api.top_vcs() is 'The curated list of top VC firms by name.';
