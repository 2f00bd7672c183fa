import { expect } from 'vitest';

import { company, companyPath, test } from './support/api.ts';

test('smoke', async ({ call, serve }) => {
  await call(companyPath, { json: company('feed.example', { keywords: ['a'] }) });
  const first = await call('/api/changes');
  expect(first.status).toBe(200);
  console.log(first.headers.get('next-cursor'), first.body.length);
  console.log(await call('/api/changes?after=999999999').then((x) => x.body));
  console.log(await call('/api/changes?after=x').then((x) => x.body));
  console.log(await call('/api/changes?nope=x').then((x) => x.body));
  console.log(await call('/api/changes?table=core.nope').then((x) => x.body));
  const server = await serve();
  const at = Date.now();
  const waiting = server.call(`/api/changes?after=latest&wait=10&table=core.company_keywords`);
  setTimeout(() => void call(companyPath, { json: company('feed.example', { keywords: ['b'] }) }), 300);
  console.log((await waiting).body, Date.now() - at);
});
