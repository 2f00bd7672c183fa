create table if not exists extracted.target_client_view_requests (
  id uuid not null,
  domain text not null,
  workflow text not null,
  name text,
  slug text,
  filters jsonb,
  endpoint text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint target_client_view_requests_record_key primary key (domain, workflow)
);
comment on table extracted.target_client_view_requests is 'The newest wish for the lead view of a company, per workflow that takes one.';
