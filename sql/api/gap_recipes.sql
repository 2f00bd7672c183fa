create or replace function api.gap_recipes()
returns table (
  id text, label text, description text, source_table text, source_column text, target_table text, target_column text, filled_column text, priority text, has_country boolean
)
language sql immutable parallel safe as $$
  values
    ('extracted-companies-not-in-core', 'Companies stuck in extraction', 'Companies that Clay discovered and core does not have.',
     'extracted.company_discovery', 'domain', 'core.companies', 'domain', 'domain', 'P0', false),
    ('extracted-people-not-in-core', 'People stuck in extraction', 'People that Clay discovered and core does not have.',
     'extracted.person_discovery', 'linkedin_url', 'core.people', 'linkedin_url', 'linkedin_url', 'P0', false),
    ('companies-missing-industry', 'Companies without industry', 'Companies of which no industry is known.',
     'core.companies', 'domain', 'core.company_industries', 'domain', 'matched_industry', 'P1', false),
    ('companies-missing-location', 'Companies without location', 'Companies of which no country is known.',
     'core.companies', 'domain', 'core.company_locations', 'domain', 'country', 'P1', false),
    ('people-missing-job-title', 'People without job title', 'People of whom no cleaned job title is known.',
     'core.people', 'linkedin_url', 'core.person_job_titles', 'linkedin_url', 'matched_cleaned_job_title', 'P1', false),
    ('people-missing-location', 'People without location', 'People of whom no country is known.',
     'core.people', 'linkedin_url', 'core.person_locations', 'linkedin_url', 'country', 'P1', false),
    ('companies-missing-description', 'Companies without description', 'Companies that nobody has described.',
     'core.companies', 'domain', 'core.company_descriptions', 'domain', 'description', 'P2', false),
    ('companies-missing-employee-range', 'Companies without size', 'Companies of which no employee range is known.',
     'core.companies', 'domain', 'core.company_employee_range', 'domain', 'employee_range', 'P2', false),
    ('people-missing-tenure', 'People without tenure', 'People of whom the start of the present job is not known.',
     'core.people', 'linkedin_url', 'core.person_tenure', 'linkedin_url', 'job_start_date', 'P2', false),
    ('customers-without-find-similar', 'Customers without similar companies', 'Domains of customers for which similar companies have not been looked for.',
     'core.company_customers', 'customer_domain', 'extracted.company_enrich_similar_checks', 'domain', 'domain', 'P2', false),
    ('vc-backed-without-customers', 'VC-backed companies without customers', 'Companies with investors of which no customer is known.',
     'core.company_vc_backed', 'domain', 'core.company_customers', 'origin_company_domain', 'origin_company_domain', 'P3', true);
$$;
comment on function api.gap_recipes() is
  'The data gaps that are counted: keys of the source column with no row in the target that has the filled column. priority P0 (most urgent) to P3; has_country: also counted by core.company_locations.country.';
