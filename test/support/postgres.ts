import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '../../src/database/embedded.ts';
import {
  createCluster,
  embeddedBinaries,
  startCluster,
  stopCluster,
} from '../../src/database/postgres-server.ts';
import { copyFolder, keepTemplate, keptTemplate } from './kept-template.ts';

/** A Postgres for one run of the tests. */
export type TestPostgres = {
  /** URL of a role that may create roles and databases, on an existing database */
  adminUrl: string;
  /** whether it came with what an earlier run kept */
  isPrepared: boolean;
  /** keeps all databases for later runs; call it while nothing is connected. Absent where nothing can be kept. */
  keep?(): Promise<void>;
  stop(): Promise<void>;
};

/** Nothing here outlives the run, so nothing waits for the disk. */
const fastSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: 200,
  shared_buffers: '256MB',
  max_wal_size: '4GB',
  autovacuum_naptime: '20s',
  jit: 'off',
};

/**
 * The Postgres to test on: TEST_DATABASE_URL names a server that is there; TEST_POSTGRES=testcontainers starts
 * one in Docker (TEST_POSTGRES_IMAGE, default postgres:18); TEST_POSTGRES_BIN names a folder of Postgres binaries;
 * else the embedded one.
 */
export async function startTestPostgres(env: NodeJS.ProcessEnv = process.env): Promise<TestPostgres> {
  if (env.TEST_DATABASE_URL) {
    return { adminUrl: env.TEST_DATABASE_URL, isPrepared: false, stop: async () => undefined };
  }
  if (env.TEST_POSTGRES === 'testcontainers') return startContainer(env.TEST_POSTGRES_IMAGE ?? 'postgres:18');
  return startBinaries(env.TEST_POSTGRES_BIN ?? (await embeddedBinaries()));
}

async function startBinaries(binDir: string): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'hq-test-'));
  // When run as root the server has another owner, who must be able to reach its folder.
  if (process.getuid?.() === 0) await chmod(folder, 0o711);
  const cluster = { binDir, dataDir: join(folder, 'postgres') };
  const port = await freePort();
  const kept = await keptTemplate(binDir);
  const isPrepared = await copyFolder(kept, cluster.dataDir);
  if (!isPrepared) await createCluster(cluster, 'postgres', 'test');
  await startCluster(cluster, port, fastSettings);
  return {
    adminUrl: `postgres://postgres:test@127.0.0.1:${port}/postgres`,
    isPrepared,
    async keep() {
      await stopCluster(cluster);
      await keepTemplate(cluster.dataDir, kept);
      await startCluster(cluster, port, fastSettings);
    },
    async stop() {
      await stopCluster(cluster);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startContainer(image: string): Promise<TestPostgres> {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const command = Object.entries(fastSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const container = await new PostgreSqlContainer(image).withCommand(['postgres', ...command]).start();
  return {
    adminUrl: container.getConnectionUri(),
    isPrepared: false,
    stop: async () => {
      await container.stop();
    },
  };
}
