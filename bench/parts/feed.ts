import { connect, type Sql } from '../../src/database/connect.ts';
import type { Context } from '../context.ts';
import { backendOf, ingestBatch, ingestOne, joinedBodies } from '../ingest.ts';
import { type Taken, ratios, time } from '../measure.ts';
import { companyBody } from '../payloads.ts';
import type { Row } from '../report.ts';
import { emptyTables, truncate } from '../tables.ts';

type Side = { sql: Sql; backend: number; filled: string[] };

/**
 * h. Ingest with the change feed on and with it off for every table, in two databases that take turns; and what it
 * costs the worker, apart from ingest, to give the noted changes their place.
 */
export async function changeFeed({ postgres, sizes, progress }: Context): Promise<Row[]> {
  const open = async (name: string): Promise<Side> => {
    const sql = connect(await postgres.createDatabase(name), { max: 1, applicationName: 'hq bench' });
    return { sql, backend: await backendOf(sql), filled: await emptyTables(sql) };
  };
  progress('two databases');
  const fed = await open('fed');
  const unfed = await open('unfed');
  await unfed.sql`insert into etl.unfed_tables (target) select target from etl.fed_tables()`;
  await unfed.sql`select etl.compile()`;
  const admin = postgres.admin('fed');

  const warmUp = joinedBodies(0, 20);
  const batch = joinedBodies(0, sizes.batch);
  const singles = Array.from({ length: sizes.singles }, (_, index) =>
    JSON.stringify(companyBody(sizes.batch + index)),
  );
  const taken = { fed: [] as Taken[], unfed: [] as Taken[], fedOne: [] as Taken[], unfedOne: [] as Taken[] };
  const sequenced: Taken[] = [];
  for (const { sql } of [fed, unfed]) await ingestBatch(sql, warmUp, 20);

  let changes = 0;
  for (let repetition = 1; repetition <= sizes.repetitions; repetition += 1) {
    progress(`repetition ${repetition} of ${sizes.repetitions}`);
    const sides = [
      [fed, taken.fed, taken.fedOne],
      [unfed, taken.unfed, taken.unfedOne],
    ] as const;
    // The one that begins changes, as the second may find a busier disk.
    for (const [side, inBatch, one] of repetition % 2 === 0 ? sides : sides.toReversed()) {
      await truncate(side.sql, side.filled);
      await side.sql`truncate etl.change_log`;
      await admin`checkpoint`;
      inBatch.push(await time(() => ingestBatch(side.sql, batch, sizes.batch), side.backend));
      if (side === fed) {
        sequenced.push(
          await time(async () => {
            const [row] = await side.sql<
              { changes: number }[]
            >`select done::int as changes from etl.sequence_changes()`;
            changes = row?.changes ?? 0;
          }, side.backend),
        );
      }
      const ones = async () => {
        for (const body of singles) await ingestOne(side.sql, body);
      };
      one.push(await time(ones, side.backend));
    }
  }
  await Promise.all([fed.sql.end(), unfed.sql.end()]);

  const clock = (measured: Taken[], count: number) => measured.map(({ ms }) => ms / count);
  const processor = (measured: Taken[], count: number) => measured.map(({ cpuMs }) => (cpuMs ?? NaN) / count);
  const { batch: many, singles: few } = sizes;
  return [
    { what: 'changes told', values: [changes / many], unit: 'changes per payload' },
    { what: `batches of ${many}, with the feed`, values: clock(taken.fed, many), unit: 'ms per payload' },
    { what: 'without', values: clock(taken.unfed, many), unit: 'ms per payload' },
    {
      what: 'with against without',
      values: ratios(clock(taken.fed, many), clock(taken.unfed, many)),
      unit: 'times',
      aim: { most: 1.1 },
    },
    {
      what: 'the same by processor time',
      values: ratios(processor(taken.fed, many), processor(taken.unfed, many)),
      unit: 'times',
      aim: { most: 1.1 },
    },
    { what: 'one by one, with the feed', values: clock(taken.fedOne, few), unit: 'ms per payload' },
    {
      what: 'with against without',
      values: ratios(clock(taken.fedOne, few), clock(taken.unfedOne, few)),
      unit: 'times',
      aim: { most: 1.1 },
    },
    {
      what: 'the same by processor time',
      values: ratios(processor(taken.fedOne, few), processor(taken.unfedOne, few)),
      unit: 'times',
      aim: { most: 1.1 },
    },
    { what: 'giving positions, in the worker', values: clock(sequenced, many), unit: 'ms per payload' },
    {
      what: 'the same against the batches, by processor time',
      values: ratios(processor(sequenced, many), processor(taken.fed, many)),
      unit: 'times',
    },
  ];
}
