import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect as connectSocket, createServer } from 'node:net';
import { join } from 'node:path';

import { ExitError, errorCode, exitCodes } from '../errors.ts';
import { checkServer, connect, type Sql } from './connect.ts';
import {
  binaryVersion,
  clusterVersion,
  createCluster,
  embeddedBinaries,
  runningCluster,
  signalCluster,
  startCluster,
  stopCluster,
} from './postgres-server.ts';

/** Every hq process that uses the embedded server holds this advisory lock, shared; the last one stops it. */
const inUseLock = 474_001;

const serverSettings = {
  cluster_name: 'hq',
  max_connections: 100,
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  random_page_cost: 1.1,
  // Payloads run many short statements, for which compiling costs more than it saves.
  jit: 'off',
  // Acknowledged means durable.
  synchronous_commit: 'on',
};

export type Embedded = {
  /** URL of the database, with the password, for psql and every pool */
  url: string;
  /** gives up this process's use of the server, and stops it when no other hq process uses it */
  release(): Promise<void>;
  /** the same in a hurry: tells the server to stop, whoever uses it, and does not wait */
  abandon(): void;
};

/**
 * The embedded Postgres of a data folder: created on first use, started when it is not running, joined when it
 * is (another hq process, or one that was killed and left it behind). The owner of the database `hq` is the role
 * `hq`, which is no superuser.
 */
export async function useEmbedded(dataDir: string): Promise<Embedded> {
  const cluster = { binDir: await embeddedBinaries(), dataDir: join(dataDir, 'postgres') };
  await makeDataDir(dataDir);
  const secret = await readSecret(dataDir);

  const version = await clusterVersion(cluster.dataDir);
  if (version === undefined) {
    await createCluster(cluster, 'postgres', secret.password);
  } else if (version !== (await binaryVersion(cluster.binDir))) {
    throw new ExitError(
      `The data in ${cluster.dataDir} was written by Postgres ${version}, but this hq brings Postgres ` +
        `${await binaryVersion(cluster.binDir)}: start the older hq and move the data with pg_dump, or set HQ_DATA_DIR to a new folder.`,
      exitCodes.database,
    );
  }

  let running = await runningCluster(cluster.dataDir);
  if (running && !(await answers(running.port))) running = undefined;
  if (!running) {
    try {
      await startCluster(cluster, await freePort(secret.port), serverSettings);
    } catch (error) {
      // Another hq process may have started it at the same moment.
      const other = await runningCluster(cluster.dataDir);
      if (!other || !(await answers(other.port))) throw error;
    }
    running = await runningCluster(cluster.dataDir);
    if (!running) throw new Error(`Postgres in ${cluster.dataDir} stopped right after its start.`);
  }
  const { port, pid } = running;
  if (port !== secret.port) await writeSecret(dataDir, { ...secret, port });

  const urlOf = (user: string, database: string) =>
    `postgres://${user}:${secret.password}@127.0.0.1:${port}/${database}`;
  const admin = connect(urlOf('postgres', 'postgres'), {
    max: 1,
    applicationName: 'hq keeper',
    keepsSessions: true,
  });
  await checkServer(admin, urlOf('postgres', 'postgres'));
  await admin`select pg_advisory_lock_shared(${inUseLock})`;
  await createDatabase(admin, secret.password);

  return {
    url: urlOf('hq', 'hq'),
    async release() {
      try {
        await admin`select pg_advisory_unlock_shared(${inUseLock})`;
        const [row] = await admin<{ last: boolean }[]>`select pg_try_advisory_lock(${inUseLock}) as last`;
        if (row?.last) await stopCluster(cluster);
      } finally {
        await admin.end({ timeout: 1 });
      }
    },
    abandon: () => signalCluster(pid),
  };
}

/** The URL of the embedded server of a data folder while it runs, without starting it. */
export async function embeddedUrl(dataDir: string): Promise<string | undefined> {
  const running = await runningCluster(join(dataDir, 'postgres'));
  if (!running) return undefined;
  const { password } = await readSecret(dataDir);
  return `postgres://hq:${password}@127.0.0.1:${running.port}/hq`;
}

async function createDatabase(admin: Sql, password: string): Promise<void> {
  const [role] = await admin`select from pg_roles where rolname = 'hq'`;
  if (!role) await admin.unsafe(`create role hq login createdb password '${password}'`);
  const [database] = await admin`select from pg_database where datname = 'hq'`;
  if (!database) await admin.unsafe('create database hq owner hq');
}

type Secret = { password: string; port: number | undefined };

async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
  } catch (error) {
    throw new ExitError(
      `The data folder ${dataDir} cannot be made (${errorCode(error)}): set HQ_DATA_DIR to a folder you may write to.`,
      exitCodes.database,
      { cause: error },
    );
  }
}

/** The password, kept for this user only and made on first use, and the port used last. */
async function readSecret(dataDir: string): Promise<Secret> {
  try {
    return JSON.parse(await readFile(secretPath(dataDir), 'utf8')) as Secret;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const secret = { password: randomBytes(18).toString('base64url'), port: undefined };
  try {
    await writeFile(secretPath(dataDir), `${JSON.stringify(secret)}\n`, { mode: 0o600, flag: 'wx' });
    return secret;
  } catch (error) {
    // Another process made it at the same moment.
    if (errorCode(error) === 'EEXIST') return readSecret(dataDir);
    throw error;
  }
}

async function writeSecret(dataDir: string, secret: Secret): Promise<void> {
  await writeFile(secretPath(dataDir), `${JSON.stringify(secret)}\n`, { mode: 0o600 });
}

function secretPath(dataDir: string): string {
  return join(dataDir, 'postgres.json');
}

/**
 * Whether something listens on the port. A lock file left by a crash can name a process id that now belongs to
 * another program, so the lock file alone proves nothing.
 */
async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** The wanted port when it is free, else any free one. */
export async function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (wanted === 0) reject(error);
      else resolve(freePort());
    });
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : wanted));
    });
  });
}
