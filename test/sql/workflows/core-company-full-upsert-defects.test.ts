import { expect } from 'vitest';

import { test } from '../../support/database.ts';
import { companyFacts, companyenrich, rowsOf, run, value } from '../support/calls.ts';

// One test per defect that reference/workflows/companies.yaml lists for core-company-full-upsert in the old system.

test('all of it is written or nothing is', async ({ sql }) => {
  await sql`alter table core.company_social_urls add constraint no_poison check (linkedin_url <> 'poison')`;
  const facts = { domain: 'acme.example', company_name: 'Acme', industry: 'Paper', linkedin_url: 'poison' };
  expect(await run(sql, 'core-company-full-upsert', facts)).toMatchObject({
    status: 500,
    body: { success: false },
  });
  expect(await sql`select target from etl.golden_rows('{acme.example}')`).toEqual([]);
});

test('an optional field that is left out erases nothing', async ({ sql }) => {
  const linkedin_url = 'https://www.linkedin.com/company/acme';
  await companyFacts(sql, { linkedin_url, city: 'Springfield', country: 'United States' });
  await companyFacts(sql, { company_name: 'Acme Inc' });
  expect(await rowsOf(sql, 'core.companies')).toMatchObject([{ name: 'Acme Inc', linkedin_url }]);
  expect(await rowsOf(sql, 'core.company_locations')).toMatchObject([
    { city: 'Springfield', country: 'United States' },
  ]);
});

test('a partial location does not erase the rest of a fuller one', async ({ sql }) => {
  await companyFacts(sql, { city: 'Springfield', state: 'Illinois', country: 'United States' });
  await companyFacts(sql, { country: 'Canada' });
  expect(await rowsOf(sql, 'core.company_locations')).toMatchObject([
    { city: 'Springfield', state: 'Illinois', country: 'United States' },
  ]);
});

test('the facts have an origin: a raw payload and the source that was sent', async ({ sql }) => {
  const { payload_id } = await companyFacts(sql, { industry: 'Paper Products', source: 'someone' });
  expect(await sql`select source, raw_payload_id from core.company_industries`).toEqual([
    { source: 'someone', raw_payload_id: payload_id },
  ]);
  expect(await value(sql`select payload from raw.core_company_full_payloads`)).toMatchObject({
    industry: 'Paper Products',
  });
});

test('hand-entered names win over providers, whichever came first', async ({ sql }) => {
  const linkedin_url = 'https://www.linkedin.com/company/acme';
  await companyFacts(sql, { company_name: 'Acme (checked)' }, { at: '2024-01-01T00:00:00Z' });
  await companyenrich(sql, { name: 'ACME Inc', socials: { linkedin_url } }, { at: '2025-01-01T00:00:00Z' });
  expect(await rowsOf(sql, 'core.companies')).toMatchObject([{ name: 'Acme (checked)', linkedin_url }]);
});

test('an unknown employee range is refused before anything is stored, and the allowed ones are named', async ({
  sql,
}) => {
  const facts = {
    domain: 'acme.example',
    company_name: 'Acme',
    industry: 'Paper',
    employee_range: 'a crowd',
  };
  expect(await run(sql, 'core-company-full-upsert', facts)).toMatchObject({
    status: 422,
    body: {
      code: 'BADRQ',
      errors: [{ pointer: '/employee_range', detail: expect.stringContaining('1001-5000') }],
    },
  });
  expect(await value(sql`select count(*)::int from raw.payloads`)).toBe(0);
});

test('a size is a canonical range, or what the lookup knows as one', async ({ sql }) => {
  await sql`insert into reference.employee_range_lookup (size_raw, size_cleaned) values ('Two or three', '1-10')`;
  await companyFacts(sql, { employee_range: 'two or  THREE', source: 'someone' });
  expect(await rowsOf(sql, 'core.company_employee_range')).toEqual([
    { domain: 'acme.example', employee_range: '1-10', source: 'someone' },
  ]);
  await companyFacts(sql, { employee_range: '1001-5000' });
  expect(await rowsOf(sql, 'core.company_employee_range')).toMatchObject([{ employee_range: '1001-5000' }]);
});
