import { connect } from '../../src/database/connect.ts';
import type { Context } from '../context.ts';
import { ratios } from '../measure.ts';
import { companyBody } from '../payloads.ts';
import type { ApiReady, ApiStart } from '../processes/api.ts';
import type { BareReady, BareStart } from '../processes/bare.ts';
import { startChild } from '../processes/child.ts';
import type { Load, Rate } from '../processes/http-load.ts';
import type { Row } from '../report.ts';

const key = 'hq_bench_0123456789';
const path = '/run/companies/companyenrich/ingest';
const pool = 10;

/**
 * d. POST with "Prefer: respond-async" (stored, answered 202, processed later: no worker runs here), against a bare
 * node:http server that does one insert into an identical table with the same driver and pool.
 */
export async function landing({ postgres, sizes, progress }: Context): Promise<Row[]> {
  const databaseUrl = await postgres.createDatabase('d');
  const sql = connect(databaseUrl, { max: 1, applicationName: 'hq bench' });
  await sql`create schema bench`;
  await sql`create table bench.payloads (like raw_partitions.companyenrich_payloads_other including all)`;

  await using running = new AsyncDisposableStack();
  running.defer(() => sql.end());
  const start = async <Question, Answer, Ready>(file: string, given: unknown) => {
    const child = await startChild<Question, Answer, Ready>(file, given);
    running.defer(() => child.stop());
    return child;
  };
  const api = await start<never, never, ApiReady>('api.ts', { databaseUrl, pool, key } satisfies ApiStart);
  const bare = await start<never, never, BareReady>('bare.ts', { databaseUrl, pool } satisfies BareStart);
  const client = await start<Load, Rate, unknown>('http-load.ts', {});

  const load = (url: string, seconds: number): Load => ({
    url,
    headers: { authorization: `Bearer ${key}`, prefer: 'respond-async' },
    connections: sizes.connections,
    seconds,
    first: 0,
    bodies: 2000,
    size: 'landing',
  });
  progress('warming up');
  let answered = (await client.ask(load(api.ready.url + path, 2))).done;
  await client.ask(load(bare.ready.url, 2));

  const ours: number[] = [];
  const theirs: number[] = [];
  for (let repetition = 1; repetition <= sizes.repetitions; repetition += 1) {
    progress(`repetition ${repetition} of ${sizes.repetitions}`);
    const landed = await client.ask(load(api.ready.url + path, sizes.seconds));
    answered += landed.done;
    ours.push(landed.perSecond);
    theirs.push((await client.ask(load(bare.ready.url, sizes.seconds))).perSecond);
  }
  const [stored] = await sql<{ count: number }[]>`select count(*)::int as count from raw.payloads`;
  if ((stored?.count ?? 0) < answered) {
    throw new Error(`${answered} payloads were acknowledged and only ${stored?.count} are stored.`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(companyBody(0, 'landing')));
  return [
    {
      what: `respond-async, ${sizes.connections} connections, ${(bytes / 1000).toFixed(1)} KB`,
      values: ours,
      unit: 'payloads per second',
    },
    { what: 'bare server with one insert', values: theirs, unit: 'payloads per second' },
    {
      what: 'respond-async against the bare server',
      values: ratios(ours, theirs),
      unit: 'times',
      aim: { least: 0.85 },
    },
  ];
}
