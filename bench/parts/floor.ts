import { type Sql, connect } from '../../src/database/connect.ts';
import { heavyWorkflows } from '../catalogue-payloads.ts';
import type { Context } from '../context.ts';
import { backendOf, ingestOne, workflow } from '../ingest.ts';
import { type Taken, ratios, time } from '../measure.ts';
import { companyBody } from '../payloads.ts';
import type { Row } from '../report.ts';
import { copyWritten, emptyTables, insertCopies, transactionMark, truncate } from '../tables.ts';

const aim = { most: 1.5 };

/** What a batch took, and what inserting the rows that it wrote took, per payload and repetition. */
type AgainstFloor = { rows: number; tables: number; ours: Taken[]; floor: Taken[]; count: number };

type Batch = { sql: Sql; admin: Sql; filled: string[]; slug: string; bodies: string[] };

/**
 * A batch through etl.run_batch, against inserting exactly the rows it wrote, prepared, into identical empty
 * tables. Both are one transaction on the same connection, from tables in the same database: no client work counts.
 */
async function againstFloor(
  { sql, admin, filled, slug, bodies }: Batch,
  { sizes, progress }: Context,
): Promise<AgainstFloor> {
  const backend = await backendOf(sql);
  progress(`${slug}: staging ${bodies.length} bodies`);
  await sql`drop table if exists bench.bodies`;
  await sql`create unlogged table bench.bodies as
    select position as n, body::jsonb as body
      from string_to_table(${bodies.join('\x1e')}::text, ${'\x1e'}::text) with ordinality as item (body, position)`;
  const engine = async (count: number) => {
    const [row] = await sql<{ good: number }[]>`
      select count(*)::int as good
        from jsonb_array_elements(
          etl.run_batch(${slug}::text, array(select body from bench.bodies where n <= ${count} order by n))
        ) as outcome
       where outcome ->> 'status' = '200'`;
    if (row?.good !== count) throw new Error(`Only ${row?.good} of ${count} payloads went through.`);
  };
  await engine(Math.min(20, bodies.length));

  const taken: AgainstFloor = { rows: 0, tables: 0, ours: [], floor: [], count: bodies.length };
  for (let repetition = 1; repetition <= sizes.repetitions; repetition += 1) {
    progress(`${slug}: repetition ${repetition} of ${sizes.repetitions}`);
    await truncate(sql, filled);
    await admin`checkpoint`;
    const mark = await transactionMark(sql);
    taken.ours.push(await time(() => engine(bodies.length), backend));

    const copies = await copyWritten(sql, mark);
    taken.tables = copies.length;
    taken.rows = copies.reduce((sum, copy) => sum + copy.rows, 0);
    await admin`checkpoint`;
    taken.floor.push(await time(() => insertCopies(sql, copies), backend));
  }
  return taken;
}

const clock = (taken: Taken[], count: number) => taken.map(({ ms }) => ms / count);
const processor = (taken: Taken[], count: number) => taken.map(({ cpuMs }) => (cpuMs ?? NaN) / count);

/** A database of its own, its empty tables, and a connection. */
async function prepared({ postgres }: Context, name: string): Promise<Omit<Batch, 'slug' | 'bodies'>> {
  const sql = connect(await postgres.createDatabase(name), { max: 1, applicationName: 'hq bench' });
  const filled = await emptyTables(sql);
  await sql`create schema bench`;
  return { sql, admin: postgres.admin(name), filled };
}

/** a. The heaviest workflow in detail. */
export async function engineAgainstFloor(context: Context): Promise<Row[]> {
  const { sizes, progress } = context;
  const database = await prepared(context, 'a');
  const bodies = Array.from({ length: sizes.batch }, (_, n) => JSON.stringify(companyBody(n)));
  const { rows, tables, ours, floor, count } = await againstFloor(
    { ...database, slug: workflow, bodies },
    context,
  );
  const { sql } = database;

  progress('one by one');
  const singly: number[] = [];
  for (let repetition = 0; repetition < sizes.repetitions; repetition += 1) {
    const first = sizes.batch + repetition * sizes.singles;
    const bodies = Array.from({ length: sizes.singles }, (_, index) =>
      JSON.stringify(companyBody(first + index)),
    );
    const taken = await time(async () => {
      for (const body of bodies) await ingestOne(sql, body);
    });
    singly.push(taken.ms / sizes.singles);
  }
  await sql.end();

  return [
    { what: `rows written, in ${tables} tables`, values: [rows / count], unit: 'rows per payload' },
    { what: `etl.run_batch, batches of ${count}`, values: clock(ours, count), unit: 'ms per payload' },
    { what: 'the same rows from prepared tables', values: clock(floor, count), unit: 'ms per payload' },
    {
      what: 'run_batch against the floor',
      values: ratios(clock(ours, count), clock(floor, count)),
      unit: 'times',
      aim,
    },
    { what: 'run_batch, processor time', values: processor(ours, count), unit: 'ms per payload' },
    { what: 'floor, processor time', values: processor(floor, count), unit: 'ms per payload' },
    {
      what: 'run_batch against the floor, processor time',
      values: ratios(processor(ours, count), processor(floor, count)),
      unit: 'times',
    },
    { what: 'etl.ingest, one by one', values: singly, unit: 'ms per payload' },
  ];
}

/** f. The three heaviest workflows besides. */
export async function othersAgainstFloor(context: Context): Promise<Row[]> {
  const database = await prepared(context, 'f');
  const rows: Row[] = [];
  for (const { slug, bodyOf } of heavyWorkflows) {
    const bodies = Array.from({ length: context.sizes.batch }, (_, n) => JSON.stringify(bodyOf(n)));
    const taken = await againstFloor({ ...database, slug, bodies }, context);
    const { ours, floor, count } = taken;
    rows.push(
      {
        what: `${slug}: rows, in ${taken.tables} tables`,
        values: [taken.rows / count],
        unit: 'rows per payload',
      },
      { what: `${slug}: batches of ${count}`, values: clock(ours, count), unit: 'ms per payload' },
      {
        what: `${slug}: against the floor`,
        values: ratios(clock(ours, count), clock(floor, count)),
        unit: 'times',
        aim,
      },
      {
        what: `${slug}: the same by processor time`,
        values: ratios(processor(ours, count), processor(floor, count)),
        unit: 'times',
      },
    );
  }
  await database.sql.end();
  return rows;
}
