import { randomUUID } from 'node:crypto';

import { expect } from 'vitest';

import { test } from '../../support/database.ts';
import { companyenrich, run } from '../support/calls.ts';

const holding = (vc_name: string | null, founded_date: string | null) => ({
  id: randomUUID(),
  domain: 'acme.example',
  vc_name,
  founded_date,
  raw_payload_id: randomUUID(),
  observed_at: '2024-01-01T00:00:00Z',
});

test('asks everything that names investors, each once, in any spelling of the domain', async ({ sql }) => {
  await companyenrich(sql, { financial: { funding: [{ from: 'Globex Ventures, Example Capital' }] } });
  await sql`insert into extracted.vc_portfolio ${sql([holding('Example Capital', null), holding('Paper Partners', '2011')])}`;
  expect(await run(sql, 'has-raised-vc', { domain: 'https://www.ACME.example/' })).toEqual({
    status: 200,
    payload_id: null,
    body: {
      success: true,
      domain: 'acme.example',
      has_raised_vc: true,
      vc_count: 3,
      vc_names: ['Example Capital', 'Globex Ventures', 'Paper Partners'],
      founded_date: '2011',
    },
  });
});

test('a domain that nobody knows has raised nothing, and nothing is written', async ({ sql }) => {
  expect((await run(sql, 'has-raised-vc', { domain: 'nobody.example' })).body).toEqual({
    success: true,
    domain: 'nobody.example',
    has_raised_vc: false,
    vc_count: 0,
    vc_names: [],
    founded_date: null,
  });
  expect(await sql`select entity_key from etl.records union all select entity_key from raw.payloads`).toEqual(
    [],
  );
});
