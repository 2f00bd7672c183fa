import { expect } from 'vitest';

import { test } from './support/api.ts';

const page = 'https://app.example';
const preflight = {
  'access-control-request-method': 'DELETE',
  'access-control-request-headers': 'x-api-key, content-type',
};

test('a web page of a listed origin may call every path, with any method and header', async ({
  serve,
  keys,
}) => {
  const { url } = await serve({ corsOrigins: ['https://other.example', page] });
  const asked = await fetch(`${url}/api/leads/priority-companies/acme`, {
    method: 'OPTIONS',
    headers: { origin: page, ...preflight },
  });
  expect(asked.status).toBe(204);
  expect(asked.headers.get('access-control-allow-origin')).toBe(page);
  expect(asked.headers.get('access-control-allow-credentials')).toBe('true');
  expect(asked.headers.get('access-control-allow-methods')?.split(',')).toContain('DELETE');
  expect(asked.headers.get('access-control-allow-headers')).toBe('x-api-key,content-type');

  for (const [path, key, status] of [
    ['/api/leads', keys.read, 200],
    ['/api/leads?format=csv', keys.read, 200],
    ['/api/leads?limit=0', keys.read, 422],
    ['/api/nothing', keys.read, 404],
    ['/api/leads', 'wrong', 401],
  ] as const) {
    const { headers, status: found } = await fetch(url + path, {
      headers: { origin: page, 'x-api-key': key },
    });
    expect(found, path).toBe(status);
    expect(headers.get('access-control-allow-origin'), `${status} ${path}`).toBe(page);
    expect(headers.get('access-control-expose-headers'), path).toContain('X-Request-Id');
    expect(headers.get('vary'), path).toContain('Origin');
    expect(headers.get('x-request-id'), path).not.toBeNull();
  }
});

test('a page of any other origin is told nothing that lets a browser show it an answer', async ({
  serve,
  keys,
}) => {
  const { url } = await serve({ corsOrigins: [page] });
  const { url: closed } = await serve();
  for (const [at, origin] of [
    [url, 'https://evil.example'],
    [url, 'https://app.example.evil.example'],
    [url, 'http://app.example'],
    [url, 'null'],
    [closed, page],
  ] as const) {
    const asked = await fetch(`${at}/api/leads`, { method: 'OPTIONS', headers: { origin, ...preflight } });
    expect(asked.status, origin).toBe(405);
    const { headers, status } = await fetch(`${at}/api/leads`, {
      headers: { origin, 'x-api-key': keys.read },
    });
    expect(status, origin).toBe(200);
    for (const answered of [asked.headers, headers])
      expect(
        [...answered.keys()].filter((name) => name.startsWith('access-control')),
        origin,
      ).toEqual([]);
    // What a cache keeps for one origin is not for another.
    if (at === url) expect(headers.get('vary'), origin).toContain('Origin');
  }
});
