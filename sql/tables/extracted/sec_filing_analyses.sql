create table if not exists extracted.sec_filing_analyses (
  id uuid primary key,
  domain text not null,
  document_key text not null,
  document_url text not null,
  filing_type text not null,
  company_name text,
  analysis text not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint sec_filing_analyses_record_key unique nulls not distinct (domain, document_key, filing_type)
);
comment on table extracted.sec_filing_analyses is 'Briefings for sales from filings with the SEC, one per document and kind (10-K, 10-Q, 8-K-executive).';
comment on column extracted.sec_filing_analyses.document_key is 'md5 of document_url, which is of any length.';
