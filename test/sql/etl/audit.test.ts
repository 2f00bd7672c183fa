import { expect } from 'vitest';

import { test } from '../../support/database.ts';
import { fingerprint, value } from '../support/calls.ts';

const problems = (sql: Parameters<typeof fingerprint>[0], slug: string) =>
  sql`select problem from etl.audit() where workflow_slug = ${slug} and not ok order by 1`;

test('every workflow writes exactly the core tables that the registry claims, and the audit leaves nothing behind', async ({
  pool,
}) => {
  const before = await fingerprint(pool);
  expect(await pool`select workflow_slug, problem from etl.audit() where not ok`).toEqual([]);
  expect(await fingerprint(pool)).toBe(before);
  expect(await value(pool`select count(*)::int from raw.payloads`)).toBe(0);
});

test('finds a table that is claimed and not written, and one that is written and not claimed', async ({
  sql,
}) => {
  await sql`
    update reference.enrichment_workflow_registry
       set core_tables = array_replace(core_tables, 'core.company_keywords', 'core.people') where workflow_slug = 'companyenrich'`;
  expect(await problems(sql, 'companyenrich')).toEqual([
    { problem: 'core_tables names core.people, which the example does not write' },
    { problem: 'the example writes core.company_keywords, which core_tables does not name' },
  ]);
});

test('finds an example that is refused, has an unknown field, or does not show a documented one', async ({
  sql,
}) => {
  await sql`
    update reference.enrichment_workflow_registry
       set example_request = example_request - 'job_title' || '{"title": "x"}' where workflow_slug = 'lookup-job-title'`;
  expect(
    (await problems(sql, 'lookup-job-title')).map(({ problem }) => String(problem).slice(0, 35)),
  ).toEqual([
    'the example does not show /job_titl',
    'the example has /title, which the r',
    'the example is answered 422: /job_t',
  ]);
});

test('finds a claim although other payloads about the example wrote the table before', async ({ sql }) => {
  await sql`select etl.ingest(workflow_slug, example_request) from reference.enrichment_workflow_registry where workflow_slug = 'companyenrich'`;
  await sql`
    update reference.enrichment_workflow_registry
       set example_request = jsonb_set(example_request, '{raw_payload,keywords}', '[]') where workflow_slug = 'companyenrich'`;
  expect(await problems(sql, 'companyenrich')).toEqual([
    { problem: 'core_tables names core.company_keywords, which the example does not write' },
  ]);
});

test('finds an example that asks for what is not there, unless the workflow says what has to be started first, and then one that is answered', async ({
  sql,
}) => {
  await sql`update etl.handlers set example_awaits = null where workflow_slug = 'email-job-status'`;
  await sql`update etl.handlers set example_awaits = 'nothing' where workflow_slug = 'lookup-job-title'`;
  expect(await problems(sql, 'email-job-status')).toMatchObject([
    { problem: expect.stringMatching(/^the example is answered 404: /) },
  ]);
  expect(await problems(sql, 'lookup-job-title')).toEqual([
    { problem: 'the example is said to await nothing, and is answered 200' },
  ]);
});
