import { expect } from 'vitest';

import { test } from '../../support/database.ts';
import { ada, companyFacts, companyenrich, id, profile, rowsOf, sqlstate, value } from '../support/calls.ts';

type Explained = {
  tables: { table: string; rule: string; rows: Record<string, unknown>[] }[];
  payloads: { payload_id: string; workflow_slug: string; state: string }[];
};

const explain = (explained: unknown, table: string) =>
  (explained as Explained).tables.find((each) => each.table === table);

const [first, second, third] = [id(1), id(2), id(3)] as const;

test('names the winner and the losers of a row, with source, payload and time', async ({ sql }) => {
  await companyenrich(sql, { industry: 'Rocketry' }, { id: first, at: '2024-01-01T00:00:00Z' });
  await companyenrich(sql, { industry: 'Papercraft' }, { id: second, at: '2024-02-01T00:00:00Z' });
  await companyFacts(sql, { industry: 'Paper Products' }, { id: third, at: '2023-01-01T00:00:00Z' });
  const explained = await value(sql`select etl.explain('https://www.ACME.example')`);
  expect(explain(explained, 'core.company_industries')).toMatchObject({
    rule: 'priority',
    rows: [
      {
        key: { domain: 'acme.example' },
        values: { matched_industry: 'Paper Products', raw_industry: null },
        source: 'gemini-enrichment',
        raw_payload_id: third,
        observed_at: '2023-01-01T00:00:00+00:00',
        workflow_slug: 'core-company-full-upsert',
        losers: [
          { matched_industry: 'Papercraft', source: 'companyenrich', raw_payload_id: second },
          { matched_industry: 'Rocketry', source: 'companyenrich', raw_payload_id: first },
        ],
      },
    ],
  });
  expect((explained as Explained).payloads.map(({ payload_id, state }) => [payload_id, state])).toEqual([
    [second, 'processed'],
    [first, 'processed'],
    [third, 'processed'],
  ]);
});

test('a filled row says of each value where it came from, other records included', async ({ sql }) => {
  const linkedin_url = 'https://www.linkedin.com/company/acme';
  await companyFacts(sql, { company_name: 'Acme (checked)' }, { id: first, at: '2024-02-01T00:00:00Z' });
  await profile(
    sql,
    { experience: [{ company: 'ACME', company_domain: 'acme.example', url: linkedin_url }] },
    { id: second, at: '2024-01-01T00:00:00Z' },
  );
  expect(explain(await value(sql`select etl.explain('acme.example')`), 'core.companies')).toMatchObject({
    rows: [
      {
        values: { name: 'Acme (checked)', linkedin_url, cleaned_name: null },
        lineage: {
          name: { source: 'manual', raw_payload_id: first, observed_at: '2024-02-01T00:00:00.000000Z' },
          linkedin_url: {
            source: 'person_profile',
            raw_payload_id: second,
            observed_at: '2024-01-01T00:00:00.000000Z',
          },
        },
        losers: [
          {
            name: 'ACME',
            source: 'person_profile',
            raw_payload_id: second,
            workflow_slug: 'clay-person-profile',
          },
        ],
      },
    ],
  });
});

test('derived and hand-kept tables are explained too', async ({ sql }) => {
  await companyenrich(sql, { financial: { funding: [{ from: 'A, B' }] } });
  await profile(sql, { experience: [{ title: 'A' }] });
  expect(
    explain(await value(sql`select etl.explain('acme.example')`), 'core.company_vc_backed'),
  ).toMatchObject({
    rule: 'derived from core.company_vc_investors',
    rows: [{ values: { vc_count: 2 }, losers: [] }],
  });
  expect(explain(await value(sql`select etl.explain(${ada})`), 'core.person_work_history')).toMatchObject({
    kept_by: 'core.sync_person_experience_to_core()',
    rows: [{ values: { title: 'A' } }],
  });
});

test('a key that is none is BADKY, one that nobody knows UNKEY', async ({ sql }) => {
  expect(await sqlstate(sql, (sql) => sql`select etl.explain('nope')`)).toBe('BADKY');
  expect(await sqlstate(sql, (sql) => sql`select etl.explain('nobody.example')`)).toBe('UNKEY');
});

test('as_of is the record as it was known then, by landing, and writes nothing', async ({ pool }) => {
  const domain = 'asof.example';
  await companyenrich(pool, { type: 'private', keywords: ['a'] }, { domain });
  const between = await value(pool`select clock_timestamp()::text`);
  await companyenrich(pool, { type: 'public', keywords: ['b'] }, { domain });
  const before = await pool`select target, golden_row from etl.golden_rows(${[domain]}) order by 1, 2`;
  const then = await value(pool`select etl.as_of(${domain}, ${between as string}::timestamptz)`);
  expect(then).toMatchObject({
    record: { company_types: [{ raw_type: 'private' }], company_keywords: [{ keyword: 'a' }] },
  });
  expect(await value(pool`select etl.as_of(${domain}, '2000-01-01')`)).toBeNull();
  expect(await value(pool`select etl.as_of(${domain}, 'infinity')`)).toEqual(
    await value(pool`select etl.golden_record(${domain})`),
  );
  expect(await pool`select target, golden_row from etl.golden_rows(${[domain]}) order by 1, 2`).toEqual(
    before,
  );
});

test('dry_run shows before and after of every row that would change, and writes nothing', async ({
  pool,
}) => {
  const body = (name: string) => ({ domain: 'dry.example', raw_payload: { type: name, keywords: ['kits'] } });
  await companyenrich(pool, body('private').raw_payload, { domain: 'dry.example' });
  const counts = () =>
    pool`select (select count(*) from raw.payloads) as raw, (select count(*) from etl.lookup_uses) as uses, etl.fingerprint(true) as core`;
  const before = await counts();
  const dry = (await value(pool`select etl.dry_run('companyenrich', ${pool.json(body('public'))})`)) as {
    changes: unknown[];
  };
  expect(dry).toMatchObject({ success: true, dry_run: true, response: { success: true, keywords_count: 1 } });
  expect(dry.changes).toMatchObject([
    { table: 'core.company_types', before: { raw_type: 'private' }, after: { raw_type: 'public' } },
  ]);
  expect(await counts()).toEqual(before);
  expect(
    await value(
      pool`select etl.dry_run('reference-job-title-update', '{"latest_title": "Dry", "cleaned_job_title": "Dry"}')`,
    ),
  ).toMatchObject({ success: true });
  expect(
    (await rowsOf(pool, 'reference.job_title_lookup')).filter(({ latest_title }) => latest_title === 'Dry'),
  ).toEqual([]);
});
