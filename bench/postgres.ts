import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { type Sql, connect } from '../src/database/connect.ts';
import { freePort } from '../src/database/embedded.ts';
import { migrate } from '../src/database/migrate.ts';
import {
  clusterVersion,
  createCluster,
  embeddedBinaries,
  startCluster,
  stopCluster,
} from '../src/database/postgres-server.ts';

/** Nothing here trades safety for speed: what is committed is on the disk. All else is Postgres's default. */
const settings = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  autovacuum: 'on',
  // As the embedded server of hq has them.
  max_connections: 100,
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  random_page_cost: 1.1,
  jit: 'off',
};

/** A server of its own for one run, in a temporary folder. */
export type BenchPostgres = {
  /** version and every setting that is not Postgres's default */
  description: string;
  /** a new database with the migrations of the work tree, or a copy of another one; one that was kept is migrated on. Gives its URL */
  createDatabase(name: string, copyOf?: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** a pool on a database as the superuser, for checkpoint and vacuum */
  admin(database?: string): Sql;
  stop(): Promise<void>;
};

/**
 * Starts the embedded Postgres on a free port. `folder`: where to make its temporary folder.
 * `kept`: a folder of its own instead, which stays when the server stops and is used again the next time.
 */
export async function startPostgres({
  folder = tmpdir(),
  kept,
}: { folder?: string; kept?: string } = {}): Promise<BenchPostgres> {
  if (kept !== undefined) await mkdir(kept, { recursive: true });
  const home = kept ?? (await mkdtemp(join(folder, 'hq-bench-')));
  // When run as root the server has another owner, who must be able to reach its folder.
  if (process.getuid?.() === 0) await chmod(home, 0o711);
  const cluster = { binDir: await embeddedBinaries(), dataDir: resolve(home, 'postgres') };
  const port = await freePort();
  const urlOf = (user: string, database: string) => `postgres://${user}:bench@127.0.0.1:${port}/${database}`;
  if ((await clusterVersion(cluster.dataDir)) === undefined)
    await createCluster(cluster, 'postgres', 'bench');
  await startCluster(cluster, port, settings);

  const pools: Sql[] = [];
  const admin = (database = 'postgres') => {
    const pool = connect(urlOf('postgres', database), { max: 1, applicationName: 'hq bench' });
    pools.push(pool);
    return pool;
  };
  const server = admin();
  const [role] = await server`select from pg_roles where rolname = 'hq'`;
  if (!role) await server`create role hq login createdb password 'bench'`;

  return {
    description: await describe(server),
    admin,
    async createDatabase(name, copyOf) {
      const [stored] =
        kept === undefined ? [] : await server`select from pg_database where datname = ${name}`;
      if (!stored)
        await server`create database ${server(name)} template ${server(copyOf ?? 'template0')} owner hq`;
      const url = urlOf('hq', name);
      if (copyOf === undefined) await migrate(url, { dev: true });
      return url;
    },
    async dropDatabase(name) {
      await server`drop database ${server(name)} with (force)`;
    },
    async stop() {
      await Promise.all(pools.map((pool) => pool.end({ timeout: 1 })));
      await stopCluster(cluster);
      if (kept === undefined) await rm(home, { recursive: true, force: true });
    },
  };
}

async function describe(server: Sql): Promise<string> {
  const [version] = await server<{ version: string }[]>`select current_setting('server_version') as version`;
  const changed = await server<{ name: string; value: string }[]>`
    select name, current_setting(name) as value
      from pg_settings
     where source in ('command line', 'configuration file', 'override', 'environment variable')
       and category not like '%File Locations'
       and category not like 'Reporting and Logging%'
       and category not like 'Client Connection Defaults%'
       and category not like 'Preset Options'
       and name not in ('port', 'listen_addresses', 'unix_socket_directories', 'transaction_isolation')
     order by name`;
  return `PostgreSQL ${version?.version}; ${changed.map(({ name, value }) => `${name} ${value}`).join(', ')}`;
}
