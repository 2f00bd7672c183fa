import { connect, type Socket } from 'node:net';

import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, inject } from 'vitest';

import { connect as connectTo, type Sql } from '../../src/database/connect.ts';

import { company, companyPath, type Json, test } from './support/api.ts';

test('is healthy while the process is up', async ({ call }) => {
  expect(await call('/health')).toMatchObject({ status: 200, body: { status: 'healthy' } });
});

test('is ready only when a worker was seen lately, and says what is missing', async ({ call, pool }) => {
  const before = await call('/ready');
  expect(before.status).toBe(503);
  expect(before.body).toMatchObject({
    status: 'not ready',
    checks: {
      database: { ok: true },
      migrations: { ok: true },
      registry: { ok: true },
      worker: { ok: false },
    },
  });
  await pool`insert into etl.worker_heartbeats (worker) values ('test')`;
  expect(await call('/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
  await pool`update etl.worker_heartbeats set seen_at = now() - interval '2 minutes'`;
  expect((await call('/ready')).status).toBe(503);
});

test('counts requests by route, bodies by workflow and outcome, and what waits', async ({ call }) => {
  await call(companyPath, { json: company('metrics.example') });
  await call(companyPath, { json: {} });
  await call('/api/companies/metrics.example');
  await call('/api/no-such-path');
  const { text, headers } = await call('/metrics');
  expect(headers.get('content-type')).toContain('text/plain');
  expect(text).toMatch(/hq_payloads_total\{workflow="companyenrich",outcome="ok"\} 1/);
  expect(text).toMatch(/hq_payloads_total\{workflow="companyenrich",outcome="refused"\} 1/);
  expect(text).toContain('route="/api/companies/:domain",status="200"');
  expect(text).toContain(`route="${companyPath}",status="422"`);
  expect(text).toContain('route="unknown",status="404"');
  expect(text).toContain('hq_backlog{kind="pending"} 0');
});

test('publishes a valid OpenAPI 3.1 document with every active workflow', async ({ call, pool }) => {
  const { body: document } = await call('/openapi.json');
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  const rows =
    await pool`select workflow_slug, api_endpoint_url, example_request from reference.enrichment_workflow_registry`;
  for (const row of rows) {
    const operation = document.paths[row.api_endpoint_url].post;
    expect(operation.operationId).toBe(row.workflow_slug);
    expect(operation.requestBody.content['application/json'].examples.one.value).toEqual(row.example_request);
    expect(Object.keys(operation.responses)).toEqual(
      expect.arrayContaining(['200', '202', '401', '422', '500', '504']),
    );
  }
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
    ([, path]) => path ?? '',
  );
  for (const reference of new Set(references)) {
    const found = reference
      .split('/')
      .reduce<Json>((value, part) => value?.[part.replaceAll('~1', '/')], document);
    expect(found, reference).toBeDefined();
  }
});

test('publishes a document that a public linter has nothing to say of', async ({ call }) => {
  const config = await createConfig({
    extends: ['recommended'],
    // No licence is given: the package is private. And nothing can be wrong with a request for /, /health or /ready.
    rules: { 'info-license': 'off', 'operation-4xx-response': 'off' },
  });
  const { text: source } = await call('/openapi.json');
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config });
  const said = problems.map(
    ({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`,
  );
  expect(said).toEqual([]);
});

test('documents itself without any other host: page, script and style come from here', async ({ call }) => {
  const page = await call('/docs');
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.headers.get('content-security-policy')).toContain("connect-src 'self'");
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.text).not.toMatch(/https?:|\/\//);
  for (const [, address = ''] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
    const asset = await call(address);
    expect(asset.status, address).toBe(200);
    expect(asset.text.length, address).toBeGreaterThan(100);
  }
  expect((await call('/docs/package.json')).status).toBe(404);
  expect((await call('/docs/..%2fpackage.json')).status).toBe(404);
});

test('finishes the requests under way when it stops, refuses those behind them, and takes no connection', async ({
  serve,
  pool,
  keys,
}) => {
  const server = await serve();
  const body = JSON.stringify(company('closing.example'));
  await server.call(companyPath, { body, headers: { 'content-type': 'application/json' } });
  const holder = await pool.reserve();
  await holder`begin`;
  await holder`select from etl.records where entity_key = 'closing.example' for update`;
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  const answers = received(socket);
  const head = `POST ${companyPath} HTTP/1.1\r\nHost: ${hostname}\r\nX-API-Key: ${keys.ingest}`;
  socket.write(`${head}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await expect.poll(() => isBlocked(pool)).toBe(true);

  const closing = server.close();
  socket.write(`GET /health HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  await expect(received(connect(Number(port), hostname))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await holder`rollback`;
  holder.release();
  await closing;
  const [first, second] = (await answers).split(/(?<=\})(?=HTTP)/);
  expect(first).toMatch(/^HTTP\/1\.1 200 /);
  expect(second).toMatch(/^HTTP\/1\.1 503 [\s\S]*connection: close[\s\S]*"\/problems\/unavailable"/i);
});

test('answers 503 with Retry-After while the database is away, and serves again when it is back', async ({
  serve,
  pool,
  database,
}) => {
  const { call } = await serve();
  const send = () => call(companyPath, { json: company('away.example') });
  expect((await send()).status).toBe(200);
  const admin = connectTo(inject('adminUrl'), { max: 1 });
  await pool.end({ timeout: 1 });
  await admin.unsafe(`alter database ${database.name} allow_connections false`);
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${database.name}`;
  const away = await send();
  expect(away.status).toBe(503);
  expect(away.headers.get('retry-after')).toBe('5');
  expect((await call('/health')).status).toBe(200);
  expect(await call('/ready')).toMatchObject({ status: 503, body: { checks: { database: { ok: false } } } });
  await admin.unsafe(`alter database ${database.name} allow_connections true`);
  await admin.end();
  await expect.poll(async () => (await send()).status, { timeout: 15_000 }).toBe(200);
});

/** Everything that comes on a connection until it ends. */
function received(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.on('data', (data) => {
      text += data.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

async function isBlocked(sql: Sql): Promise<boolean> {
  const rows = await sql`
    select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  return rows.length > 0;
}
