/**
 * What the screens and columns that read the system before this one rely on: paths, parameters and fields, written down from
 * that system and not from this one. `rows`: fields of every row of a list; `body`: fields of the answer; `meta`: fields of meta.
 */
export type Contract = {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  /** query parameters it takes */
  query?: string[];
  /** a call that must be answered 200, with rows where `rows` is given */
  call: string;
  json?: Record<string, unknown>;
  rows?: string[];
  body?: string[];
  meta?: string[];
  /** the rows are the whole answer */
  bare?: boolean;
};

const lead = [
  ...[
    'person_id',
    'linkedin_url',
    'linkedin_slug',
    'full_name',
    'linkedin_url_type',
    'linkedin_user_profile_urn',
  ],
  ...['person_city', 'person_state', 'person_country', 'matched_cleaned_job_title', 'matched_job_function'],
  ...[
    'matched_seniority',
    'job_start_date',
    'company_id',
    'company_domain',
    'company_name',
    'company_linkedin_url',
  ],
  ...['company_city', 'company_state', 'company_country', 'matched_industry', 'employee_range'],
];
const leadFilters = [
  ...[
    'job_function',
    'seniority',
    'industry',
    'employee_range',
    'person_city',
    'person_state',
    'person_country',
  ],
  ...[
    'company_city',
    'company_state',
    'company_country',
    'company_domain',
    'company_name',
    'job_title',
    'full_name',
  ],
  ...['job_start_date_gte', 'job_start_date_lte'],
];
const company = [
  ...['id', 'domain', 'name', 'linkedin_url', 'company_city', 'company_state', 'company_country'],
  ...['matched_industry', 'employee_range'],
];
const page = ['total', 'limit', 'offset'];
const paging = ['limit', 'offset'];
const workflow = [
  ...[
    'workflow_slug',
    'new_workflow_slug',
    'provider',
    'platform',
    'payload_type',
    'entity_type',
    'description',
  ],
  ...['raw_table', 'extracted_table', 'core_table', 'coalesces_to_core', 'usage_category', 'workflow_type'],
  ...['is_active', 'modal_function_name', 'modal_endpoint_url', 'api_endpoint_url', 'api_endpoint_full_url'],
];
const status = ['workflow_slug', 'core_table', 'enriched', 'count', 'last_enriched_at'];
const priority = ['id', 'company_name', 'domain', 'total', 'engineering', 'sales'];
const view = ['id', 'domain', 'name', 'slug', 'filters', 'endpoint', 'created_at', 'updated_at'];
const ada = 'https://www.linkedin.com/in/ada-example';

