import { readFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';

import type { TransactionSql } from 'postgres';

import { connect, type Sql } from '../src/database/connect.ts';
import { type Endpoint, readEndpoints } from '../src/http/endpoints.ts';
import { readQuery } from '../src/http/parameters.ts';
import { processorMs, short } from './measure.ts';
import { employerBody, employerOf, personBody, places, titles } from './people.ts';
import { startPostgres } from './postgres.ts';
import type { ApiReady, ApiStart } from './processes/api.ts';
import { startChild } from './processes/child.ts';

const usage = `npm run bench:read -- [options]

Loads invented companies and people through the engine, then measures every list of /api over HTTP.

  --people <n>      default 5000
  --companies <n>   default 1000
  --seconds <n>     seconds per query, default 3
  --clients <n>     clients at a time, default 8
  --only <text>     only queries whose path contains this
  --database <url>  a database that is migrated; what is loaded there stays, and is not loaded again. Default: one of its own
  --keep <path>     keep the database of its own in this folder and use it again the next time
  --folder <path>   where to put the temporary database; default the system's temporary folder
  --steps <names>   default load,refresh,lists,depth,export`;

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '5000' },
    companies: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '3' },
    clients: { type: 'string', default: '8' },
    only: { type: 'string', default: '' },
    database: { type: 'string' },
    keep: { type: 'string' },
    steps: { type: 'string', default: 'load,refresh,lists,depth,export' },
    folder: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const key = 'hq_bench_0123456789';
const headers = { authorization: `Bearer ${key}` };
const separator = '\x1e';

if (values.help) process.stdout.write(`${usage}\n`);
else await main();

