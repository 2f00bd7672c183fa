create or replace function etl.ensure_partitions(months_ahead integer default 2)
returns integer language plpgsql set search_path = '' as $$
declare
  v_family text;
  v_month date;
  v_partition text;
  v_created integer := 0;
begin
  -- Of two processes that start at once, the second finds what the first has made.
  perform pg_advisory_xact_lock(hashtext('etl.compile'));
  for v_family in select declared.family from etl.raw_families as declared order by declared.family loop
    if to_regclass(format('raw_partitions.%I', v_family)) is null then
      execute format('create table raw_partitions.%1$I partition of raw.payloads for values in (%1$L) partition by range (id)', v_family);
      execute format('create table raw_partitions.%1$I partition of raw_partitions.%2$I default', v_family || '_other', v_family);
      v_created := v_created + 2;
    end if;
    for v_month in
      select month::date
        from generate_series(date_trunc('month', now() at time zone 'UTC'), date_trunc('month', now() at time zone 'UTC') + make_interval(months => months_ahead), interval '1 month') as month
    loop
      v_partition := v_family || to_char(v_month, '_YYYY_MM');
      continue when to_regclass(format('raw_partitions.%I', v_partition)) is not null;
      -- A month whose payloads already went to the default partition (no one had called this in time) stays there.
      if not etl.has_payloads_between(v_family || '_other', etl.first_id_of(v_month), etl.first_id_of((v_month + interval '1 month')::date)) then
        execute format(
          'create table raw_partitions.%I partition of raw_partitions.%I for values from (%L) to (%L)',
          v_partition, v_family, etl.first_id_of(v_month), etl.first_id_of((v_month + interval '1 month')::date)
        );
        v_created := v_created + 1;
      end if;
    end loop;
  end loop;
  return v_created;
end;
$$;
comment on function etl.ensure_partitions(integer) is
  'Creates the partitions of raw.payloads for every declared family: this month and the given number of months after it. Gives the number created. Run daily by the worker.';

create or replace function etl.first_id_of(day date)
returns uuid language sql immutable parallel safe as $$
  select (
    substr(lpad(to_hex((extract(epoch from day::timestamp) * 1000)::bigint), 12, '0'), 1, 8) || '-'
    || substr(lpad(to_hex((extract(epoch from day::timestamp) * 1000)::bigint), 12, '0'), 9, 4) || '-0000-0000-000000000000'
  )::uuid;
$$;
comment on function etl.first_id_of(date) is 'The smallest UUIDv7 of a day (UTC): the bound of a partition.';

create or replace function etl.has_payloads_between(partition_name text, from_id uuid, to_id uuid)
returns boolean language plpgsql stable set search_path = '' as $$
declare
  v_has_payloads boolean;
begin
  execute format('select exists (select from raw_partitions.%I where id >= $1 and id < $2)', partition_name)
    into v_has_payloads
   using from_id, to_id;
  return v_has_payloads;
end;
$$;
comment on function etl.has_payloads_between(text, uuid, uuid) is 'Whether a partition holds payloads with ids in the range (the upper bound excluded).';
