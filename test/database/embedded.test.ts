import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { connect } from '../../src/database/connect.ts';
import { embeddedUrl, useEmbedded } from '../../src/database/embedded.ts';
import { runningCluster } from '../../src/database/postgres-server.ts';
import { until } from '../support/hq.ts';

let dataDir: string;
const cluster = () => join(dataDir, 'postgres');

beforeAll(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), 'hq-embedded-')), 'data');
  // Run as root, the server has another owner, who must be able to reach the folder.
  await chmod(join(dataDir, '..'), 0o711);
});

afterAll(async () => {
  await rm(join(dataDir, '..'), { recursive: true, force: true });
});

describe('the embedded Postgres', () => {
  test('is made on first use, with a secret for this user only and an owner who is no superuser', async () => {
    const embedded = await useEmbedded(dataDir);
    const sql = connect(embedded.url, { max: 1 });

    const [row] = await sql`
      select current_user as "user", rolsuper as superuser, current_setting('server_version_num')::int / 10000 as version,
             current_setting('timezone') as timezone, pg_encoding_to_char(encoding) as encoding,
             current_setting('synchronous_commit') as synchronous_commit, lower('ÄÉ') as lower
        from pg_roles, pg_database
       where rolname = current_user and datname = current_database()`;
    expect(row).toEqual({
      user: 'hq',
      superuser: false,
      version: 18,
      timezone: 'UTC',
      encoding: 'UTF8',
      synchronous_commit: 'on',
      lower: 'äé',
    });
    expect((await stat(join(dataDir, 'postgres.json'))).mode & 0o777).toBe(0o600);

    await sql`create table public.kept as select 'still here' as value`;
    await sql.end();
    await embedded.release();
    expect(await runningCluster(cluster())).toBeUndefined();
    expect(await embeddedUrl(dataDir)).toBeUndefined();
  });

  test('finds its data again, under the same URL', async () => {
    const embedded = await useEmbedded(dataDir);
    expect(await embeddedUrl(dataDir)).toBe(embedded.url);
    const sql = connect(embedded.url, { max: 1 });
    expect(await sql`select value from public.kept`).toEqual([{ value: 'still here' }]);
    await sql.end();
    await embedded.release();
  });

  test('is shared by all who use it, and stopped by the last', async () => {
    const [first, second] = await Promise.all([useEmbedded(dataDir), useEmbedded(dataDir)]);
    expect(first.url).toBe(second.url);

    await first.release();
    const sql = connect(second.url, { max: 1 });
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    await sql.end();
    await second.release();
    expect(await runningCluster(cluster())).toBeUndefined();
  });

  test('starts after a crash that left its lock file, even when the process id now belongs to another', async () => {
    const embedded = await useEmbedded(dataDir);
    const lock = await readFile(join(cluster(), 'postmaster.pid'), 'utf8');
    await embedded.release();
    // The lock file of a killed server, with the id of a process that lives and is no Postgres.
    await writeFile(join(cluster(), 'postmaster.pid'), lock.replace(/^\d+/, String(process.pid)));

    const again = await useEmbedded(dataDir);
    const sql = connect(again.url, { max: 1 });
    expect(await sql`select value from public.kept`).toEqual([{ value: 'still here' }]);
    await sql.end();
    await again.release();
  });

  test('stops without being waited for when it is abandoned', async () => {
    const embedded = await useEmbedded(dataDir);
    embedded.abandon();
    await until('the server has stopped', async () => (await runningCluster(cluster())) === undefined);
  });

  test('says which version wrote the data when the binaries are of another', async () => {
    const path = join(cluster(), 'PG_VERSION');
    const version = await readFile(path, 'utf8');
    await writeFile(path, '14\n');
    await expect(useEmbedded(dataDir)).rejects.toMatchObject({
      name: 'ExitError',
      exitCode: 3,
      message: expect.stringMatching(
        /was written by Postgres 14, but this hq brings Postgres 18: .* HQ_DATA_DIR/,
      ),
    });
    await writeFile(path, version);
  });
});
