-- Declarations ---------------------------------------------------------------------------------------------

create table if not exists etl.raw_families (
  family text primary key,
  view_columns json not null default '{}'
);
comment on table etl.raw_families is 'One row per payload family: a partition of raw.payloads and a view raw.<family> with the column names of the old table.';
comment on column etl.raw_families.view_columns is 'Column of the view -> SQL expression over raw.payloads.';

create table if not exists etl.ingestions (
  workflow_slug text primary key,
  family text not null references etl.raw_families (family) on delete restrict,
  entity_type text not null,
  key_field text not null,
  key text,
  payload_field text,
  observed_at text,
  refuses text,
  response text,
  key_is_optional boolean not null default false,
  constraint entity_type_is_known check (entity_type in ('company', 'person'))
);
create index if not exists ingestions_family_idx on etl.ingestions (family);
comment on table etl.ingestions is 'How the payloads of a workflow are landed and answered (written by etl.workflow and etl.responds).';
comment on column etl.ingestions.key_field is 'Field of the body that holds the domain or LinkedIn URL (with key: the first of them, as a path).';
comment on column etl.ingestions.key is 'SQL expression over body for the domain or LinkedIn URL, where it can stand in several fields; null: body ->> key_field.';
comment on column etl.ingestions.payload_field is 'Field of the body that holds the provider''s object; null when the body is the payload.';
comment on column etl.ingestions.observed_at is 'SQL expression over payload and request that gives the provider''s own time.';
comment on column etl.ingestions.refuses is 'SQL expression over payload and request that gives a JSON array of {pointer, detail} for a body to be refused, else null.';
comment on column etl.ingestions.key_is_optional is 'A producing workflow that also answers bodies without a key; what it answers them is not landed.';
comment on column etl.ingestions.response is 'Select from source (the landed payloads) that gives the response fields.';

create table if not exists etl.extractions (
  workflow_slug text not null references etl.ingestions (workflow_slug) on delete cascade,
  target text not null,
  key text[] not null,
  mode text not null,
  as_select text not null,
  columns text[],
  position integer not null,
  primary key (workflow_slug, target),
  constraint mode_is_known check (mode in ('newest', 'replace'))
);
comment on table etl.extractions is 'Raw payload -> rows of one extracted table (etl.extracts).';
comment on column etl.extractions.columns is 'Output columns of as_select, checked against the table by the last etl.compile().';

create table if not exists etl.golden_tables (
  target text primary key,
  entity_type text,
  entity_column text,
  key text[] not null,
  survives text not null,
  fill_order text,
  richness text[],
  ranking text[],
  owner text[],
  keeper text,
  position integer not null,
  constraint survives_is_known check (survives in ('first', 'latest', 'richest', 'priority', 'fill', 'set', 'replace')),
  constraint fill_order_is_known check (fill_order in ('first', 'latest', 'priority')),
  constraint fill_has_an_order check ((survives = 'fill') = (fill_order is not null)),
  constraint richest_has_columns check ((survives = 'richest') = (richness is not null)),
  constraint priority_has_a_ranking check ((survives = 'priority' or coalesce(fill_order = 'priority', false)) = (ranking is not null)),
  constraint replace_has_an_owner check ((survives = 'replace') = (owner is not null))
);
comment on table etl.golden_tables is 'One core table''s key and survivorship rule (etl.golden). The rule is data: change it, compile, rebuild.';
comment on column etl.golden_tables.keeper is 'The hand-written trigger function that keeps the table, where no declaration does.';

create table if not exists etl.coalescings (
  origin text not null,
  target text not null references etl.golden_tables (target) on delete cascade,
  source text,
  as_select text not null,
  is_foreign boolean not null,
  columns text[],
  position integer not null,
  primary key (origin, target)
);
create index if not exists coalescings_target_idx on etl.coalescings (target);
comment on table etl.coalescings is 'Extracted table -> candidate rows for one golden table (etl.coalesces).';
comment on column etl.coalescings.columns is 'Columns offered, source included, checked against the golden table by the last etl.compile().';
comment on column etl.coalescings.is_foreign is 'The candidates are about other records than the payload''s own (an employer named in a person''s profile).';

create table if not exists etl.derivations (
  target text primary key,
  origin text not null,
  entity_type text not null,
  origin_column text not null,
  entity_column text not null,
  key text[] not null,
  as_select text not null,
  keeper text
);
comment on table etl.derivations is 'Core tables that are functions of another core table (etl.derives).';

create table if not exists etl.lookups (
  lookup text primary key,
  key_column text not null
);
comment on table etl.lookups is 'Lookup tables whose changes make dependent records coalesce again (etl.lookup).';

