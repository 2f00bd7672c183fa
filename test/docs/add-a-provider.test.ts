import { readFile } from 'node:fs/promises';

import { expect } from 'vitest';

import { test } from '../support/database.ts';

const example = new URL('../../examples/add-a-provider.sql', import.meta.url);

test('the example of a new provider works when pasted, and again', async ({ ownDatabase }) => {
  const sql = ownDatabase.connect(1);
  const file = await readFile(example, 'utf8');
  await sql.unsafe(file).simple();

  const [once] = await sql`
    select etl.ingest('ratingscout', example_request) as response
      from reference.enrichment_workflow_registry where workflow_slug = 'ratingscout'`;
  expect(once?.response).toMatchObject({ success: true, tags_count: 2 });
  const ratings = await sql`
    select domain, score::float8, reviews, source, raw_payload_id is not null as has_origin from core.company_ratings`;
  expect([...ratings]).toEqual([
    { domain: 'acme.example', score: 4.6, reviews: 318, source: 'ratingscout', has_origin: true },
  ]);

  await sql.unsafe(file).simple();
  expect([...(await sql`select etl.compile() as changed`)]).toEqual([{ changed: 0 }]);
  const audit = await sql`select ok, problem from etl.audit() where workflow_slug = 'ratingscout'`;
  expect([...audit]).toEqual([{ ok: true, problem: null }]);
});
