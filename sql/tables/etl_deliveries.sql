-- Rows on their way to a webhook. Declared by etl.delivers, made by etl.begin_delivery, sent by the workers (src/deliver).
create table if not exists etl.delivery_sources (
  workflow_slug text primary key,
  as_select text not null,
  columns text[] not null,
  adds text,
  index_field text,
  required text[] not null default '{}',
  on_sent text,
  takes_file boolean not null default false,
  url_field text not null default 'webhook_url',
  also_as jsonb not null default '{}',
  tenant_field text
);
comment on table etl.delivery_sources is 'Delivery workflows: the query that gives the rows (etl.delivers).';
comment on column etl.delivery_sources.columns is 'Output columns of as_select that are sent.';
comment on column etl.delivery_sources.adds is 'Select from source (request) that gives one row: fields added to every row; they win over fields of the same name.';
comment on column etl.delivery_sources.index_field is 'Field added to every row with its zero-based position.';
comment on column etl.delivery_sources.required is 'Fields without which a row is skipped and reported.';
comment on column etl.delivery_sources.on_sent is 'Statement that runs with row_key as $1 when a row was accepted, in the transaction that records it.';
comment on column etl.delivery_sources.takes_file is 'The rows may come as an uploaded file.';
comment on column etl.delivery_sources.url_field is 'Field of the request that says where the rows go.';
comment on column etl.delivery_sources.tenant_field is 'Field of the request that names the tenant whose rows are delivered; null: they belong to none.';
comment on column etl.delivery_sources.also_as is 'Second names for fields of the answer: {"delivery_id": "job_id"}.';

create table if not exists etl.destinations (
  host text primary key,
  next_send_at timestamptz not null default '-infinity'
);
comment on table etl.destinations is 'Hosts that rows are sent to. The row is the lock of the host: whoever may send next is decided under it.';
comment on column etl.destinations.next_send_at is 'Sends are spread over the second; the next may start at this time.';

create table if not exists etl.destination_slots (
  host text not null references etl.destinations (host) on delete cascade,
  slot integer not null,
  free_at timestamptz not null default '-infinity',
  held_by uuid,
  primary key (host, slot)
);
comment on table etl.destination_slots is
  'As many slots a host as it may get rows a second. A send holds one, and gives it back one second after the answer: so no second at the receiver sees a slot twice.';
comment on column etl.destination_slots.free_at is 'When it may be taken again; of a slot that is held, when it is free if its worker never answers for it.';
comment on column etl.destination_slots.held_by is 'The delivery that holds it; null when given back.';

create table if not exists etl.deliveries (
  id uuid primary key,
  workflow_slug text not null,
  title text,
  url text not null,
  host text not null,
  tenant_domain text,
  request jsonb not null,
  added json not null default '{}',
  index_field text,
  state text not null default 'receiving',
  total bigint not null default 0,
  sent bigint not null default 0,
  failed bigint not null default 0,
  skipped bigint not null default 0,
  problem text,
  next_position bigint not null default 0,
  next_attempt_at timestamptz not null default '-infinity',
  exhausted_in_a_row integer not null default 0,
  leased_by uuid,
  leased_until timestamptz not null default '-infinity',
  measured_from timestamptz,
  measured_rows bigint not null default 0,
  rows_per_second numeric,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  constraint state_is_known check (state in ('receiving', 'sending', 'paused', 'done', 'cancelled')),
  constraint finished_at_matches_state check ((finished_at is not null) = (state in ('done', 'cancelled'))),
  constraint done_means_that_no_row_waits check (state <> 'done' or sent + failed + skipped = total),
  constraint counts_fit check (least(sent, failed, skipped) >= 0 and sent + failed + skipped <= total)
)
-- Every answer updates the row: room for its next version on the same page.
with (fillfactor = 50);
create index if not exists deliveries_sending_idx on etl.deliveries (next_attempt_at) where state = 'sending';
create index if not exists deliveries_finished_at_idx on etl.deliveries (finished_at) where finished_at is not null;
comment on table etl.deliveries is 'Deliveries of rows to a webhook, with their counts: a question about progress reads this row alone.';
comment on column etl.deliveries.state is 'receiving (never seen outside the transaction that makes it), sending, paused, done (every row sent, failed or skipped), cancelled.';
comment on column etl.deliveries.url is 'Where the rows go. Often a secret in itself: documents show only the host.';
comment on column etl.deliveries.host is 'etl.destination_host(url): what the pace is kept for.';
comment on column etl.deliveries.tenant_domain is 'The tenant whose rows it delivers; null: rows that belong to none.';
comment on column etl.deliveries.next_position is 'No row before it waits.';
comment on column etl.deliveries.next_attempt_at is 'Nothing is sent before: the receiver asked for time, or failed.';
comment on column etl.deliveries.exhausted_in_a_row is 'Rows given up one after the other because the receiver did not answer or asked for patience.';
comment on column etl.deliveries.leased_by is 'The worker process that sends it, until leased_until.';
comment on column etl.deliveries.measured_from is 'Start of the stretch over which rows_per_second is measured.';

create table if not exists etl.delivery_rows (
  -- deferred, as an upload's rows come before the fields that tell where they go
  delivery_id uuid not null references etl.deliveries (id) on delete cascade deferrable initially deferred,
  position bigint not null,
  body json not null,
  row_key text,
  state text not null default 'pending',
  attempts integer not null default 0,
  status integer,
  answer text,
  problem text,
  attempted_at timestamptz,
  primary key (delivery_id, position),
  constraint state_is_known check (state in ('pending', 'sending', 'sent', 'failed', 'skipped')),
  constraint a_failed_row_says_why check (state not in ('failed', 'skipped') or problem is not null)
);
create index if not exists delivery_rows_waiting_idx on etl.delivery_rows (delivery_id, position) where state in ('pending', 'sending');
create index if not exists delivery_rows_failed_idx on etl.delivery_rows (delivery_id, position) where state in ('failed', 'skipped');
create index if not exists delivery_rows_row_key_idx on etl.delivery_rows (row_key) where row_key is not null;
comment on table etl.delivery_rows is 'The rows of deliveries, zero-based positions in order. A row that is "sending" when its delivery has no worker may or may not have arrived.';
comment on column etl.delivery_rows.body is 'What is sent, without the fields that its delivery adds; json, as the order of fields is kept.';
comment on column etl.delivery_rows.row_key is 'What the row stands for in the database, handed to on_sent; a key that waits is not delivered twice.';
comment on column etl.delivery_rows.answer is 'The receiver''s last answer, its first 2,000 characters.';

create table if not exists etl.delivery_mentions (
  key_hash uuid not null,
  delivery_id uuid not null,
  position bigint not null,
  primary key (key_hash, delivery_id, position)
);
create index if not exists delivery_mentions_row_idx on etl.delivery_mentions (delivery_id, position);
comment on table etl.delivery_mentions is 'Which records the rows of deliveries name, so that a record can be erased from them without reading all rows. Kept by etl.note_delivery_mentions.';
comment on column etl.delivery_mentions.key_hash is 'md5 of the normalised key.';
comment on column etl.delivery_mentions.position is 'The row; -1: the request of the delivery.';
