-- The change feed. Writers leave notes (which rows of which table, and what those were before); one reader at a time, holding
-- etl.feed_state, turns all notes it can see into changes with positions. Why in two steps:
-- * A writer cannot take its position itself: numbers from a sequence, and transaction ids likewise, are taken in another order than
--   transactions commit in, so a reader that has passed position 7 could miss a 6 that commits later. Waiting for all older
--   transactions (pg_snapshot_xmin) closes that gap but not the other: a transaction that took its id early and then waited for
--   a record's lock has a lower id than the one whose change it follows.
-- * A note is numbered (id) while its writer holds the row locks of what it changed, so the notes of one row, and of one record where the
--   writers hold the record's lock, are numbered in the order in which they commit. Whoever sees a note also sees all earlier ones
--   of that row: their writers had committed before this one got its lock. So "all notes visible now, in the order of their ids" is
--   right whatever commits later, and no note is passed over, as a note is there until it has become a change.
-- * It is cheap for writers: a new row is noted by its key alone. What a row became is what the next note of the same key says it was
--   before, or, where there is none, the row as it stands: notes and rows are read in one statement, so in one snapshot.
create table if not exists etl.change_log (
  id bigint generated always as identity,
  transaction_id xid8 not null default pg_current_xact_id(),
  noted_at timestamptz not null default now(),
  workflow_slug text default nullif(current_setting('hq.workflow', true), ''),
  erased_key text default nullif(current_setting('hq.erased_key', true), ''),
  target text not null,
  keys text[] not null,
  rows_before jsonb[],
  row_count integer not null default 1
);
-- Compressing would cost writers more than writing.
alter table etl.change_log alter column keys set storage external, alter column rows_before set storage external;
comment on table etl.change_log is
  'Notes of what transactions changed in golden tables, until etl.sequence_changes() has made changes of them. No index and no key: it is only appended to, and read and emptied whole.';
comment on column etl.change_log.keys is 'Keys of rows, as core.note_changes_<table>() writes them: columns joined by U+001F, null as U+001E.';
comment on column etl.change_log.rows_before is 'The rows as they were, in the same order; null: there were none.';
comment on column etl.change_log.row_count is 'How many keys there are, for who has not read them.';
comment on column etl.change_log.workflow_slug is 'The workflow whose payloads were being processed.';
comment on column etl.change_log.erased_key is 'The record that etl.forget() was erasing.';

create table if not exists etl.changes (
  position bigint primary key,
  changed_at timestamptz not null,
  target text not null,
  entity_type text not null,
  entity_key text not null,
  op text not null,
  row_key jsonb,
  old_row jsonb,
  new_row jsonb,
  payload_id uuid,
  workflow_slug text,
  constraint op_is_known check (op in ('insert', 'update', 'delete'))
);
create index if not exists changes_target_idx on etl.changes (target, position);
create index if not exists changes_entity_key_idx on etl.changes (entity_key);
comment on table etl.changes is
  'The change feed: every change of a row of a golden record, one per row and transaction, in commit order (api.changes reads it, etl.prune_changes ends it).';
comment on column etl.changes.changed_at is 'When the transaction began that made the change.';
comment on column etl.changes.row_key is 'What names the rows that are gone, where that is not the key columns of old_row: after etl.forget(), the record.';
comment on column etl.changes.old_row is 'The row before, without created_at and updated_at; null for a new row, and where it was erased.';
comment on column etl.changes.new_row is 'The row after, likewise; null when it is gone.';
comment on column etl.changes.payload_id is 'The payload that gave the new row, or the value of it that is newest; null for deletions and derived rows.';
comment on column etl.changes.workflow_slug is 'The workflow whose payloads were processed when it changed; null for recoalescing, forgetting and changes by hand.';

create table if not exists etl.feed_state (
  is_only boolean primary key default true,
  last_position bigint not null default 0,
  pruned_to bigint not null default 0,
  constraint one_row check (is_only)
);
insert into etl.feed_state default values on conflict do nothing;
comment on table etl.feed_state is 'One row: how far the change feed is. Whoever gives positions holds its lock until they are committed, so positions appear in their order.';
comment on column etl.feed_state.pruned_to is 'Changes up to this position are no longer kept.';

create table if not exists etl.unfed_tables (
  target text primary key
);
comment on table etl.unfed_tables is 'Golden tables whose changes are not fed (etl.keep_changes).';