export const contracts: Contract[] = [
  {
    method: 'GET',
    path: '/api/leads',
    query: [...leadFilters, 'business_model', ...paging],
    call: '/api/leads?job_function=Sales',
    rows: lead,
    meta: page,
  },
  {
    method: 'GET',
    path: '/api/leads/quick',
    query: [...leadFilters, 'business_model', 'limit'],
    call: '/api/leads/quick?limit=2000',
    rows: lead,
  },
  {
    method: 'GET',
    path: '/api/leads/recently-promoted',
    query: ['promoted_within_days', 'job_function', 'seniority', 'industry', ...paging],
    call: '/api/leads/recently-promoted?promoted_within_days=3650&include_incomplete=true',
    rows: [...lead, 'previous_title', 'new_title', 'promotion_date'],
    meta: page,
  },
  {
    method: 'GET',
    path: '/api/leads/new-in-role',
    query: ['started_within_days', 'job_function', 'seniority', 'industry', ...paging],
    call: '/api/leads/new-in-role?started_within_days=3650',
    rows: lead,
    meta: page,
  },
  {
    method: 'GET',
    path: '/api/leads/at-vc-portfolio',
    query: ['vc_name', 'job_function', 'seniority', ...paging],
    call: '/api/leads/at-vc-portfolio?include_incomplete=true',
    rows: [...lead, 'vc_name', 'vc_company_description'],
    meta: page,
  },
  {
    method: 'GET',
    path: '/api/leads/by-past-employer',
    query: ['domains', ...paging],
    call: '/api/leads/by-past-employer?domains=https://www.Zenith.example/about,zodiac.example',
    rows: lead,
    meta: page,
  },
  {
    method: 'GET',
    path: '/api/leads/by-company-customers',
    query: ['company_domain', ...paging],
    call: '/api/leads/by-company-customers?company_domain=seller.example',
    rows: lead,
    meta: page,
  },
  {
    method: 'GET',
    path: '/api/leads/past-employer-count',
    query: ['company_name', 'job_function', 'country'],
    call: '/api/leads/past-employer-count?company_name=zodiac charts&country=united states',
    body: ['company_name', 'domain', 'count'],
  },
  {
    method: 'GET',
    path: '/api/leads/past-employer-preview',
    query: ['company_name', 'job_function', 'country', 'limit'],
    call: '/api/leads/past-employer-preview?company_name=Zodiac Charts',
    rows: lead,
  },
  {
    method: 'GET',
    path: '/api/leads/past-employer-breakdown',
    query: ['company_name', 'country'],
    call: '/api/leads/past-employer-breakdown?company_name=Zodiac Charts',
    body: ['company_name', 'domain', 'total', 'by_job_function'],
  },
  {
    method: 'POST',
    path: '/api/leads/priority-companies',
    call: '/api/leads/priority-companies',
    json: { company_name: 'Zodiac Charts' },
    body: priority,
  },
  {
    method: 'GET',
    path: '/api/leads/priority-companies',
    call: '/api/leads/priority-companies',
    rows: priority,
  },
  {
    method: 'DELETE',
    path: '/api/leads/priority-companies/{company_name}',
    call: '/api/leads/priority-companies/zodiac%20charts',
    body: ['status', 'company_name'],
  },
  {
    method: 'GET',
    path: '/api/companies',
    query: ['industry', 'employee_range', 'city', 'state', 'country', 'domain', 'name', ...paging],
    call: '/api/companies?name=zodiac',
    rows: [...company, 'description', 'tagline', 'lead_count'],
    meta: page,
  },
  {
    method: 'GET',
    path: '/api/companies/search',
    query: ['q', 'limit'],
    call: '/api/companies/search?q=zod',
    rows: [...company, 'description', 'tagline', 'lead_count'],
    meta: page,
  },
  {
    method: 'GET',
    path: '/api/companies/lookup',
    query: ['name'],
    call: '/api/companies/lookup?name=zodiac charts',
    body: ['found', 'domain', 'name', 'match_type'],
  },
  {
    method: 'GET',
    path: '/api/companies/{domain}',
    call: '/api/companies/zodiac.example',
    body: [...company, 'description', 'tagline', 'lead_count'],
  },
  {
    method: 'GET',
    path: '/api/companies/{domain}/customers',
    query: paging,
    call: '/api/companies/seller.example/customers',
    rows: ['name', 'domain', 'matched_industry', 'employee_range', 'company_country'],
    meta: [...page, 'origin_domain'],
  },
  {
    method: 'GET',
    path: '/api/companies/{domain}/has-customers',
    call: '/api/companies/seller.example/has-customers',
    body: ['domain', 'has_customers', 'count'],
  },
  {
    method: 'POST',
    path: '/api/companies/check-has-customers',
    call: '/api/companies/check-has-customers',
    json: { domain: 'Seller.example/' },
    body: ['domain', 'has_customers', 'count'],
  },
  {
    method: 'GET',
    path: '/api/companies/{domain}/has-case-studies',
    call: '/api/companies/acme.example/has-case-studies',
    body: ['domain', 'has_case_studies', 'count', 'last_extracted_at'],
  },
  {
    method: 'POST',
    path: '/api/companies/check-has-case-studies',
    call: '/api/companies/check-has-case-studies',
    json: { domain: 'acme.example' },
    body: ['domain', 'has_case_studies', 'count', 'last_extracted_at'],
  },
  {
    method: 'GET',
    path: '/api/companies/{domain}/customer-insights',
    call: '/api/companies/acme.example/customer-insights',
    body: [
      'origin_domain',
      'customer_count',
      'customer_industries',
      'case_study_job_titles',
      'case_study_champions',
    ],
  },
  {
    method: 'GET',
    path: '/api/companies/{domain}/icp',
    call: '/api/companies/acme.example/icp',
    body: [
      ...[
        'success',
        'domain',
        'company_name',
        'customer_domains',
        'industries',
        'countries',
        'employee_ranges',
      ],
      ...[
        'funding_stages',
        'job_titles',
        'seniorities',
        'job_functions',
        'value_proposition',
        'core_benefit',
      ],
      ...['target_customer', 'key_differentiator'],
    ],
  },
  {
    method: 'GET',
    path: '/api/companies/by-technology',
    query: ['name', ...paging],
    call: '/api/companies/by-technology?name=re',
    rows: company,
    meta: [...page, 'technology'],
  },
  {
    method: 'GET',
    path: '/api/companies/by-job-title',
    query: ['title', ...paging],
    call: '/api/companies/by-job-title?title=analyst',
    rows: company,
    meta: [...page, 'job_title'],
  },
  ...['google', 'linkedin', 'meta'].map((platform): Contract => ({
    method: 'GET',
    path: `/api/companies/by-${platform}-ads`,
    query: paging,
    call: `/api/companies/by-${platform}-ads`,
    rows: [...company, 'ad_count', ...(platform === 'meta' ? ['platforms'] : [])],
    meta: page,
  })),
  {
    method: 'GET',
    path: '/api/companies/{domain}/ads',
    call: '/api/companies/acme.example/ads',
    body: ['domain', 'google_ads', 'linkedin_ads', 'meta_ads', 'is_running_any_ads'],
  },
  {
    method: 'POST',
    path: '/api/companies/enrichment-status',
    call: '/api/companies/enrichment-status',
    json: { domain: 'acme.example', workflow_slug: 'companyenrich', company_name: null },
    body: ['domain', ...status],
  },
  {
    method: 'POST',
    path: '/api/companies/public-company-info',
    call: '/api/companies/public-company-info',
    json: { domain: 'acme.example' },
    body: ['found', 'domain', 'ticker', 'cik', 'sec_company_name', 'last_updated'],
  },
  {
    method: 'GET',
    path: '/api/people',
    query: [
      ...[
        'job_function',
        'seniority',
        'person_city',
        'person_state',
        'person_country',
        'job_title',
        'full_name',
      ],
      ...['linkedin_url', 'job_start_date_gte', 'job_start_date_lte', ...paging],
    ],
    call: `/api/people?linkedin_url=http://linkedin.com/in/Ada-Example/`,
    rows: [
      ...['id', 'linkedin_url', 'linkedin_slug', 'full_name', 'core_company_id', 'linkedin_url_type'],
      ...[
        'linkedin_user_profile_urn',
        'person_city',
        'person_state',
        'person_country',
        'matched_cleaned_job_title',
      ],
      ...['matched_job_function', 'matched_seniority', 'job_start_date', 'created_at', 'updated_at'],
    ],
    meta: page,
  },
  {
    method: 'POST',
    path: '/api/people/work-history',
    call: '/api/people/work-history',
    json: { linkedin_url: ada },
    body: ['linkedin_url', 'has_work_history', 'entry_count', 'work_history'],
  },
  {
    method: 'POST',
    path: '/api/people/enrichment-status',
    call: '/api/people/enrichment-status',
    json: { linkedin_url: ada },
    body: ['linkedin_url', 'is_enriched', 'entry_count', 'last_enriched_at'],
  },
  {
    method: 'POST',
    path: '/api/people/workflow-enrichment-status',
    call: '/api/people/workflow-enrichment-status',
    json: { person_linkedin_url: ada, workflow_slug: 'clay-person-profile' },
    body: ['person_linkedin_url', ...status],
  },
  {
    method: 'GET',
    path: '/api/enrichment/workflows',
    query: [
      ...['entity_type', 'coalesces_to_core', 'payload_type', 'usage_category', 'workflow_type', 'is_active'],
      'has_api_wrapper',
    ],
    call: '/api/enrichment/workflows?entity_type=company&coalesces_to_core=true',
    rows: workflow,
    meta: [
      ...['total', 'in_core_count', 'not_in_core_count', 'client_count', 'internal_hq_count'],
      ...['with_api_wrapper_count', 'filters'],
    ],
  },
  {
    method: 'GET',
    path: '/api/enrichment/workflows/summary',
    call: '/api/enrichment/workflows/summary',
    body: [
      ...['total_workflows', 'total_in_core', 'total_not_in_core', 'by_entity_type', 'by_payload_type'],
      ...['by_workflow_type', 'by_usage_category'],
    ],
  },
  {
    method: 'GET',
    path: '/api/filters',
    call: '/api/filters',
    body: ['seniorities', 'job_functions', 'employee_ranges', 'industries', 'signals', 'business_models'],
  },
  ...[
    ['seniorities', 'name', 'sort_order'],
    ['job-functions', 'name', 'sort_order'],
    ['employee-ranges', 'name', 'min_employees', 'max_employees', 'sort_order'],
    ['industries', 'name'],
    ['signals', 'name', 'display_name', 'endpoint', 'sort_order'],
    ['business-models', 'name', 'sort_order'],
    ['countries', 'name', 'code'],
  ].map(([name, ...rows]): Contract => {
    const path = `/api/filters/${name}`;
    return { method: 'GET', path, call: path, rows, bare: true };
  }),
  {
    method: 'GET',
    path: '/api/filters/technologies',
    query: ['q', 'limit'],
    call: '/api/filters/technologies?q=re',
    rows: ['name', 'domain', 'categories'],
    bare: true,
  },
  {
    method: 'GET',
    path: '/api/filters/job-titles',
    query: ['q', 'limit'],
    call: '/api/filters/job-titles',
    rows: ['name'],
    bare: true,
  },
  {
    method: 'POST',
    path: '/api/target-views',
    call: '/api/target-views',
    json: { domain: 'WWW.View.example', filters: { industry: 'Retail' } },
    body: ['data', 'url'],
  },
  {
    method: 'GET',
    path: '/api/target-views/{slug}',
    call: '/api/target-views/view-example',
    body: view,
  },
  {
    method: 'DELETE',
    path: '/api/target-views/{slug}',
    call: '/api/target-views/view-example',
    body: ['message', 'slug'],
  },
];
