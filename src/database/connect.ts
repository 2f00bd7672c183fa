import { setTimeout as sleep } from 'node:timers/promises';

import postgres from 'postgres';

import { ExitError, errorCode, errorMessage, exitCodes } from '../errors.ts';

export type Sql = postgres.Sql;

export type ConnectOptions = {
  /** most connections the pool opens */
  max?: number;
  /** what pg_stat_activity shows */
  applicationName?: string;
  /** connections are never replaced by new ones: for advisory locks, which end with their session */
  keepsSessions?: boolean;
};

/** A pool of connections. Nothing is opened before the first query. Notices are dropped: they are for psql. */
export function connect(
  url: string,
  { max = 10, applicationName = 'hq', keepsSessions = false }: ConnectOptions = {},
): Sql {
  return postgres(url, {
    max,
    connect_timeout: 10,
    // postgres.js ends a connection by itself after 30 to 60 minutes.
    ...(keepsSessions ? { max_lifetime: null } : {}),
    onnotice: () => undefined,
    connection: { application_name: applicationName, TimeZone: 'UTC' },
  });
}

/** Another pool on the database of a pool, of one connection unless `options` (of postgres.js) say otherwise. */
export function sameDatabase(sql: Sql, options: Record<string, unknown>): Sql {
  // Parsed options are taken as they are, which the types do not tell; sql.listen is built on it.
  return postgres({ ...sql.options, max: 1, ...options } as unknown as postgres.Options<
    Record<string, never>
  >);
}

/** Fails with one sentence unless the server can be used: reachable, credentials right, Postgres 15 or newer. */
export async function checkServer(sql: Sql, url: string): Promise<void> {
  const version = await serverVersion(sql, url);
  if (version < 150_000) {
    throw new ExitError(
      `Postgres at ${placeOf(url)} is version ${Math.floor(version / 10_000)}, and hq needs 15 or newer: upgrade it, or set DATABASE_URL to another server.`,
      exitCodes.database,
    );
  }
}

/** As in `server_version_num`. Waits up to a minute for a server that is starting or recovering from a crash. */
async function serverVersion(sql: Sql, url: string): Promise<number> {
  const until = Date.now() + 60_000;
  for (;;) {
    try {
      const [row] = await sql<{ version: number }[]>`
        select current_setting('server_version_num')::int as version`;
      return row?.version ?? 0;
    } catch (error) {
      if (errorCode(error) !== '57P03' || Date.now() > until) throw connectionError(error, url);
      await sleep(100);
    }
  }
}

/** One sentence that says why a connection failed and what to do; the URL's password is never shown. */
export function connectionError(error: unknown, url: string): ExitError {
  const place = placeOf(url);
  const { username, pathname } = new URL(url);
  const database = decodeURIComponent(pathname.slice(1));
  const sentence = (() => {
    switch (errorCode(error)) {
      case 'ECONNREFUSED':
      case 'ECONNRESET':
      case 'CONNECTION_CLOSED':
        return `Nothing answers as Postgres at ${place}: start the server, or correct DATABASE_URL.`;
      case 'ENOTFOUND':
      case 'EAI_AGAIN':
        return `The host of ${place} is not known: correct the host name in DATABASE_URL.`;
      case 'CONNECT_TIMEOUT':
      case 'ETIMEDOUT':
      case 'EHOSTUNREACH':
      case 'ENETUNREACH':
        return `Postgres at ${place} does not answer in time: check the network and firewall, or correct DATABASE_URL.`;
      case '28P01':
      case '28000':
        return `Postgres at ${place} refuses the user "${decodeURIComponent(username)}" (${errorMessage(error)}): correct the user or password in DATABASE_URL.`;
      case '3D000':
        return `There is no database "${database}" at ${place}: create it, or correct DATABASE_URL.`;
      case '53300':
        return `Postgres at ${place} has no free connections: raise max_connections, lower HQ_POOL_SIZE, or stop another client.`;
      case '57P03':
        return `Postgres at ${place} is still starting or stopping: try again in a moment.`;
      default:
        return `Postgres at ${place} cannot be used (${errorMessage(error)}): check DATABASE_URL.`;
    }
  })();
  return new ExitError(sentence, exitCodes.database, { cause: error });
}

/** Host and port of a database URL, for messages. */
export function placeOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname || 'localhost'}:${port || 5432}`;
}
