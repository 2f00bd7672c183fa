import { expect } from 'vitest';

import type { Sql } from '../../src/database/connect.ts';
import { company, companyPath, personPath, test } from './support/api.ts';

async function payloads(pool: Sql, key: string): Promise<number> {
  const [row] = await pool<{ count: number }[]>`
    select count(*)::int as count from raw.payloads where entity_key = ${key}`;
  return row?.count ?? 0;
}

test('gives the stored answer again for the same key and body, and does nothing twice', async ({
  call,
  pool,
}) => {
  const request = { json: company('again.example'), headers: { 'idempotency-key': 'again' } };
  const first = await call(companyPath, request);
  const second = await call(companyPath, request);
  expect(first.status).toBe(200);
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  expect(second).toMatchObject({ status: 200, text: first.text });
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect(await payloads(pool, 'again.example')).toBe(1);
});

test('refuses the same key with another body or another path', async ({ call, pool }) => {
  const headers = { 'idempotency-key': 'once' };
  await call(companyPath, { json: company('once.example'), headers });
  const otherBody = await call(companyPath, { json: company('twice.example'), headers });
  expect(otherBody.status).toBe(422);
  expect(otherBody.body).toMatchObject({ type: '/problems/idempotency-conflict', code: 'IDEMP' });
  expect(await payloads(pool, 'twice.example')).toBe(0);
  const { body: document } = await call('/openapi.json');
  const json = document.paths[personPath].post.requestBody.content['application/json'].examples.one.value;
  expect((await call(personPath, { json, headers })).status).toBe(422);
});

test('lets two callers use the same key', async ({ call, keys, pool }) => {
  const send = (key: string) =>
    call(companyPath, {
      json: company(`${key === keys.ingest ? 'ingest' : 'admin'}.example`),
      headers: { 'idempotency-key': 'shared', 'x-api-key': key },
    });
  expect((await send(keys.ingest)).status).toBe(200);
  expect((await send(keys.admin)).status).toBe(200);
  expect(await payloads(pool, 'admin.example')).toBe(1);
});

test('makes two at once on real connections one: the second waits and gets the answer of the first', async ({
  serve,
  pool,
}) => {
  const [one, other] = [await serve(), await serve()];
  const request = { json: company('race.example'), headers: { 'idempotency-key': 'race' } };
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? one : other).call(companyPath, request)),
  );
  expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
  expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === 'true')).toHaveLength(5);
  expect(await payloads(pool, 'race.example')).toBe(1);
});

test('waits for a claim that is still open, and takes over when it fails', async ({ call, keys, pool }) => {
  const [{ id }] = (await pool`
    select id from api.api_keys where key_hash = api.hash_key(${keys.admin})`) as unknown as [{ id: string }];
  const holder = await pool.reserve();
  await holder`begin`;
  await holder`
    insert into api.idempotency_keys (owner, key, request_hash, workflow_slug, expires_at)
    values (${id}, 'held', sha256('other'), 'companyenrich', now() + interval '1 hour')`;
  let answered = false;
  const waiting = call(companyPath, {
    json: company('held.example'),
    headers: { 'idempotency-key': 'held' },
  }).then((answer) => {
    answered = true;
    return answer;
  });
  await expect
    .poll(
      async () =>
        (
          await pool`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
        ).length,
    )
    .toBe(1);
  expect(answered).toBe(false);
  await holder`rollback`;
  holder.release();
  expect((await waiting).status).toBe(200);
});

test('forgets a key after its time, and purges it', async ({ call, pool }) => {
  const headers = { 'idempotency-key': 'expires' };
  await call(companyPath, { json: company('expires.example'), headers });
  await pool`update api.idempotency_keys set expires_at = now() where key = 'expires'`;
  const again = await call(companyPath, { json: company('renewed.example'), headers });
  expect(again.status).toBe(200);
  expect(again.headers.get('idempotency-replayed')).toBeNull();
  await pool`update api.idempotency_keys set expires_at = now() where key = 'expires'`;
  expect([...(await pool`select api.purge_idempotency_keys() as purged`)]).toEqual([{ purged: 1 }]);
});

test('does not hold a refusal against the caller: the key is free for the corrected state', async ({
  call,
  pool,
}) => {
  await pool`
    insert into etl.suppressions (entity_key, reason) values ('suppressed.example', 'test')`;
  const request = { json: company('suppressed.example'), headers: { 'idempotency-key': 'suppressed' } };
  expect((await call(companyPath, request)).status).toBe(410);
  await pool`delete from etl.suppressions where entity_key = 'suppressed.example'`;
  expect((await call(companyPath, request)).status).toBe(200);
});

test('covers arrays and lines as a whole, refused items included', async ({ call, pool }) => {
  const items = [company('whole-1.example'), { domain: 'x' }, company('whole-2.example')];
  const array = { json: items, headers: { 'idempotency-key': 'array' } };
  const lines = {
    body: items.map((item) => JSON.stringify(item)).join('\n'),
    headers: { 'idempotency-key': 'lines', 'content-type': 'application/x-ndjson' },
  };
  for (const request of [array, lines]) {
    const first = await call(companyPath, request);
    const second = await call(companyPath, request);
    expect(first.body.map((item: { status: number }) => item.status)).toEqual([200, 422, 200]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.body[2]).toEqual(first.body[2]);
  }
  expect(await payloads(pool, 'whole-1.example')).toBe(2);
});

test('covers respond-async: the same payload id and status address come again', async ({ call }) => {
  const request = {
    json: company('async.example'),
    headers: { 'idempotency-key': 'async', prefer: 'respond-async' },
  };
  const first = await call(companyPath, request);
  const second = await call(companyPath, request);
  expect([first.status, second.status]).toEqual([202, 202]);
  expect(second.headers.get('location')).toBe(first.headers.get('location'));
});

test('refuses a key that is too long', async ({ call }) => {
  const { status, body } = await call(companyPath, {
    json: company('x.example'),
    headers: { 'idempotency-key': 'x'.repeat(256) },
  });
  expect(status).toBe(422);
  expect(body.errors[0].header).toBe('Idempotency-Key');
});
