create table if not exists extracted.website_descriptions (
  id uuid primary key,
  domain text not null,
  title text,
  meta_description text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint website_descriptions_record_key unique nulls not distinct (domain)
);
comment on table extracted.website_descriptions is 'How the homepage of a company describes itself to search engines. Offered to no core table.';