async function main(): Promise<void> {
  const people = Number(values.people);
  const companies = Number(values.companies);
  if (!(people > 0 && companies > 0)) throw new Error(usage);
  await using running = new AsyncDisposableStack();
  const own =
    values.database === undefined
      ? await startPostgres({ folder: values.folder, kept: values.keep })
      : undefined;
  if (own) running.defer(() => own.stop());
  const url = values.database ?? (await own?.createDatabase('read')) ?? '';
  const sql = connect(url, { max: 4, applicationName: 'hq bench' });
  running.defer(() => sql.end());
  say(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} processors (${cpus()[0]?.model.trim()}), ` +
      `${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`,
  );
  if (own) say(own.description);
  const steps = values.steps.split(',');
  if (steps.includes('load')) {
    await load(sql, people, companies);
    await loadOthers(sql, Math.ceil(companies / 4));
  }
  if (steps.includes('refresh')) await refresh(sql);
  const start = { databaseUrl: url, pool: 10, key } satisfies ApiStart;
  const api = await startChild<never, never, ApiReady>('api.ts', start);
  running.defer(() => api.stop());
  if (steps.includes('lists')) await measureLists(api.ready, sql);
  if (steps.includes('depth')) await measureDepth(api.ready.url, sql);
  if (steps.includes('export')) {
    await api.stop();
    const fresh = await startChild<never, never, ApiReady>('api.ts', start);
    running.defer(() => fresh.stop());
    await measureExport(fresh.ready);
  }
}

/** Loads through etl.run_batch, two connections at a time. */
async function load(sql: Sql, people: number, companies: number): Promise<void> {
  const [stored] = await sql<{ people: number }[]>`select count(*)::int as people from core.people`;
  if ((stored?.people ?? 0) >= people) return say(`${stored?.people} people are loaded already`);
  await sql`select etl.load_reference('reference.job_title_lookup', ${sql.json(titles)})`;
  await sql`select etl.load_reference('reference.location_lookup', ${sql.json(places)})`;
  const sizes = ['1-10', '11-50', '51-100', '101-250', '251-500', '501-1000', '1001-5000'];
  const ranges = sizes.map((name, place) => ({ name, min_employees: place, sort_order: place }));
  await sql`select etl.load_reference('reference.employee_ranges', ${sql.json(ranges)})`;
  await sql`select etl.load_reference('reference.employee_range_lookup', ${sql.json(sizes.map((name) => ({ size_raw: name, size_cleaned: name })))})`;
  const loading = performance.now();
  await batches(companies, (n) => employerBody(n), 'companyenrich', sql);
  await batches(people, (n) => personBody(n, companies), 'clay-person-profile', sql);
  const vendor = employerOf(0).domain;
  for (let n = 1; n <= Math.min(50, companies - 1); n += 1) {
    const customer = employerOf(n);
    const body = {
      origin_company_domain: vendor,
      company_customer_name: customer.name,
      company_customer_domain: customer.domain,
      workflow_slug: 'manual-company-customers',
    };
    await sql`select etl.ingest('manual-company-customers', ${sql.json(body)})`;
  }
  const seconds = (performance.now() - loading) / 1000;
  say(`loaded ${companies} companies and ${people} people in ${short(seconds)} s`);
}

/** What other lists show: the examples of their workflows, told of every fourth company, and of as many people. */
async function loadOthers(sql: Sql, count: number): Promise<void> {
  const [stored] = await sql<{ ads: number }[]>`select count(*)::int as ads from core.company_google_ads`;
  if ((stored?.ads ?? 0) >= count) return say(`${stored?.ads} companies with ads are loaded already`);
  const examples = await sql<{ slug: string; body: string }[]>`
    select workflow_slug as slug, example_request::text as body
      from reference.enrichment_workflow_registry
     where workflow_slug in ('google-ads-ingest', 'linkedin-ads-ingest', 'meta-ads-ingest', 'job-posting', 'client-lead-ingest', 'target-client-lead-ingest')`;
  for (const { slug, body } of examples) {
    const example = (n: number): unknown =>
      JSON.parse(
        body
          .replaceAll('acme.example', employerOf(n * 4).domain)
          .replaceAll('ada-example', `ada-example-${n}`)
          .replaceAll('Billing Analyst', titles[n % titles.length]?.cleaned_job_title ?? '')
          .replaceAll(/"(total_ad_count|total_ads|number_of_ads|job_id)": \d+/g, `"$1": ${n + 1}`),
      );
    await batches(count, example, slug, sql);
  }
}

/** Lets the read tables follow core. */
async function refresh(sql: Sql): Promise<void> {
  const [waiting] = await sql<{ keys: number; isBehind: boolean }[]>`
    select count(*)::int as keys, api.reads_are_behind() as "isBehind" from api.changed_keys`;
  if (!waiting?.isBehind) return say('the read tables have followed already');
  const following = performance.now();
  let made = 0;
  for (let remaining = true; remaining;) {
    const [step] = await sql<{ made: number; remaining: boolean }[]>`
      select (said ->> 'changed')::int as made, (said ->> 'remaining')::boolean as remaining
        from api.refresh_reads() as said`;
    made += step?.made ?? 0;
    remaining = step?.remaining ?? false;
  }
  const seconds = (performance.now() - following) / 1000;
  await sql`vacuum analyze`;
  say(
    `the read tables followed ${waiting.keys} changed keys in ${short(seconds)} s: ${made} rows made, ${short(made / seconds)} a second`,
  );
}

async function batches(
  count: number,
  body: (n: number) => unknown,
  workflow: string,
  sql: Sql,
): Promise<void> {
  const size = 1000;
  let next = 0;
  async function run() {
    while (next < count) {
      const from = next;
      next += size;
      const to = Math.min(from + size, count);
      const joined = Array.from({ length: to - from }, (_, n) => JSON.stringify(body(from + n))).join(
        separator,
      );
      const [row] = await sql<{ bad: number; said: unknown }[]>`
        select count(*)::int as bad, min(outcome::text) as said
          from jsonb_array_elements(etl.run_batch(${workflow}::text, string_to_array(${joined}::text, ${separator}::text)::jsonb[])) as outcome
         where outcome ->> 'status' <> '200'`;
      if (row?.bad)
        throw new Error(`${row.bad} bodies of ${workflow} did not go through: ${String(row.said)}`);
      process.stderr.write(`\r${workflow} ${to} of ${count}   `);
    }
  }
  await Promise.all([run(), run()]);
  process.stderr.write('\n');
}

/** Paths with the most milliseconds that 95 of 100 answers may take. */
function queries(): { path: string; most: number }[] {
  const domain = employerOf(0).domain;
  const common = [
    '/api/leads',
    '/api/leads?job_function=Sales',
    '/api/leads?job_function=Sales&seniority=Senior&person_country=united states',
    '/api/leads?job_function=Engineering,Product&employee_range=1-10,11-50&company_country=Germany',
    '/api/leads?industry=Technology, Information and Internet&seniority=VP',
    '/api/leads?person_city=Nairobi&job_function=Design',
    `/api/leads?company_domain=${domain}`,
    '/api/leads?full_name=ada ba',
    '/api/leads?company_name=zephyr',
    // Companies where nobody works.
    '/api/leads?company_name=zephyr lumen',
    '/api/leads?job_start_date_gte=2026-09-01&job_function=Sales',
    '/api/leads/quick?limit=100',
    '/api/leads/new-in-role?started_within_days=90&seniority=VP',
    '/api/leads/recently-promoted?promoted_within_days=3650',
    '/api/leads/at-vc-portfolio?vc_name=Amber Ventures',
    `/api/leads/by-past-employer?domains=${domain}`,
    '/api/people?person_country=Kenya',
    '/api/companies?industry=Retail&country=Germany',
    '/api/companies?name=willow',
    '/api/companies/search?q=amber',
    '/api/companies/by-technology?name=amber',
    `/api/companies/${domain}`,
    `/api/companies/${domain}/customers`,
    `/api/companies/lookup?name=${employerOf(1).name}`,
    '/api/companies/by-google-ads',
    '/api/companies/by-linkedin-ads',
    '/api/companies/by-meta-ads',
    '/api/companies/by-job-title?title=engineer',
    `/api/leads/past-employer-count?company_name=${employerOf(1).name}`,
    `/api/leads/past-employer-preview?company_name=${employerOf(1).name}`,
    '/api/client-leads',
    '/api/target-client-leads',
    '/api/target-views',
    '/api/filters',
    '/api/filters/job-titles?q=engineer',
    '/api/filters/technologies?q=amber',
    '/api/filters/vc-firms',
    '/api/enrichment/workflows',
    '/api/tables/core/company_locations?country=Germany',
  ].map((path) => ({ path, most: 50 }));
  const worst = [
    '/api/leads?person_city=Nairobi&company_city=Warsaw&seniority=Intern&job_function=Finance',
    '/api/leads?q=manager',
    '/api/leads?q=ada zephyr',
    '/api/leads?q=marketng zephir',
    '/api/leads?full_name=a',
    '/api/leads?job_title=e&offset=10000',
    `/api/leads/by-company-customers?company_domain=${domain}`,
    `/api/leads/past-employer-breakdown?company_name=${employerOf(1).name}`,
    // One person in six works at this company, and 20,000 of a million have left it.
    `/api/leads/past-employer-breakdown?company_name=${employerOf(0).name}`,
  ].map((path) => ({ path, most: 250 }));
  return [...common, ...worst].filter(({ path }) => path.includes(values.only));
}

async function measureLists({ url, pid }: ApiReady, sql: Sql): Promise<void> {
  const rows: string[][] = [];
  const endpoints = await readEndpoints(sql);
  for (const { path, most } of queries()) {
    await underLoad(url + encodeURI(path), 0);
    const before = await processorTimes(sql, pid);
    const { times, rows: found } = await underLoad(url + encodeURI(path));
    const used = (await processorTimes(sql, pid)) - before;
    const p95 = percentile(times, 0.95);
    rows.push([
      path,
      String(found),
      short(percentile(times, 0.5)),
      short(p95),
      `${most}: ${p95 <= most ? 'reached' : 'missed'}`,
      short(used / times.length),
      await scansOf(sql, endpoints, path),
    ]);
  }
  const [{ people, companies } = { people: 0, companies: 0 }] = await sql<
    { people: number; companies: number }[]
  >`
    select (select count(*)::int from api.lead_rows) as people, (select count(*)::int from api.company_rows) as companies`;
  say(`\n${values.clients} clients at a time, ${people} people, ${companies} companies\n`);
  say(table(['path', 'rows', 'p50 ms', 'p95 ms', 'aim, p95', 'processor ms', 'big tables scanned'], rows));
}

/**
 * The tables of more than 10,000 rows that the statements behind a path read from end to end, by the database's own count
 * of scans, which knows what functions do inside. "not declared" for a path that is none of api.endpoints.
 */
async function scansOf(sql: Sql, endpoints: Endpoint[], path: string): Promise<string> {
  const { pathname, searchParams } = new URL(path, 'http://bench');
  const pattern = ({ path: declared }: Endpoint) =>
    new RegExp(`^${declared.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
  const endpoint = endpoints.find((each) => each.method === 'get' && pattern(each).test(pathname));
  if (!endpoint) return 'not declared';
  for (const [name, value] of Object.entries(pattern(endpoint).exec(pathname)?.groups ?? {}))
    searchParams.set(name, value);
  const values = sql.json(readQuery(endpoint.parameters, searchParams));
  const scans = (transaction: TransactionSql) => transaction<{ relation: string; scans: number }[]>`
    select format('%I.%I', counted.schemaname, counted.relname) as relation, counted.seq_scan::int as scans
      from pg_stat_xact_user_tables as counted
      join pg_class as stored on stored.oid = counted.relid
     where stored.reltuples > 10000`;
  return sql.begin(async (transaction) => {
    const before = new Map((await scans(transaction)).map(({ relation, scans }) => [relation, scans]));
    if (endpoint.isList) await transaction`select api.page(${endpoint.name}, ${values})`;
    else await transaction`select api.answer(${endpoint.name}, ${values})`;
    const after = await scans(transaction);
    const more = after.filter(({ relation, scans }) => scans > (before.get(relation) ?? 0));
    return more.map(({ relation }) => relation).join(', ') || 'none';
  });
}

/** Processor time so far of the API and of the backends that serve it, in milliseconds; not a number where /proc does not tell. */
async function processorTimes(sql: Sql, api: number): Promise<number> {
  const backends = await sql<{ pid: number }[]>`
    select pid from pg_stat_activity where application_name = 'hq api' and datname = current_database()`;
  const times = await Promise.all(
    [api, ...backends.map(({ pid }) => pid)].map((pid) => processorMs(pid).catch(() => undefined)),
  );
  return times.reduce<number>((sum, ms) => sum + (ms ?? NaN), 0);
}

async function underLoad(
  url: string,
  seconds = Number(values.seconds),
): Promise<{ times: number[]; rows: number }> {
  const times: number[] = [];
  let rows = 0;
  const call = async () => {
    const from = performance.now();
    const response = await fetch(url, { headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
    times.push(performance.now() - from);
    const body = JSON.parse(text) as { data?: unknown[] };
    rows = body.data?.length ?? 0;
  };
  for (let n = 0; n < 3; n += 1) await call();
  times.length = 0;
  const until = performance.now() + seconds * 1000;
  const client = async () => {
    while (performance.now() < until) await call();
  };
  await Promise.all(Array.from({ length: Number(values.clients) }, client));
  return { times, rows };
}

/** The first page against a page far on, by cursor: the 10,000th, or the last but one where there are not so many. */
async function measureDepth(url: string, sql: Sql): Promise<void> {
  const parameters = { limit: 50, offset: 0, count: 'estimated', include_incomplete: false };
  const [row] = await sql<{ cursor: string; page: number }[]>`
    with counted as (select least(500000, greatest(50, count(*) - 100))::int as place from api.lead_rows where is_visible)
    select api.make_cursor(api.endpoint('leads'), ${sql.json(parameters)}::jsonb,
             (select jsonb_build_array(sort_name, person_id) from api.lead_rows where is_visible order by sort_name, person_id offset counted.place limit 1)) as cursor,
           counted.place / 50 as page
      from counted`;
  const first = await underLoad(`${url}/api/leads?limit=50`);
  const deep = await underLoad(`${url}/api/leads?limit=50&cursor=${row?.cursor}`);
  const ratio = percentile(deep.times, 0.5) / percentile(first.times, 0.5);
  say(
    `\npage 1: p50 ${short(percentile(first.times, 0.5))} ms; page ${row?.page} by cursor: ${short(percentile(deep.times, 0.5))} ms; ` +
      `${short(ratio)} times (2 or less: ${ratio <= 2 ? 'reached' : 'missed'})`,
  );
}

async function measureExport({ url, pid }: ApiReady): Promise<void> {
  for (const format of ['csv', 'ndjson']) {
    const from = performance.now();
    const response = await fetch(`${url}/api/people?format=${format}`, { headers });
    if (!response.ok || !response.body) throw new Error(`the export answered ${response.status}`);
    let bytes = 0;
    let rows = 0;
    let peak = 0;
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      for (const byte of chunk) if (byte === 10) rows += 1;
      peak = Math.max(peak, await residentBytes(pid));
    }
    const seconds = (performance.now() - from) / 1000;
    const rate = rows / seconds;
    say(
      `export of all people as ${format}: ${rows} lines, ${short(bytes / 2 ** 20)} MB, ${short(rate)} rows/s (20,000 or more: ${rate >= 20_000 ? 'reached' : 'missed'}), ` +
        `the server at most ${short(peak / 2 ** 20)} MB (200 or less: ${peak <= 200 * 2 ** 20 ? 'reached' : 'missed'})`,
    );
  }
}

/** Resident memory of a process; 0 where there is no /proc. */
async function residentBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '0 0');
  return Number(text.split(' ')[1]) * 4096;
}

function percentile(times: number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

function table(header: string[], rows: string[][]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [
    line(header),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...rows.map(line),
  ].join('\n');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
