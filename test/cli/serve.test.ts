import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect } from 'vitest';

import { connect } from '../../src/database/connect.ts';
import { embeddedUrl } from '../../src/database/embedded.ts';
import { test } from '../support/database.ts';
import { type Serving, runHq, startServe, until } from '../support/hq.ts';
import { companyBody } from '../support/payloads.ts';

const companyPath = '/run/companies/companyenrich/ingest';

async function post(serving: Serving, path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${serving.address}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${serving.apiKey}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function isReady(serving: Serving): Promise<boolean> {
  return (await fetch(`${serving.address}/ready`)).status === 200;
}

describe('hq serve', () => {
  test('answers, processes what was landed, and stops with 0 on SIGTERM', async ({ ownDatabase }) => {
    const sql = ownDatabase.connect(1);
    const serving = await startServe([], { DATABASE_URL: ownDatabase.url });
    await until('it is ready', () => isReady(serving));

    const done = await post(serving, companyPath, await companyBody(sql, 'sync.example.com'));
    expect(done).toMatchObject({ status: 200, body: { success: true } });
    const landed = await post(serving, companyPath, await companyBody(sql, 'async.example.com'), {
      prefer: 'respond-async',
    });
    expect(landed.status).toBe(202);
    await until('the worker has processed it', async () => {
      const rows = await sql`select from core.companies where domain = 'async.example.com'`;
      return rows.length === 1;
    });

    expect(await serving.stop('SIGTERM')).toBe(0);
    expect(serving.lines.at(-1)).toMatchObject({ msg: 'Stopped.' });
    expect(await sql`select from etl.worker_heartbeats`).toHaveLength(0);
  });

  test('stops with 0 on SIGINT, also when npm and the terminal both send it', async ({ ownDatabase }) => {
    const serving = await startServe([], { DATABASE_URL: ownDatabase.url });
    serving.child.kill('SIGINT');
    expect(await serving.stop('SIGINT')).toBe(0);
  });

  test('never shows the password of DATABASE_URL nor a given key', async ({ ownDatabase }) => {
    const serving = await startServe([], { DATABASE_URL: ownDatabase.url });
    await serving.stop();
    const log = JSON.stringify(serving.lines);
    expect(log).not.toContain(new URL(ownDatabase.url).password + '@');
    expect(log).not.toContain(serving.apiKey);
  });

  test('runs the worker alone and the API alone', async ({ ownDatabase }) => {
    const sql = ownDatabase.connect(1);
    const api = await startServe(['--api-only'], { DATABASE_URL: ownDatabase.url });
    expect(await isReady(api)).toBe(false);
    const landed = await post(api, companyPath, await companyBody(sql, 'apart.example.com'), {
      prefer: 'respond-async',
    });
    expect(landed.status).toBe(202);

    const worker = await startServe(['--worker-only'], { DATABASE_URL: ownDatabase.url });
    expect(worker.address).toBeUndefined();
    await until('the worker has processed it', async () => {
      return (await sql`select from core.companies where domain = 'apart.example.com'`).length === 1;
    });
    await until('the API knows of the worker', () => isReady(api));
    expect(await Promise.all([api.stop(), worker.stop()])).toEqual([0, 0]);

    const both = await runHq(['serve', '--api-only', '--worker-only'], { DATABASE_URL: ownDatabase.url });
    expect(both).toMatchObject({ code: 2, stderr: 'Give --api-only or --worker-only, not both.\n' });
  });

  test('says in one sentence that the port is in use', async ({ ownDatabase }) => {
    const serving = await startServe(['--api-only'], { DATABASE_URL: ownDatabase.url });
    const port = new URL(serving.address as string).port;
    const second = await runHq(['serve'], { DATABASE_URL: ownDatabase.url, HQ_PORT: port });
    expect(second).toMatchObject({
      code: 4,
      stderr: `Port 127.0.0.1:${port} is in use: stop the other program, or set HQ_PORT to another port.\n`,
    });
    await serving.stop();
  });

  test('runs on its own Postgres, keeps data and key over a restart, and leaves no server behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hq-serve-'));
    await chmod(folder, 0o711);
    const env = { HQ_DATA_DIR: join(folder, 'data'), HQ_API_KEY: '', HQ_DEV: '1' };

    const first = await startServe([], env);
    const ready = first.lines.find(({ msg }) => msg === 'Ready.');
    const apiKey = (await readFile(String(ready?.api_key_file), 'utf8')).trim();
    expect(apiKey).toMatch(/^hq_\S{20,}$/);
    // Printed, as on a terminal, since the database is on this machine.
    expect(ready?.api_key).toBe(apiKey);
    const sql = connect(first.psql, { max: 1 });
    const body = await companyBody(sql, 'kept.example.com');
    await sql.end();
    expect(await post({ ...first, apiKey }, companyPath, body)).toMatchObject({ status: 200 });
    expect(await first.stop('SIGTERM')).toBe(0);
    expect(await embeddedUrl(env.HQ_DATA_DIR)).toBeUndefined();

    const second = await startServe([], env);
    const record = await fetch(`${second.address}/api/companies/kept.example.com`, {
      headers: { 'x-api-key': apiKey },
    });
    expect(record.status).toBe(200);
    const explained = await runHq(['explain', 'kept.example.com'], env);
    expect(explained).toMatchObject({ code: 0, stderr: '' });
    expect(await second.stop('SIGTERM')).toBe(0);
    expect(await embeddedUrl(env.HQ_DATA_DIR)).toBeUndefined();
    await rm(folder, { recursive: true, force: true });
  }, 120_000);
});
