import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { connect } from '../../src/database/connect.ts';
import { freePort } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import {
  type Cluster,
  createCluster,
  embeddedBinaries,
  startCluster,
  stopCluster,
} from '../../src/database/postgres-server.ts';
import { startServe, until } from '../support/hq.ts';
import { companyBody } from '../support/payloads.ts';

let folder: string;
let cluster: Cluster;
let port: number;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hq-restart-'));
  await chmod(folder, 0o711);
  cluster = { binDir: await embeddedBinaries(), dataDir: join(folder, 'postgres') };
  port = await freePort();
  await createCluster(cluster, 'postgres', 'test');
  await startCluster(cluster, port, {});
  url = `postgres://postgres:test@127.0.0.1:${port}/hq`;
  const admin = connect(`postgres://postgres:test@127.0.0.1:${port}/postgres`, { max: 1 });
  await admin`create database hq`;
  await admin.end();
  await migrate(url, { dev: true });
});

afterAll(async () => {
  await stopCluster(cluster);
  await rm(folder, { recursive: true, force: true });
});

describe('a database that goes away and comes back', () => {
  test('is found again by API and worker, which say so in one line each way', async () => {
    const serving = await startServe([], { DATABASE_URL: url });
    const sql = connect(url, { max: 1 });
    const body = await companyBody(sql, 'restart.example.com');
    await sql.end();

    async function land(): Promise<number> {
      const response = await fetch(`${serving.address}/run/companies/companyenrich/ingest`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${serving.apiKey}`,
          'content-type': 'application/json',
          prefer: 'respond-async',
        },
        body: JSON.stringify(body),
      });
      await response.arrayBuffer();
      return response.status;
    }
    const said = (text: RegExp) => serving.lines.filter(({ msg }) => text.test(String(msg)));

    expect(await land()).toBe(202);
    await stopCluster(cluster);
    await until('the worker notices', async () => said(/worker cannot look for work/).length > 0);
    expect(await land()).toBe(503);
    await startCluster(cluster, port, {});

    await until('the API lands again', async () => (await land()) === 202);
    await until('the worker is back', async () => said(/worker has its database again/).length > 0, 40_000);
    const again = connect(url, { max: 1 });
    await until('everything is processed', async () => {
      const [row] = await again`select (select count(*) from etl.pending_payloads)::int as pending,
                                       (select count(*) from core.companies where domain = 'restart.example.com')::int as core`;
      return row?.pending === 0 && row.core === 1;
    });
    await again.end();
    expect(said(/worker cannot look for work/)).toHaveLength(1);
    expect(await serving.stop()).toBe(0);
  });
});
