import { createParser } from 'eventsource-parser';
import { expect } from 'vitest';

import { company, companyPath, test } from '../http/support/api.ts';

type Change = { cursor: string; table: string; key: string; new: Record<string, unknown> };

const latest = async (call: (path: string) => Promise<{ headers: Headers }>) =>
  (await call('/api/changes?after=latest')).headers.get('next-cursor') ?? '';

test('gives changes as lines after a cursor, page by page, and nothing twice', async ({ call }) => {
  const start = await latest(call);
  await call(companyPath, { json: company('pages.example', { keywords: ['a', 'b', 'c', 'd'] }) });
  const seen: Change[] = [];
  let cursor = start;
  for (;;) {
    const page = await call(`/api/changes?after=${cursor}&limit=2`);
    expect(page.headers.get('content-type')).toBe('application/x-ndjson');
    cursor = page.headers.get('next-cursor') ?? '';
    if (page.text === '') break;
    seen.push(...(page.body as Change[]));
  }
  expect(new Set(seen.map(({ cursor }) => cursor)).size).toBe(seen.length);
  expect(
    seen
      .filter(({ table }) => table === 'core.company_keywords')
      .map(({ new: row }) => row.keyword)
      .sort(),
  ).toEqual(['a', 'b', 'c', 'd']);
  // Each change is a place to go on from.
  const middle = seen[2]?.cursor;
  expect((await call(`/api/changes?after=${middle}`)).body).toEqual(seen.slice(3));
});

test('of some tables only, with a cursor that moves on past the others', async ({ call }) => {
  const start = await latest(call);
  await call(companyPath, { json: company('tables.example', { keywords: ['a'], employees: '1-10' }) });
  const names = await call(`/api/changes?after=${start}&table=core.company_names&table=core.companies`);
  expect(names.body.map(({ table }: Change) => table).sort()).toEqual([
    'core.companies',
    'core.company_names',
  ]);
  const none = await call(`/api/changes?after=${start}&table=core.person_tenure`);
  expect([none.text, none.headers.get('next-cursor')]).toEqual(['', await latest(call)]);
});

test('waits for a change, and answers as soon as there is one, also without a worker', async ({
  call,
  serve,
}) => {
  const server = await serve();
  const start = await latest(call);
  const nothing = await server.call(`/api/changes?after=${start}&wait=1`);
  expect([nothing.status, nothing.text]).toEqual([200, '']);
  const waiting = server.call(`/api/changes?after=${start}&wait=30&table=core.company_keywords`);
  await call(companyPath, { json: company('wait.example', { keywords: ['awaited'] }) });
  expect((await waiting).body).toMatchObject([
    { key: 'wait.example', op: 'insert', new: { keyword: 'awaited' } },
  ]);
});

test('a stop does not keep those waiting who wait', async ({ call, serve }) => {
  const server = await serve();
  const start = await latest(call);
  const waiting = server.call(`/api/changes?after=${start}&wait=60`);
  const stream = await fetch(`${server.url}/api/changes?after=${start}&format=sse`, {
    headers: await keyOf(call),
  });
  const reader = stream.body?.getReader();
  await reader?.read();
  const from = Date.now();
  await server.close();
  expect((await waiting).status).toBe(200);
  expect(Date.now() - from).toBeLessThan(5_000);
});

const keys = new Map<unknown, string>();
async function keyOf(call: (path: string, init: { json: unknown }) => Promise<{ body: { key: string } }>) {
  const key =
    keys.get(call) ?? (await call('/admin/keys', { json: { name: 'stream', scopes: ['read'] } })).body.key;
  keys.set(call, key);
  return { 'x-api-key': key };
}

test('as server-sent events, resumed with Last-Event-ID where the connection broke', async ({
  call,
  serve,
}) => {
  const server = await serve();
  const start = await latest(call);
  const seen: Change[] = [];
  const count = 30;
  let lastId = start;
  const writing = (async () => {
    for (let n = 0; n < count; n += 1)
      await call(companyPath, { json: company(`sse${n}.example`, { keywords: ['x'] }) });
  })();
  for (let connection = 1; seen.length < count; connection += 1) {
    const stopped = new AbortController();
    const response = await fetch(`${server.url}/api/changes?table=core.company_keywords`, {
      headers: { ...(await keyOf(call)), accept: 'text/event-stream', 'last-event-id': lastId },
      signal: stopped.signal,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const decoder = new TextDecoder();
    let text = '';
    let events = 0;
    const parser = createParser({
      onEvent({ id, event, data }) {
        // The connection breaks here, in the middle of what was sent.
        if (events > connection % 5 || seen.length >= count) return stopped.abort();
        lastId = id ?? lastId;
        if (event !== 'change') return;
        seen.push(JSON.parse(data) as Change);
        events += 1;
      },
    });
    try {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        const piece = decoder.decode(chunk, { stream: true });
        text += piece;
        parser.feed(piece);
        if (stopped.signal.aborted || seen.length >= count) break;
      }
    } catch (error) {
      if (!stopped.signal.aborted) throw error;
    }
    stopped.abort();
    const { status, headers } = response;
    await server.contract.check('GET', '/api/changes', { status, headers, body: text, text });
  }
  await writing;
  expect(seen.map(({ key }) => key)).toEqual(Array.from({ length: count }, (_, n) => `sse${n}.example`));
});

test('a cursor from before what is kept is 410, one the feed never gave 422', async ({ call, pool }) => {
  const start = Number(await latest(call));
  await pool`update etl.changes set changed_at = now() - interval '30 days'`;
  await pool`select etl.prune_changes()`;
  const old = await call(`/api/changes?after=${start - 1}`);
  expect([old.status, old.body.type, old.body.code]).toEqual([410, '/problems/cursor-expired', 'OLDCR']);
  expect((await call(`/api/changes?after=${start}`)).status).toBe(200);
  expect((await call('/api/changes')).status).toBe(200);
  for (const query of [
    `after=${start + 1000}`,
    'after=x',
    'after=-1',
    'after=1.5',
    'after=999999999999999999999',
    "after=1'",
    'after=%00',
    'table=core.nope',
    'table=etl.jobs',
    "table=core.companies'",
    'table=%00',
    'limit=0',
    'limit=10001',
    'limit=x',
    'wait=61',
    'wait=-1',
    'format=csv',
    'nope=1',
    `table=${Array.from({ length: 10_000 }, (_, n) => `t${n}`).join(',')}`,
  ]) {
    const refused = await call(`/api/changes?${query}`);
    expect([refused.status, refused.headers.get('content-type')], query.slice(0, 60)).toEqual([
      422,
      'application/problem+json',
    ]);
  }
});

test('needs the scope read', async ({ call, keys }) => {
  const answer = await call('/api/changes', { headers: { authorization: `Bearer ${keys.ingest}` } });
  expect(answer.status).toBe(403);
});
