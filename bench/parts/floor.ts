import { connect } from '../../src/database/connect.ts';
import type { Context } from '../context.ts';
import { backendOf, ingestOne, joinedBodies, workflow } from '../ingest.ts';
import { type Taken, ratios, time } from '../measure.ts';
import { companyBody } from '../payloads.ts';
import type { Row } from '../report.ts';
import { copyWritten, emptyTables, insertCopies, transactionMark, truncate } from '../tables.ts';

/**
 * a. A batch through etl.run_batch, against inserting exactly the rows it wrote, prepared, into identical empty
 * tables. Both are one transaction on the same connection, from tables in the same database: no client work counts.
 */
export async function engineAgainstFloor({ postgres, sizes, progress }: Context): Promise<Row[]> {
  const url = await postgres.createDatabase('a');
  const sql = connect(url, { max: 1, applicationName: 'hq bench' });
  const admin = postgres.admin('a');
  const backend = await backendOf(sql);
  const filled = await emptyTables(sql);

  progress(`staging ${sizes.batch} bodies`);
  await sql`create schema bench`;
  await sql`create unlogged table bench.bodies as
    select position as n, body::jsonb as body
      from string_to_table(${joinedBodies(0, sizes.batch)}::text, ${'\x1e'}::text) with ordinality as item (body, position)`;
  const engine = async (count: number) => {
    const [row] = await sql<{ good: number }[]>`
      select count(*)::int as good
        from jsonb_array_elements(
          etl.run_batch(${workflow}::text, array(select body from bench.bodies where n <= ${count} order by n))
        ) as outcome
       where outcome ->> 'status' = '200'`;
    if (row?.good !== count) throw new Error(`Only ${row?.good} of ${count} payloads went through.`);
  };
  await engine(Math.min(20, sizes.batch));

  const ours: Taken[] = [];
  const floor: Taken[] = [];
  let rows = 0;
  let tables = 0;
  for (let repetition = 1; repetition <= sizes.repetitions; repetition += 1) {
    progress(`repetition ${repetition} of ${sizes.repetitions}`);
    await truncate(sql, filled);
    await admin`checkpoint`;
    const mark = await transactionMark(sql);
    ours.push(await time(() => engine(sizes.batch), backend));

    const copies = await copyWritten(sql, mark);
    tables = copies.length;
    rows = copies.reduce((sum, copy) => sum + copy.rows, 0);
    await admin`checkpoint`;
    floor.push(await time(() => insertCopies(sql, copies), backend));
  }

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

  const perPayload = (taken: Taken[]) => taken.map(({ ms }) => ms / sizes.batch);
  const processor = (taken: Taken[]) => taken.map(({ cpuMs }) => (cpuMs ?? NaN) / sizes.batch);
  return [
    { what: `rows written, in ${tables} tables`, values: [rows / sizes.batch], unit: 'rows per payload' },
    { what: `etl.run_batch, batches of ${sizes.batch}`, values: perPayload(ours), unit: 'ms per payload' },
    { what: 'the same rows from prepared tables', values: perPayload(floor), unit: 'ms per payload' },
    {
      what: 'run_batch against the floor',
      values: ratios(perPayload(ours), perPayload(floor)),
      unit: 'times',
      aim: { most: 1.5 },
    },
    { what: 'run_batch, processor time', values: processor(ours), unit: 'ms per payload' },
    { what: 'floor, processor time', values: processor(floor), unit: 'ms per payload' },
    {
      what: 'run_batch against the floor, processor time',
      values: ratios(processor(ours), processor(floor)),
      unit: 'times',
    },
    { what: 'etl.ingest, one by one', values: singly, unit: 'ms per payload' },
  ];
}
