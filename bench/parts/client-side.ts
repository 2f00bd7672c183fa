import { connect } from '../../src/database/connect.ts';
import type { Context } from '../context.ts';
import { ingestBatch, ingestOne, joinedBodies } from '../ingest.ts';
import { ratios, time } from '../measure.ts';
import { OldClient } from '../old-client.ts';
import { createOldTables, truncateOldTables } from '../old-tables.ts';
import { companyBody } from '../payloads.ts';
import type { Row } from '../report.ts';
import { emptyTables, truncate } from '../tables.ts';

/**
 * b. The mapping done by a client with one statement per row, as the old system did, against etl.ingest and
 * etl.run_batch: the same payloads, driver and server, one connection each, every call its own transaction.
 */
export async function clientSide({ postgres, sizes, progress }: Context): Promise<Row[]> {
  const url = await postgres.createDatabase('b');
  const sql = connect(url, { max: 1, applicationName: 'hq bench' });
  const filled = await emptyTables(sql);
  await createOldTables(sql);
  const client = new OldClient(sql);
  const bodies = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => companyBody(from + index));

  for (const body of bodies(0, 5)) await client.ingest(body);
  for (const body of bodies(0, 5)) await ingestOne(sql, JSON.stringify(body));
  await ingestBatch(sql, joinedBodies(5, 25), 20);

  const old: number[] = [];
  const singly: number[] = [];
  const batched: number[] = [];
  client.statements = 0;
  for (let repetition = 1; repetition <= sizes.repetitions; repetition += 1) {
    progress(`repetition ${repetition} of ${sizes.repetitions}`);
    await truncate(sql, filled);
    await truncateOldTables(sql);

    // In turns of one payload of the client and some of ours, so that both meet the same disturbances.
    const each = Math.ceil(sizes.singles / sizes.oldPayloads);
    let oldMs = 0;
    let ourMs = 0;
    for (let turn = 0; turn < sizes.oldPayloads; turn += 1) {
      const body = companyBody(turn);
      oldMs += (await time(() => client.ingest(body))).ms;
      const texts = bodies(turn * each, each).map((ours) => JSON.stringify(ours));
      const taken = await time(async () => {
        for (const text of texts) await ingestOne(sql, text);
      });
      ourMs += taken.ms;
    }
    old.push(oldMs / sizes.oldPayloads);
    singly.push(ourMs / (each * sizes.oldPayloads));

    await truncate(sql, filled);
    const joined = joinedBodies(0, sizes.batch);
    const batch = await time(() => ingestBatch(sql, joined, sizes.batch));
    batched.push(batch.ms / sizes.batch);
  }
  await sql.end();

  const statements = client.statements / (sizes.repetitions * sizes.oldPayloads);
  return [
    { what: 'statements of the client', values: [statements], unit: 'statements per payload' },
    { what: 'client, one statement per row', values: old, unit: 'ms per payload' },
    { what: 'etl.ingest, one by one', values: singly, unit: 'ms per payload' },
    { what: `etl.run_batch, batches of ${sizes.batch}`, values: batched, unit: 'ms per payload' },
    { what: 'one by one: times faster', values: ratios(old, singly), unit: 'times', aim: { least: 20 } },
    { what: 'in batches: times faster', values: ratios(old, batched), unit: 'times', aim: { least: 60 } },
  ];
}
