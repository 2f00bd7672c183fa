create schema if not exists api;
comment on schema api is 'What the HTTP API keeps and calls: keys, idempotency keys, and functions made for its routes.';

create table if not exists api.api_keys (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  scopes text[] not null,
  tenant_domain text,
  key_prefix text not null,
  key_hash bytea not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  last_used_at timestamptz,
  constraint api_keys_key_hash_key unique (key_hash),
  constraint name_is_not_empty check (btrim(name) <> ''),
  constraint key_hash_is_sha256 check (octet_length(key_hash) = 32),
  constraint scopes_are_known check (cardinality(scopes) > 0 and scopes <@ array['ingest', 'read', 'admin']),
  constraint tenant_only_reads check (tenant_domain is null or scopes = array['read'])
);
comment on table api.api_keys is 'Who may call the HTTP API. The key itself is shown once, at creation; only its SHA-256 is kept.';
comment on column api.api_keys.scopes is 'ingest: /run; read: /api; admin: everything, and the keys themselves.';
comment on column api.api_keys.tenant_domain is 'The client (normalised domain) whose rows of tenants the key sees, and no others; null: none, or all with scope admin or ingest. Golden records belong to no tenant.';
comment on column api.api_keys.key_prefix is 'First characters of the key, so that a person can tell keys apart.';
comment on column api.api_keys.last_used_at is 'Coarse: moves at most once a minute.';

create table if not exists api.idempotency_keys (
  owner uuid not null references api.api_keys (id) on delete cascade,
  key text not null,
  request_hash bytea not null,
  workflow_slug text not null,
  outcomes jsonb,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  constraint idempotency_keys_pkey primary key (owner, key),
  constraint key_has_a_sane_length check (length(key) between 1 and 255),
  constraint request_hash_is_sha256 check (octet_length(request_hash) = 32)
);
create index if not exists idempotency_keys_expires_at_idx on api.idempotency_keys (expires_at);
comment on table api.idempotency_keys is
  'Answers given to requests that carried an Idempotency-Key. The claim, the work and the answer are one transaction, so no row is ever half done.';
comment on column api.idempotency_keys.owner is 'The API key of the caller: two callers may use the same key.';
comment on column api.idempotency_keys.request_hash is 'SHA-256 of path and body: the same key with another request is refused.';
comment on column api.idempotency_keys.outcomes is 'Array of {status, body, payload_id}, as etl.run_batch gave them; null only inside the claiming transaction.';
