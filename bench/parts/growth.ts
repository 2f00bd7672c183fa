import { type Sql, connect } from '../../src/database/connect.ts';
import type { Context } from '../context.ts';
import { backendOf, ingestBatch, joinedBodies } from '../ingest.ts';
import { type Taken, median, time } from '../measure.ts';
import type { Row } from '../report.ts';

const prefillBatch = 1000;
// Companies of the measured batches are numbered from here, so that none is stored before.
const firstNew = 100_000_000;

/**
 * e. Cost of a payload when many companies are stored. One database per level, filled through etl.run_batch with
 * companies of the small size; then batches of full-size new companies go to the levels in turn.
 */
export async function growth({ postgres, sizes, progress }: Context): Promise<Row[]> {
  const levels = sizes.stored.toSorted((a, b) => a - b);
  const databases: { stored: number; url: string }[] = [];
  const filling: Row[] = [];
  const rowsPerCompany: number[] = [];
  let below: { name: string; stored: number } | undefined;
  for (const stored of levels) {
    const name = `e_${stored}`;
    const url = await postgres.createDatabase(name, below?.name);
    const rate = await fill(url, below?.stored ?? 0, stored, progress);
    filling.push({
      what: `filling up to ${stored.toLocaleString('en-US')}`,
      values: rate,
      unit: 'ms per payload',
    });
    const admin = postgres.admin(name);
    await admin`vacuum (analyze)`;
    rowsPerCompany.push((await countRows(admin)) / stored);
    await admin.end();
    databases.push({ stored, url });
    below = { name, stored };
  }

  const open = await Promise.all(
    databases.map(async ({ stored, url }) => {
      const sql = connect(url, { max: 1, applicationName: 'hq bench' });
      await ingestBatch(sql, joinedBodies(firstNew - 20, firstNew), 20);
      return { stored, sql, backend: await backendOf(sql), taken: [] as Taken[] };
    }),
  );
  // One checkpoint for all: one before every batch would make each of them write whole pages, the more the larger
  // the tables.
  await postgres.admin()`checkpoint`;
  for (let repetition = 0; repetition < sizes.repetitions; repetition += 1) {
    progress(`repetition ${repetition + 1} of ${sizes.repetitions}`);
    const first = firstNew + repetition * sizes.batch;
    const joined = joinedBodies(first, first + sizes.batch);
    for (const level of open) {
      level.taken.push(await time(() => ingestBatch(level.sql, joined, sizes.batch), level.backend));
    }
  }
  await Promise.all(open.map(({ sql }) => sql.end()));

  const wall = open.map(({ taken }) => taken.map(({ ms }) => ms / sizes.batch));
  const processor = open.map(({ taken }) => taken.map(({ cpuMs }) => (cpuMs ?? NaN) / sizes.batch));
  return [
    { what: 'rows of a stored company', values: rowsPerCompany.slice(-1), unit: 'rows per payload' },
    ...filling,
    ...open.map(({ stored }, level) => ({
      what: `${stored.toLocaleString('en-US')} companies stored`,
      values: wall[level] ?? [],
      unit: 'ms per payload' as const,
    })),
    {
      what: 'dearest level against the cheapest',
      values: [unevenness(wall)],
      unit: 'times',
      aim: { most: 1.3 },
    },
    ...open.map(({ stored }, level) => ({
      what: `${stored.toLocaleString('en-US')} companies, processor time`,
      values: processor[level] ?? [],
      unit: 'ms per payload' as const,
    })),
    { what: 'dearest against the cheapest, processor time', values: [unevenness(processor)], unit: 'times' },
  ];
}

/** Gives the ms per payload of every tenth of the way. */
async function fill(
  url: string,
  from: number,
  to: number,
  progress: (message: string) => void,
): Promise<number[]> {
  const sql = connect(url, { max: 1, applicationName: 'hq bench' });
  const perTenth: number[] = [];
  const step = Math.ceil((to - from) / 10 / prefillBatch) * prefillBatch;
  for (let tenth = from; tenth < to; tenth += step) {
    progress(`filling: ${tenth} of ${to} companies`);
    const end = Math.min(tenth + step, to);
    const taken = await time(async () => {
      for (let first = tenth; first < end; first += prefillBatch) {
        const last = Math.min(first + prefillBatch, end);
        await ingestBatch(sql, joinedBodies(first, last, 'small'), last - first);
      }
    });
    perTenth.push(taken.ms / (end - tenth));
  }
  await sql.end();
  return perTenth;
}

/** All rows that payloads made, as counted by the last vacuum. */
async function countRows(admin: Sql): Promise<number> {
  const [row] = await admin<{ rows: number }[]>`
    select sum(reltuples)::float8 as rows
      from pg_class
     where relkind = 'r'
       and relnamespace in ('raw_partitions'::regnamespace, 'extracted'::regnamespace, 'core'::regnamespace, 'etl'::regnamespace)
       and reltuples > 0`;
  return row?.rows ?? 0;
}

function unevenness(levels: number[][]): number {
  const medians = levels.map(median);
  return Math.max(...medians) / Math.min(...medians);
}
