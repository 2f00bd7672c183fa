import { expect } from 'vitest';

import { test } from '../../support/database.ts';

test('takes back what an erased person said about employers', async ({ sql }) => {
  await sql`
    select etl.ingest('clay-person-profile', ${sql.json({
      linkedin_url: 'https://www.linkedin.com/in/bob-example',
      workflow_slug: 'clay-person-profile',
      raw_payload: { experience: [{ company: 'Only Bob Example', company_domain: 'only-bob.example' }] },
    })}::jsonb)`;
  await sql`select etl.forget('https://www.linkedin.com/in/bob-example')`;

  const [forgotten] = await sql`
    select etl.golden_record('only-bob.example') as record, etl.fingerprint(true) as fingerprint`;
  expect(forgotten?.record).toBeNull();

  await sql`select etl.rebuild()`;
  const [rebuilt] = await sql`select etl.fingerprint(true) as fingerprint`;
  expect(rebuilt?.fingerprint).toBe(forgotten?.fingerprint);
});
