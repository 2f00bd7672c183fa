import type { Sql } from '../../../src/database/connect.ts';
import type { Landing } from './payloads.ts';

/** Payloads of one workflow that are processed together, and the connection that does it. */
export type Batch = { slug: string; ids: string[]; connection: number };

/**
 * Helpers in a schema of their own: they empty the clone between runs (deleting is faster than cloning), land
 * payloads with given ids and times, and hash the extracted tables as etl.fingerprint() does core.
 */
export async function installHelpers(sql: Sql): Promise<void> {
  await sql.unsafe(`
    create schema test;

    create function test.empty(tables text[]) returns void language plpgsql as $$
    declare
      v_table text;
    begin
      foreach v_table in array tables loop
        execute 'delete from ' || v_table;
      end loop;
    end;
    $$;

    create function test.derived_tables() returns text[] language sql as $$
      select array(
        select format('%I.%I', schemaname, tablename) from pg_tables
         where schemaname in ('core', 'extracted')
            or schemaname || '.' || tablename in (select target from etl.golden_tables)
            or (schemaname = 'etl' and tablename in ('records', 'mentions', 'pending_payloads', 'failures', 'lookup_uses',
                'stale_records', 'lookup_changes', 'payload_warnings', 'unknown_fields', 'suppressions'))
         order by 1);
    $$;

    create function test.lookups() returns text[] language sql as $$
      -- Canonical values stay: they are what lookups lead to.
      select array(select lookup from etl.lookups where lookup like '%_lookup' order by 1);
    $$;

    -- Everything but what is landed: the same payloads can be processed once more.
    create function test.unprocess() returns void language sql as $$
      select test.empty(test.derived_tables());
    $$;

    create function test.reset(lookups jsonb) returns void language plpgsql as $$
    declare
      v_lookup record;
    begin
      delete from raw.payloads;
      perform test.empty(test.lookups());
      for v_lookup in select key, value from jsonb_each(lookups) loop
        perform etl.load_reference(v_lookup.key, v_lookup.value);
      end loop;
      perform test.unprocess();
    end;
    $$;

    create function test.land(items jsonb, may_be_refused boolean) returns void language plpgsql as $$
    declare
      v_item jsonb;
      v_outcome jsonb;
    begin
      for v_item in select value from jsonb_array_elements(items) loop
        v_outcome := etl.run_batch(v_item ->> 'slug', array[v_item -> 'body'], jsonb_strip_nulls(jsonb_build_object(
          'async', true, 'payload_ids', jsonb_build_array(v_item -> 'id'), 'observed_at', v_item -> 'observed_at'))) -> 0;
        if (v_outcome ->> 'status')::integer <> 202 and not (may_be_refused and v_outcome ->> 'status' = '422') then
          raise exception 'not landed: %', v_outcome;
        end if;
      end loop;
    end;
    $$;

    create function test.rows() returns jsonb language sql as $$
      select coalesce(jsonb_object_agg(stored.target || ' ' || (stored.row_key)::text, stored.golden_row), '{}')
        from etl.golden_rows(array(select entity_key from etl.records)) as stored;
    $$;

    create function test.extracted_fingerprint() returns text language plpgsql as $$
    declare
      v_table text;
      v_part text;
      v_parts text := '';
    begin
      for v_table in select unnest(test.derived_tables()) loop
        continue when v_table not like 'extracted.%';
        execute format($sql$select count(*) || ' ' || md5(coalesce(string_agg(content, chr(10) order by content), ''))
          from (select (to_jsonb(stored) - 'created_at')::text collate "C" as content from %s as stored) as rows$sql$, v_table) into v_part;
        v_parts := v_parts || v_table || ' ' || v_part;
      end loop;
      return md5(v_parts);
    end;
    $$;
  `);
  for (const [table, rows] of Object.entries(vocabularies)) {
    await sql`select etl.load_reference(${table}, ${sql.json(rows)})`;
  }
}

