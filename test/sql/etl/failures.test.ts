import { expect } from 'vitest';

import { test } from '../../support/database.ts';
import { type AnySql, id, rowsOf, run, value } from '../support/calls.ts';

const body = (domain: string, keyword = 'fine') => ({ domain, raw_payload: { keywords: [keyword] } });

async function poison(sql: AnySql) {
  await sql`alter table core.company_keywords add constraint no_poison check (keyword not like 'poison%')`;
}

const cure = (sql: AnySql) => sql`alter table core.company_keywords drop constraint no_poison`;

test('a payload that makes a mapping raise is set aside with its error; its batch mates go through', async ({
  sql,
}) => {
  await poison(sql);
  const bodies = Array.from({ length: 9 }, (_, number) =>
    body(`c${number}.example`, number % 4 === 2 ? 'poison' : 'fine'),
  );
  const [row] = await sql<{ outcomes: { status: number; payload_id: string }[] }[]>`
    select etl.run_batch('companyenrich', array(select jsonb_array_elements(${sql.json(bodies)}))) as outcomes`;
  expect(row?.outcomes.map(({ status }) => status)).toEqual([200, 200, 500, 200, 200, 200, 500, 200, 200]);
  expect(
    await sql`select payload_id, workflow_slug, entity_key, sqlstate, attempts, next_attempt_at from etl.failures order by entity_key`,
  ).toEqual(
    [2, 6].map((number) => ({
      payload_id: row?.outcomes[number]?.payload_id,
      workflow_slug: 'companyenrich',
      entity_key: `c${number}.example`,
      sqlstate: '23514',
      attempts: 1,
      next_attempt_at: null,
    })),
  );
  expect(await rowsOf(sql, 'core.company_keywords')).toHaveLength(7);
  expect(await value(sql`select count(*)::int from raw.payloads`)).toBe(9);
});

test('after a fix it is retried, and goes through', async ({ sql }) => {
  await poison(sql);
  const { payload_id } = await run(sql, 'companyenrich', body('acme.example', 'poison'));
  expect(await value(sql`select etl.payload_status(${payload_id}) ->> 'state'`)).toBe('failed');
  await sql`select etl.retry(workflow_slug => 'companyenrich')`;
  await sql`select etl.process()`;
  expect(await sql`select attempts from etl.failures`).toEqual([{ attempts: 2 }]);

  await cure(sql);
  expect(await value(sql`select etl.retry(array[${payload_id}]::uuid[])`)).toBe(1);
  expect(await value(sql`select etl.payload_status(${payload_id}) ->> 'state'`)).toBe('pending');
  expect(await value(sql`select etl.process()`)).toEqual({ processed: 1, failed: 0, remaining: false });
  expect(await value(sql`select etl.payload_status(${payload_id}) ->> 'state'`)).toBe('processed');
  expect(
    await sql`select payload_id from etl.failures union all select payload_id from etl.pending_payloads`,
  ).toEqual([]);
  expect(await rowsOf(sql, 'core.company_keywords')).toMatchObject([{ keyword: 'poison' }]);
});

test('a failed payload stays out of a rebuild', async ({ sql }) => {
  await poison(sql);
  await run(sql, 'companyenrich', body('acme.example', 'fine'));
  await run(sql, 'companyenrich', body('acme.example', 'poison'));
  await sql`select etl.rebuild()`;
  expect(await rowsOf(sql, 'core.company_keywords')).toMatchObject([{ keyword: 'fine' }]);
});

test('sending the failed payload again, under its id, tries it again', async ({ sql }) => {
  await poison(sql);
  expect((await run(sql, 'companyenrich', body('acme.example', 'poison'), { id: id(1) })).status).toBe(500);
  await cure(sql);
  expect((await run(sql, 'companyenrich', body('acme.example', 'poison'), { id: id(1) })).status).toBe(200);
  expect(await sql`select payload_id from etl.failures`).toEqual([]);
});

test('what is pending is processed up to the given number, one workflow at a time', async ({ sql }) => {
  for (let number = 0; number < 3; number++) {
    await sql`select etl.land('companyenrich', ${sql.json(body(`c${number}.example`))})`;
  }
  expect(await sql`select etl.pending_workflows() as slug`).toEqual([{ slug: 'companyenrich' }]);
  expect(await value(sql`select etl.process(max_payloads => 2)`)).toEqual({
    processed: 2,
    failed: 0,
    remaining: true,
  });
  expect(await value(sql`select etl.process('clay-person-profile')`)).toEqual({
    processed: 0,
    failed: 0,
    remaining: false,
  });
  expect(await value(sql`select etl.process('companyenrich')`)).toEqual({
    processed: 1,
    failed: 0,
    remaining: false,
  });
  expect(await sql`select etl.pending_workflows() as slug`).toEqual([]);
});

test('a dry run of poison says so, and neither stores nor lists it', async ({ sql }) => {
  await poison(sql);
  const [row] = await sql<{ outcome: { status: number; body: { detail: string } } }[]>`
    select etl.run('companyenrich', ${sql.json(body('acme.example', 'poison'))}, '{"dry_run": true}') as outcome`;
  expect(row?.outcome).toMatchObject({ status: 500, body: { code: '23514' } });
  expect(row?.outcome.body.detail).not.toContain('is stored');
  expect(await sql`select id from raw.payloads union all select payload_id from etl.failures`).toEqual([]);
});

test('a record that cannot be rebuilt after a lookup change holds up no other', async ({ sql }) => {
  for (const domain of ['a.example', 'b.example', 'c.example']) {
    await run(sql, 'companyenrich', {
      domain,
      raw_payload: { industry: 'Rocketry', keywords: [`poison ${domain}`] },
    });
  }
  await sql`delete from core.company_keywords where domain = 'b.example'`;
  await sql`alter table core.company_keywords add constraint no_poison check (keyword <> 'poison b.example')`;
  await sql`insert into reference.industry_lookup (industry_raw, industry_cleaned) values ('Rocketry', 'Space')`;
  for (let round = 0; round < 5; round++) await sql`select etl.recoalesce()`;
  expect(
    (await rowsOf(sql, 'core.company_industries')).map(({ domain, matched_industry }) => [
      domain,
      matched_industry,
    ]),
  ).toEqual([
    ['a.example', 'Space'],
    ['b.example', 'Rocketry'],
    ['c.example', 'Space'],
  ]);
});
