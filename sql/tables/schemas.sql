-- The layers, from what arrived to what is believed. raw_partitions holds only the storage behind raw.payloads.
create schema if not exists raw;
create schema if not exists raw_partitions;
create schema if not exists extracted;
create schema if not exists core;
create schema if not exists reference;
create schema if not exists etl;

comment on schema raw is 'Payloads exactly as received: raw.payloads, and one view per table name of the old system.';
comment on schema raw_partitions is 'Storage behind raw.payloads: one partition per payload family, split by month.';
comment on schema extracted is 'Payloads flattened: one table per shape, the newest observation per key.';
comment on schema core is 'Golden records: one trusted row per company, person or fact, with its lineage.';
comment on schema reference is 'Canonical values, lookups from raw to canonical values, and the workflow registry.';
comment on schema etl is 'The engine: declarations, their compiler, landing, processing, explaining, rebuilding.';