create table if not exists etl.lookup_readers (
  origin text not null,
  origin_column text not null,
  lookup text not null references etl.lookups (lookup) on delete cascade,
  primary key (origin, origin_column, lookup)
);
create index if not exists lookup_readers_lookup_idx on etl.lookup_readers (lookup);
comment on table etl.lookup_readers is 'Which column of an extracted table is looked up where (etl.looks_up).';

create table if not exists etl.handlers (
  workflow_slug text primary key,
  handler text not null,
  example_awaits text
);
comment on table etl.handlers is 'Lookup, check and update workflows: the function (request jsonb) -> response jsonb that answers them (etl.answers).';
comment on column etl.handlers.example_awaits is 'What somebody has to start before the example can be answered: until then it is 404. Null where the example is answered at any time.';

create table if not exists etl.backfills (
  workflow_slug text primary key,
  targets text[] not null
);
comment on table etl.backfills is 'Backfill workflows: the golden tables they coalesce again from everything extracted (etl.backfills).';

create table if not exists etl.probed_queries (
  query_hash text primary key,
  columns jsonb not null,
  objects text[] not null default '{}',
  shape text,
  probed_at timestamptz not null default now()
);
comment on table etl.probed_queries is 'Output columns of the queries that compilations have looked at, so that the next one looks at what changed.';
comment on column etl.probed_queries.objects is 'Relations and functions that the query names.';
comment on column etl.probed_queries.shape is 'A hash of etl.shape_of() of all these at that time; the answer holds as long as it stays the same.';

create table if not exists etl.compiled_objects (
  name text primary key,
  definition text,
  removal text,
  compiled_at timestamptz not null default now(),
  inputs text
);
comment on table etl.compiled_objects is 'What etl.compile() last created, so that it only touches what changed.';
comment on column etl.compiled_objects.definition is 'SQL that created it; null where the declarations come to nothing.';
comment on column etl.compiled_objects.inputs is 'A hash of all that the definition was made from; null: it is made anew each time.';

do $$
begin
  create type etl.landed_payload as (
    raw_payload_id uuid,
    entity_key text,
    payload jsonb,
    request jsonb,
    observed_at timestamptz,
    workflow_slug text
  );
exception
  when duplicate_object then null;
end;
$$;
comment on type etl.landed_payload is 'A row of raw.payloads as compiled functions receive it: read and unpacked once for all of them.';

create table if not exists etl.candidate_queries (
  workflow_slug text not null,
  family text not null,
  origin text not null,
  target text not null,
  query text not null,
  inputs text,
  primary key (workflow_slug, origin, target)
);
comment on table etl.candidate_queries is
  'Compiled: what a workflow offers to a golden table, as candidate rows in JSON. Parameters: payloads (etl.landed_payload[]), key of the record. Read by etl.explain().';
comment on column etl.candidate_queries.inputs is 'A hash of all that the query was made from.';

-- State ----------------------------------------------------------------------------------------------------

create table if not exists etl.records (
  entity_key text primary key,
  entity_type text not null,
  newest_observed_at timestamptz not null default '-infinity',
  newest_payload_id uuid not null default '00000000-0000-0000-0000-000000000000',
  families text[] not null default '{}'
);
comment on table etl.records is
  'Every company and person known, with its newest own payload. The row is the lock of the record: all writes about it hold it.';

comment on column etl.records.families is 'Families that hold processed payloads about it: the only partitions a rebuild reads.';

create table if not exists etl.mentions (
  entity_key text not null,
  payload_id uuid not null,
  family text not null,
  primary key (entity_key, payload_id)
);
comment on table etl.mentions is 'Payloads of other records that offered candidates for this one; a rebuild reads them too.';

create table if not exists etl.pending_payloads (
  payload_id uuid primary key,
  workflow_slug text not null,
  due_at timestamptz not null default now(),
  attempts integer not null default 0
);
create index if not exists pending_payloads_due_idx on etl.pending_payloads (workflow_slug, due_at);
comment on table etl.pending_payloads is 'Landed, not yet processed.';

create table if not exists etl.failures (
  payload_id uuid primary key,
  workflow_slug text not null,
  entity_key text not null,
  sqlstate text not null,
  message text not null,
  detail text,
  hint text,
  context text,
  attempts integer not null default 1,
  first_failed_at timestamptz not null default now(),
  last_failed_at timestamptz not null default now(),
  next_attempt_at timestamptz
);
create index if not exists failures_workflow_slug_idx on etl.failures (workflow_slug, last_failed_at);
comment on table etl.failures is 'Landed, but processing raised. The payload stays in raw.payloads; etl.retry puts it back in line.';
comment on column etl.failures.next_attempt_at is 'Transient error: when it is tried again. Null: it needs a person.';

create table if not exists etl.suppressions (
  entity_key text primary key,
  reason text,
  created_at timestamptz not null default now()
);
comment on table etl.suppressions is 'Records erased by etl.forget; their payloads are refused from then on.';

