import { expect } from 'vitest';

import { test } from '../../support/database.ts';
import { companyenrich, id, profile, run } from '../support/calls.ts';

const drift = (sql: Parameters<typeof run>[0]) =>
  sql`select pointer, payloads::int from etl.drift order by 1`;

test('fields that no mapping knows are counted once per payload, whatever is rebuilt or sent again', async ({
  sql,
}) => {
  const payload = {
    oddity: 1,
    location: { planet: 'Earth' },
    financial: { funding: [{ lead: 'A' }, { lead: 'B' }] },
  };
  await companyenrich(sql, payload, { id: id(1) });
  await companyenrich(sql, { oddity: 2 }, { id: id(2) });
  await sql`select etl.rebuild()`;
  await sql`select etl.rebuild('acme.example')`;
  expect(await drift(sql)).toEqual([
    { pointer: '/raw_payload/financial/funding/*/lead', payloads: 1 },
    { pointer: '/raw_payload/location/planet', payloads: 1 },
    { pointer: '/raw_payload/oddity', payloads: 2 },
  ]);
});

test('compacting sums the sightings and loses none', async ({ sql }) => {
  for (let number = 0; number < 3; number++) await companyenrich(sql, { oddity: number });
  const before = await sql`select pointer, payloads, first_seen_at, last_seen_at from etl.drift`;
  await sql`select etl.compact_drift()`;
  expect(await sql`select pointer, payloads, first_seen_at, last_seen_at from etl.drift`).toEqual(before);
  expect(await sql`select 1 from etl.unknown_fields`).toHaveLength(1);
});

test('unusable fields are counted by place, not by position', async ({ sql }) => {
  await companyenrich(sql, { keywords: [1, 2] });
  await profile(sql, { experience: [{ start_date: 'Present' }, { start_date: 'soon' }] });
  expect(
    await sql`select workflow_slug, pointer, warnings::int from etl.warning_counts order by 1, 2`,
  ).toEqual([
    { workflow_slug: 'clay-person-profile', pointer: '/raw_payload/experience/*/start_date', warnings: 2 },
    { workflow_slug: 'companyenrich', pointer: '/raw_payload/keywords/*', warnings: 2 },
  ]);
});

test('values that another type can stand for are no warning', async ({ sql }) => {
  const { body } = await companyenrich(sql, {
    founded_year: '2011',
    page_rank: '5.2',
    financial: { total_funding: '125000000' },
  });
  expect(body.warnings).toBeUndefined();
  expect(
    (
      await profile(sql, {
        connections: '500',
        profile_id: 12,
        latest_experience: { is_current: 'yes', org_id: '7' },
      })
    ).body.warnings,
  ).toBeUndefined();
});

test('absent, null, "" and "null" are no warning', async ({ sql }) => {
  expect(
    (
      await companyenrich(sql, {
        name: null,
        founded_year: '',
        page_rank: 'null',
        updated_at: ' ',
        keywords: null,
      })
    ).body.warnings,
  ).toBeUndefined();
});

test('workflows that land nothing warn too', async ({ sql }) => {
  const { body } = await run(sql, 'reference-job-title-update', {
    latest_title: 'A',
    cleaned_job_title: 'B',
    status: 5,
  });
  expect(body).toMatchObject({ success: true, warnings: [{ field: '/status' }] });
});
