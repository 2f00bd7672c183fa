import { readFile } from 'node:fs/promises';

import { expect } from 'vitest';

import { run } from '../sql/support/calls.ts';
import { test } from '../support/database.ts';

test('the delivery that docs/deliveries.md declares works as it stands there', async ({ sql }) => {
  const page = await readFile(new URL('../../docs/deliveries.md', import.meta.url), 'utf8');
  await sql.unsafe(/```sql\n(.*?)```/s.exec(page)?.[1] ?? 'the page has no SQL');
  await sql`insert into reference.vc_firms (name) values ('Acme Ventures')`;
  const { status, body } = await run(sql, 'vc-firms-to-clay', {
    webhook_url: 'https://hooks.acme.example/in/9',
  });
  expect([status, body.success]).toEqual([200, true]);
  expect(
    await sql`select body from etl.delivery_rows where delivery_id = ${body.delivery_id as string} and body ->> 'name' = 'Acme Ventures'`,
  ).toEqual([{ body: { name: 'Acme Ventures' } }]);
});
