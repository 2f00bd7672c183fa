import { expect } from 'vitest';

import { test } from '../../support/database.ts';
import { companyenrich, fingerprint, run, value } from '../support/calls.ts';

test('a record that nobody spoke of before, but that core has a row of by hand, goes through all the same', async ({
  sql,
}) => {
  const byHand = '0190a000-0000-7000-8000-000000000001';
  await sql`
    insert into core.company_keywords (id, domain, keyword, source, observed_at)
    values (${byHand}, 'acme.example', 'robots', 'by hand', '2020-01-01')`;
  await companyenrich(sql, { name: 'Acme', keywords: ['robots', 'drones'] });
  expect(await sql`select keyword, source from core.company_keywords order by keyword`).toEqual([
    { keyword: 'drones', source: 'companyenrich' },
    // the rule is set: the earliest observation stays
    { keyword: 'robots', source: 'by hand' },
  ]);
  expect(await value(sql`select name from core.companies where domain = 'acme.example'`)).toBe('Acme');
  expect(await value(sql`select etl.records_are_new()`)).toBe(false);
});

test('a batch of new and known companies gives the same core as its payloads one by one', async ({ sql }) => {
  const at = '2026-01-15T00:00:00Z';
  const bodies = ['new.example', 'known.example', 'other.example', 'new.example'].map((domain, number) => ({
    domain,
    raw_payload: { name: `Name ${number}`, keywords: ['robots', `word ${number}`], industry: 'Software' },
  }));
  const ids = bodies.map((_, number) => `0190a000-0000-7000-8000-00000000010${number}`);
  const known = () =>
    companyenrich(
      sql,
      { name: 'Known', keywords: ['before'] },
      { domain: 'known.example', at, id: ids[0]?.replace('0100', '0001') ?? '' },
    );

  await known();
  for (const [number, body] of bodies.entries())
    await run(sql, 'companyenrich', body, { at, id: ids[number] ?? '' });
  const singly = await fingerprint(sql);

  await sql`delete from raw.payloads`;
  await sql`select etl.rebuild()`;
  await sql`delete from etl.records`;
  await known();
  await sql`select etl.run_batch('companyenrich', array(select jsonb_array_elements(${sql.json(bodies)})), ${sql.json({ observed_at: at, payload_ids: ids })})`;
  expect(await fingerprint(sql)).toBe(singly);
});
