import { expect } from 'vitest';

import { company, companyPath, lookupPath, test } from './support/api.ts';

const lines = { 'content-type': 'application/x-ndjson' };

test('answers a line as soon as it is done, while the request is still being sent', async ({
  serve,
  keys,
}) => {
  const { url } = await serve();
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const sender = writable.getWriter();
  const send = (domain: string) =>
    sender.write(new TextEncoder().encode(`${JSON.stringify(company(domain))}\n`));
  const answering = fetch(url + companyPath, {
    method: 'POST',
    headers: { ...lines, 'x-api-key': keys.ingest },
    body: readable,
    duplex: 'half',
  } as RequestInit);
  await send('early.example');
  const response = await answering;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const next = async () => JSON.parse(Buffer.from((await reader.read()).value ?? []).toString()) as unknown;
  expect(await next()).toMatchObject({ status: 200, success: true });
  await send('late.example');
  expect(await next()).toMatchObject({ status: 200, success: true });
  await sender.close();
  expect((await reader.read()).done).toBe(true);
});

test('answers 5,000 lines in order to a caller that reads only after it has sent everything', async ({
  serve,
}) => {
  const { call } = await serve();
  const { body: document } = await call('/openapi.json');
  const [field] = document.components.schemas['lookup-job-title.request'].required as string[];
  const body = Array.from({ length: 5_000 }, (_, i) =>
    i % 10 === 0 ? '{}' : JSON.stringify({ [field ?? '']: `Title ${i}` }),
  ).join('\n');
  const answer = await call(lookupPath, { body, headers: lines });
  expect(answer.body.map((item: { status: number }) => item.status)).toEqual(
    Array.from({ length: 5_000 }, (_, i) => (i % 10 === 0 ? 422 : 200)),
  );
});

test('stops working for a caller that has gone, and goes on for the others', async ({ serve, keys }) => {
  const { url, call } = await serve();
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const sender = writable.getWriter();
  const abort = new AbortController();
  const answering = fetch(url + companyPath, {
    method: 'POST',
    headers: { ...lines, 'x-api-key': keys.ingest },
    body: readable,
    duplex: 'half',
    signal: abort.signal,
  } as RequestInit);
  await sender.write(new TextEncoder().encode(`${JSON.stringify(company('gone.example'))}\n`));
  const response = await answering;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  expect((await reader.read()).done).toBe(false);
  abort.abort();
  await expect(reader.read()).rejects.toThrow();
  expect((await call('/api/companies/gone.example')).status).toBe(200);
  expect((await call(companyPath, { json: company('others.example') })).status).toBe(200);
});
