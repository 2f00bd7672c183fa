-- How much is known, counted now and then by the worker (etl.refresh_coverage) and not kept up by every write: counters per table and
-- source would be rows that all writers queue for, and distinct records per table cannot be counted up and down without
-- keeping every record's share. A refresh reads only tables that were written since, and whoever asks reads a few hundred rows
-- and sees as_of.
create table if not exists etl.coverage (
  target text not null,
  source text not null default '*',
  records bigint not null,
  row_count bigint not null,
  newest_observed_at timestamptz,
  constraint coverage_pkey primary key (target, source)
);
comment on table etl.coverage is 'Per golden table and source, and for all sources together (*): how many companies or people have a row, how many rows, how fresh.';

create table if not exists etl.gap_counts (
  recipe_id text not null,
  country text not null default '*',
  keys bigint not null,
  sample text[] not null,
  constraint gap_counts_pkey primary key (recipe_id, country)
);
comment on table etl.gap_counts is 'Per gap recipe (api.gap_recipes) and country: how many keys lack what it asks for, and the first hundred.';

create table if not exists etl.coverage_refreshes (
  subject text primary key,
  as_of timestamptz not null,
  writes bigint not null
);
comment on table etl.coverage_refreshes is 'When a golden table or gap recipe was last counted, and how much had been written to its tables by then.';