/** The canonical values that the lookups below lead to. */
const vocabularies = {
  'reference.employee_ranges': [
    { name: '1-10', min_employees: 1, sort_order: 1 },
    { name: '1001-5000', min_employees: 1001, sort_order: 2 },
  ],
  'reference.revenue_ranges': [{ name: '$25M - $50M', min_revenue_usd: 25_000_000, sort_order: 1 }],
  'reference.company_types': [{ name: 'Private Company' }, { name: 'Public Company' }],
};

/** The lookups that the payloads of support/payloads.ts ask. */
export const lookups = {
  'reference.employee_range_lookup': [
    { size_raw: '1K-5K', size_cleaned: '1001-5000' },
    { size_raw: '1001-5000', size_cleaned: '1001-5000' },
    { size_raw: '1-10', size_cleaned: '1-10' },
  ],
  'reference.revenue_range_lookup': [{ raw_value: '10m-50m', matched_revenue_range: '$25M - $50M' }],
  'reference.company_type_lookup': [{ raw_value: 'private', matched_type: 'Private Company' }],
  'reference.industry_lookup': [{ industry_raw: 'Software', industry_cleaned: 'Software Development' }],
  'reference.job_title_lookup': [
    {
      latest_title: 'Software Engineer',
      cleaned_job_title: 'Engineer',
      seniority_level: 'Entry',
      job_function: 'Engineering',
    },
  ],
  'reference.location_lookup': [
    {
      location_name: 'Springfield, Illinois',
      city: 'Springfield',
      state: 'Illinois',
      country: 'United States',
    },
  ],
};

/** An empty database with these payloads landed and none processed; one that is refused is an error, or is left out. */
export async function landOnly(sql: Sql, landed: Landing[], { mayBeRefused = false } = {}): Promise<void> {
  await sql`select test.reset(${sql.json(lookups)})`;
  await sql`select test.land(${sql.json(landed as never)}, ${mayBeRefused})`;
}

/** How many payloads are landed. */
export async function landedCount(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from raw.payloads`;
  return row?.count ?? 0;
}

/** Processes batches: those of one connection one after the other, the connections at the same time. */
export async function processBatches(connections: Sql[], batches: Batch[]): Promise<void> {
  await Promise.all(
    connections.map(async (sql, connection) => {
      for (const batch of batches.filter((each) => each.connection === connection)) {
        await sql`select etl.process_safely(${batch.slug}, ${batch.ids}::uuid[])`;
      }
    }),
  );
}

/** Does what a worker does with transient failures (transactions that met in opposite order too often): tries again, one by one. */
export async function retryTransient(sql: Sql): Promise<void> {
  await sql`update etl.failures set next_attempt_at = now() where next_attempt_at is not null`;
  for (let remaining = true; remaining;) {
    const [row] = await sql<
      { answer: { processed: number; failed: number } }[]
    >`select etl.process() as answer`;
    remaining = (row?.answer.processed ?? 0) + (row?.answer.failed ?? 0) > 0;
  }
}

/** All payloads, a batch per workflow, on one connection: the run that others are compared with. */
export function inOneGo(landed: Landing[]): Batch[] {
  const slugs = [...new Set(landed.map(({ slug }) => slug))].sort();
  return slugs.map((slug) => ({
    slug,
    ids: landed.filter((each) => each.slug === slug).map(({ id }) => id),
    connection: 0,
  }));
}

/** What core (with lineage), the extracted tables and the failures come to; the rows are there to show a difference. */
export async function state(sql: Sql) {
  const [row] = await sql<{ core: string; extracted: string; failures: string[]; rows: object }[]>`
    select etl.fingerprint(true) as core, test.extracted_fingerprint() as extracted,
           array(select sqlstate || ' ' || message from etl.failures order by payload_id) as failures, test.rows() as rows`;
  if (!row) throw new Error('no state');
  return row;
}
