create table if not exists raw.payloads (
  family text not null,
  id uuid not null,
  workflow_slug text not null,
  provider text,
  platform text,
  payload_type text,
  entity_key text not null,
  payload jsonb not null,
  request jsonb not null,
  observed_at timestamptz not null,
  created_at timestamptz not null,
  constraint payloads_pkey primary key (family, id)
) partition by list (family);

create index if not exists payloads_entity_key_idx on raw.payloads (entity_key, observed_at, id);

comment on table raw.payloads is
  'One row per accepted call, never changed. Partitioned by family, each family by month (the id is a UUIDv7, so its order is the order of landing).';
comment on column raw.payloads.family is 'Partition key: the raw table of the old system this payload belongs to.';
comment on column raw.payloads.entity_key is 'Normalised key of the company (domain) or person (LinkedIn URL).';
comment on column raw.payloads.payload is 'The provider''s object, unchanged (the whole body where a workflow has no payload field).';
comment on column raw.payloads.request is 'The rest of the body, without the payload field.';
comment on column raw.payloads.observed_at is 'When the provider saw it, where the workflow says so, else the time of landing. Never later than landing.';
comment on column raw.payloads.created_at is 'Time of landing.';
