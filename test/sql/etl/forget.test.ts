import { describe, expect } from 'vitest';

import { test } from '../../support/database.ts';
import { ada, companyenrich, fingerprint, profile, rowsOf, run, sqlstate, value } from '../support/calls.ts';
import { traces } from '../support/traces.ts';

const job = { title: 'Engineer', company: 'Acme', company_domain: 'acme.example' };

test('erases a person from every layer, what their profile said about others included, and keeps them out', async ({
  sql,
}) => {
  const linkedinUrl = 'https://www.linkedin.com/in/ada-secret';
  const secret = 'Ada Secret';
  await profile(
    sql,
    {
      name: secret,
      experience: [job],
      oddity: secret,
      connections: secret,
      latest_experience: { title: secret },
    },
    { linkedinUrl },
  );
  await profile(sql, {}, { linkedinUrl });
  expect(await value(sql`select etl.forget('https://LinkedIn.com/in/Ada-Secret/', 'asked to')`)).toEqual({
    entity: 'person',
    key: linkedinUrl,
    payloads_erased: 2,
  });
  expect(await traces(sql, secret)).toEqual([]);
  // Who copies the feed must hear whom to erase: the key, and nothing else.
  expect((await traces(sql, 'in/ada-secret')).sort()).toEqual(['etl.changes', 'etl.suppressions']);
  const told =
    await sql`select distinct op, entity_key, row_key, old_row, new_row, payload_id from etl.changes where entity_type = 'person'`;
  expect(told).toEqual([
    {
      op: 'delete',
      entity_key: linkedinUrl,
      row_key: { linkedin_url: linkedinUrl },
      old_row: null,
      new_row: null,
      payload_id: null,
    },
  ]);
  expect(await rowsOf(sql, 'core.companies')).toEqual([]);
  const body = { linkedin_url: linkedinUrl, workflow_slug: 'clay-person-profile', raw_payload: {} };
  expect(await run(sql, 'clay-person-profile', body)).toMatchObject({ status: 410, body: { code: 'FORGT' } });
  expect(await value(sql`select count(*)::int from raw.payloads`)).toBe(0);
});

test('core is afterwards what a rebuild makes of the rest', async ({ sql }) => {
  await companyenrich(sql, { socials: { twitter_url: 'x' } });
  await profile(sql, { experience: [job] });
  await profile(
    sql,
    { experience: [{ ...job, company: 'Acme of Grace' }] },
    { linkedinUrl: 'https://www.linkedin.com/in/grace-example' },
  );
  await sql`select etl.forget(${ada})`;
  expect(await rowsOf(sql, 'core.companies')).toMatchObject([{ name: 'Acme of Grace' }]);
  const before = await fingerprint(sql);
  await sql`select etl.rebuild()`;
  expect(await fingerprint(sql)).toBe(before);
});

test('a company that was erased is not brought back by people who worked there', async ({ sql }) => {
  await sql`select etl.forget('acme.example')`;
  await profile(sql, { experience: [job] });
  expect(await rowsOf(sql, 'core.companies')).toEqual([]);
  expect(await value(sql`select count(*)::int from etl.mentions`)).toBe(0);
  expect(
    await sqlstate(
      sql,
      (sql) => sql`select etl.ingest('companyenrich', '{"domain": "www.acme.example", "raw_payload": {}}')`,
    ),
  ).toBe('FORGT');
});

test('something that is no key is BADKY', async ({ sql }) => {
  expect(await sqlstate(sql, (sql) => sql`select etl.forget('not a key')`)).toBe('BADKY');
});

describe('a payload that is processed while its record is erased', () => {
  test.for(['landed before', 'arriving'])('(%s) leaves nothing', async (kind, { ownDatabase }) => {
    const [erasing, processing, sql] = [
      ownDatabase.connect(1),
      ownDatabase.connect(1),
      ownDatabase.connect(1),
    ];
    const body = {
      linkedin_url: ada,
      workflow_slug: 'clay-person-profile',
      raw_payload: { name: 'Ada Secret', experience: [job] },
    };
    await profile(sql, { name: 'Ada Secret' });
    if (kind === 'landed before') await sql`select etl.land('clay-person-profile', ${sql.json(body)})`;

    await erasing`begin`;
    await erasing`select etl.forget(${ada})`;
    let isDone = false;
    const processed = (
      kind === 'arriving'
        ? run(processing, 'clay-person-profile', body)
        : processing`select etl.process()`.execute()
    ).then(() => (isDone = true));
    // until it waits for the record's lock, or has left the locked payload alone
    for (;;) {
      const waiting =
        await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      if (isDone || waiting.length > 0) break;
    }
    await erasing`commit`;
    await processed;
    expect(await sql`select target from etl.golden_rows(${[ada, 'acme.example']})`).toEqual([]);
    expect(await traces(sql, 'Ada Secret')).toEqual([]);
  });
});

test('empties the refused lines of loads that name the record, in any spelling, and no others', async ({
  sql,
}) => {
  const lines: Record<number, string> = {
    1: '{"linkedin_url": "https://uk.linkedin.com/in/Ada-Example/", "raw_payload": 1}',
    2: 'no json about linkedin.com/in/ada-example',
    3: '{"linkedin_url": "https://www.linkedin.com/in/ada-example-2"}',
    4: '{"linkedin_url": "https://www.linkedin.com/in/bea-example"}',
  };
  await sql`
    insert into etl.loads (id, workflow_slug, source_name, source_fingerprint)
    values ('00000000-0000-8000-8000-000000000001', 'clay-person-profile', 'people.ndjson', 'f')`;
  for (const [number, body] of Object.entries(lines)) {
    await sql`
      insert into etl.load_errors (load_id, line_number, code, detail, body)
      values ('00000000-0000-8000-8000-000000000001', ${number}, 'BADRQ', 'raw_payload must be an object', ${body})`;
  }
  await sql`select etl.forget('https://www.linkedin.com/in/ada-example')`;
  expect(await sql`select line_number::int as line, body from etl.load_errors order by line_number`).toEqual([
    { line: 1, body: '' },
    { line: 2, body: '' },
    { line: 3, body: lines[3] },
    { line: 4, body: lines[4] },
  ]);
});
