create or replace function core.job_post(job jsonb)
returns table (
  posting_key text, job_linkedin_id bigint, job_linkedin_url text, job_title text, normalized_title text, seniority text, employment_type text, location text,
  posted_at timestamptz, salary_min numeric, salary_max numeric, salary_currency text, salary_unit text, recruiter_name text, recruiter_linkedin_url text,
  company_domain text, company_name text, company_linkedin_url text, company_linkedin_id bigint
) language sql stable parallel safe rows 1 as $$
  select coalesce(nullif(etl.as_bigint(job -> 'job_id'), 0)::text, etl.as_text(job -> 'url', 500), etl.fold(etl.as_text(job -> 'title', 500)), ''),
         nullif(etl.as_bigint(job -> 'job_id'), 0), etl.as_text(job -> 'url'), etl.as_text(job -> 'title', 500),
         etl.as_text(job -> 'normalized_title', 500), etl.as_text(job -> 'seniority', 500), etl.as_text(job -> 'employment_type'), etl.as_text(job -> 'location'),
         coalesce(core.posting_time(job -> 'posted_at'), core.posting_time(job -> 'post_on')),
         etl.as_numeric(job -> 'salary_min'), etl.as_numeric(job -> 'salary_max'), etl.as_text(job -> 'salary_currency'), etl.as_text(job -> 'salary_unit'),
         etl.as_text(job -> 'recruiter_name'), etl.as_text(job -> 'recruiter_url'),
         etl.normalize_domain(etl.as_text(job -> 'domain')), etl.as_text(job -> 'company_name'), etl.as_text(job -> 'company_url', 500),
         nullif(etl.as_bigint(job -> 'company_id'), 0)
  -- computed once, although it is used several times
  offset 0;
$$;
comment on function core.job_post(jsonb) is
  'The facts of a posting in Clay''s form (jobPostData), which three workflows receive. posting_key tells the postings of a company apart: the LinkedIn job id, else the URL, else the title, else empty.';