create table if not exists etl.lookup_uses (
  lookup text not null,
  value text not null,
  entity_key text not null,
  primary key (lookup, value, entity_key)
);
create index if not exists lookup_uses_entity_key_idx on etl.lookup_uses (entity_key);
comment on table etl.lookup_uses is 'Which record asked which lookup for which (folded) value, found or not.';

create table if not exists etl.lookup_changes (
  id bigint generated always as identity primary key,
  lookup text not null,
  value text not null,
  settles_at xid8,
  changed_at timestamptz not null default now()
);
comment on table etl.lookup_changes is 'Lookup values added, changed or removed whose dependents still have to be coalesced again.';
comment on column etl.lookup_changes.settles_at is
  'Transactions below this id may have read the old row; the change is done when all of them have ended and their uses were followed.';

create table if not exists etl.stale_records (
  entity_key text primary key,
  stale_since timestamptz not null default now(),
  due_at timestamptz not null default now(),
  attempts integer not null default 0,
  problem text
);
create index if not exists stale_records_due_at_idx on etl.stale_records (due_at);
comment on table etl.stale_records is 'Records to be coalesced again because a lookup they used has changed. problem: why the last attempt failed; it is made again at due_at.';

create table if not exists etl.payload_warnings (
  payload_id uuid not null,
  workflow_slug text not null,
  pointer text not null,
  problem text not null,
  found text,
  seen_at timestamptz not null
);
create index if not exists payload_warnings_payload_id_idx on etl.payload_warnings (payload_id);
comment on table etl.payload_warnings is 'Fields of a payload that could not be used: they became null, the rest went through.';

create table if not exists etl.unknown_fields (
  workflow_slug text not null,
  pointer text not null,
  payloads bigint not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null
);
create index if not exists unknown_fields_idx on etl.unknown_fields (workflow_slug, pointer);
comment on table etl.unknown_fields is 'Sightings of fields that the workflow''s schema does not know, appended per batch (etl.drift sums them).';

create table if not exists etl.loads (
  id uuid primary key,
  workflow_slug text not null,
  source_name text not null,
  source_fingerprint text not null,
  source_size bigint,
  bytes_read bigint not null default 0,
  lines_copied bigint not null default 0,
  lines_loaded bigint not null default 0,
  lines_failed bigint not null default 0,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint load_is_identified unique (workflow_slug, source_fingerprint)
);
comment on table etl.loads is 'Bulk loads by file; the same file again resumes or repeats the same load.';

create table if not exists etl.load_lines (
  load_id uuid not null references etl.loads (id) on delete cascade,
  line_number bigint not null,
  body text not null,
  primary key (load_id, line_number)
);
comment on table etl.load_lines is 'Lines copied in and not yet landed; emptied by etl.load_chunk.';

create table if not exists etl.load_errors (
  load_id uuid not null references etl.loads (id) on delete cascade,
  line_number bigint not null,
  code text not null,
  detail text not null,
  body text not null,
  primary key (load_id, line_number)
);
comment on table etl.load_errors is 'Lines refused by a load, kept with the reason.';

create table if not exists etl.jobs (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  workflow_slug text,
  state text not null default 'queued',
  done bigint not null default 0,
  total bigint,
  errors bigint not null default 0,
  last_error text,
  cursor text,
  workers integer not null default 1,
  is_cut boolean not null default false,
  kind text not null default 'backfill',
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  constraint workers_are_some check (workers > 0),
  constraint kind_is_known check (kind in ('backfill', 'productions')),
  constraint state_is_known check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  constraint finished_at_matches_state check ((finished_at is not null) = (state in ('done', 'failed', 'cancelled')))
);
create index if not exists jobs_runnable_idx on etl.jobs (created_at) where state in ('queued', 'running');
comment on table etl.jobs is 'Backfills, rebuilds and other long work, done range by range by etl.job_step; resumes after a crash.';
comment on column etl.jobs.workflow_slug is 'The backfill; null for a rebuild of everything.';
comment on column etl.jobs.kind is 'backfill: done by etl.job_step, range by range; productions: done when all its productions have ended.';
comment on column etl.jobs.cursor is 'Last record key cut off.';
comment on column etl.jobs.workers is 'How many may work on it at once.';
comment on column etl.jobs.is_cut is 'Whether the last records are cut off.';

create table if not exists etl.job_ranges (
  job_id uuid not null references etl.jobs (id) on delete cascade,
  first_key text not null,
  last_key text not null,
  primary key (job_id, first_key)
);
comment on table etl.job_ranges is 'Ranges of records of a job that are not done. A worker claims one with skip locked and deletes it with the work.';

create table if not exists etl.worker_heartbeats (
  worker text primary key,
  seen_at timestamptz not null default now()
);
comment on table etl.worker_heartbeats is 'When each worker process last looked for work (readiness).';
