import { expect } from 'vitest';
import { test } from '../../support/database.ts';

test('smoke', async ({ pool: sql }) => {
  const r = await sql`select etl.ingest('companyenrich', '{"domain": "initech.example", "raw_payload": {"name": "Initech Example", "employees": "51-100", "keywords": ["a","b"]}}')`;
  console.log(JSON.stringify(r));
  console.log(await sql`select id, transaction_id, workflow_slug, target, keys, rows_before from etl.change_log`);
  console.log(await sql`select etl.sequence_changes()`);
  for (const x of await sql`select cursor, change from api.changes()`) console.log(JSON.stringify(x));
  await sql`select etl.rebuild()`;
  console.log(await sql`select count(*) from etl.change_log`);
  console.log(await sql`select etl.sequence_changes()`);
  await sql`select etl.ingest('companyenrich', '{"domain": "initech.example", "raw_payload": {"name": "Initech 2", "employees": "51-100", "keywords": ["c","b"]}}')`;
  console.log(await sql`select etl.sequence_changes()`);
  for (const x of await sql`select cursor, change from api.changes()`) console.log(JSON.stringify(x));
  expect(1).toBe(1);
});
