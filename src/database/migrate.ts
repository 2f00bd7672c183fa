import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { Logger as GraphileLogger, compile, migrate as runCommitted, type Settings } from 'graphile-migrate';
import { runMigrations as installWorker } from 'graphile-worker';
import postgres from 'postgres';

import { ExitError, errorMessage, exitCodes } from '../errors.ts';
import { type Sql, checkServer, connect } from './connect.ts';
import { loadReferenceData } from './reference-data.ts';

export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/** One migration at a time in a database; others wait and then find nothing to do. */
const migrateLock = 474_002;

export type MigrateOptions = {
  /** also run migrations/current.sql, the migration in work */
  dev?: boolean;
  /** told of each migration that runs */
  onProgress?: (message: string) => void;
  /** another folder of migrations, for tests */
  folder?: string;
};

export type MigrateResult = {
  /** file names of the committed migrations that ran now, in order */
  ran: string[];
  /** whether current.sql ran now; it does not when the database has seen the very same text */
  ranCurrent: boolean;
};

/**
 * Brings a database up to date: graphile-worker's tables, then the committed migrations, then in dev mode
 * current.sql. Each migration is one transaction, so a killed run goes on where it stopped. Needs the owner of
 * the database, no superuser. Throws an ExitError with one sentence when the database is in a state it does not know.
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<MigrateResult> {
  const { dev = false, onProgress = () => undefined, folder = migrationsFolder } = options;
  const sql = connect(url, { max: 1, applicationName: 'hq migrate', keepsSessions: true });
  try {
    await checkServer(sql, url);
    await sql`select pg_advisory_lock(${migrateLock})`;
    const before = await recorded(sql);
    await refuseUnknownState(sql, before, folder);
    await inOneSentence('Installing the job queue', () =>
      installWorker({ connectionString: url, logger: silent }),
    );
    if ((await pendingMigrations(sql, folder)).length > 0) {
      await inOneSentence('A committed migration', () => commitPending(sql, url, folder, onProgress));
    }
    const ran = (await recorded(sql)).map(({ filename }) => filename).slice(before.length);
    const ranCurrent =
      dev && (await inOneSentence('migrations/current.sql', () => runCurrent(sql, url, folder)));
    if (ranCurrent) onProgress('current.sql');
    if (ran.length > 0 || ranCurrent) await addReferenceData(sql);
    return { ran, ranCurrent };
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Reference data comes with every migration; a folder of migrations made for a test has no engine to load it into. */
async function addReferenceData(sql: Sql): Promise<void> {
  const [engine] =
    await sql`select from pg_proc where oid = to_regprocedure('etl.load_reference(text, jsonb)')`;
  if (engine === undefined) return;
  await inOneSentence('Loading the reference data', () => loadReferenceData(sql));
  // Twice, because a change settles when those who may have read the old rows are gone; later ones are the worker's.
  await sql`select etl.follow_lookup_changes()`;
  await sql`select etl.follow_lookup_changes()`;
}

/** The committed migrations that the database has not seen, by file name. */
export async function pendingMigrations(sql: Sql, folder = migrationsFolder): Promise<string[]> {
  const done = new Set((await recorded(sql)).map(({ filename }) => filename));
  return (await committedMigrations(folder))
    .map(({ filename }) => filename)
    .filter((name) => !done.has(name));
}

/** current.sql with its includes, or undefined where it holds nothing but comments. */
export async function currentMigration(url: string, folder = migrationsFolder): Promise<string | undefined> {
  const text = await readFile(join(folder, 'current.sql'), 'utf8');
  const meaningful = text
    .split('\n')
    .some((line) => /^--!\s*include/.test(line) || /^\s*(?!--)\S/.test(line));
  return meaningful ? await compile(settingsFor(url, folder), text, { filename: 'current.sql' }) : undefined;
}

/** The settings of graphile-migrate for a database, as .gmrc has them. */
export function settingsFor(
  url: string,
  folder = migrationsFolder,
  onProgress: (message: string) => void = () => undefined,
): Settings {
  return {
    connectionString: url,
    migrationsFolder: folder,
    manageGraphileMigrateSchema: true,
    pgSettings: { search_path: 'public' },
    blankMigrationContent: '-- The migration in work. `npm run db:commit` moves it to committed/.\n',
    logger: new GraphileLogger(() => (_level, message) => {
      const file = /Running migration '(.+?)'/.exec(message)?.[1];
      if (file) onProgress(file);
    }),
  };
}

/**
 * Runs the committed migrations. graphile-migrate keeps its connections for a moment after it has returned, and
 * ends the process when one of them breaks then: so this waits until they are closed.
 */
async function commitPending(
  sql: Sql,
  url: string,
  folder: string,
  onProgress: (message: string) => void,
): Promise<void> {
  const name = `graphile-migrate ${process.pid}`;
  const named = new URL(url);
  named.searchParams.set('application_name', name);
  await runCommitted(settingsFor(named.href, folder, onProgress));
  const open = () => sql`select from pg_stat_activity where application_name = ${name}`;
  while ((await open()).length > 0) await sleep(20);
}

async function runCurrent(sql: Sql, url: string, folder: string): Promise<boolean> {
  const body = await currentMigration(url, folder);
  if (body === undefined) return false;
  await sql`create schema if not exists graphile_migrate`;
  await sql`
    create table if not exists graphile_migrate.current (
      filename text primary key default 'current.sql',
      content text not null,
      date timestamptz not null default now()
    )`;
  const [seen] =
    await sql`select from graphile_migrate.current where filename = 'current.sql' and content = ${body}`;
  if (seen) return false;
  await sql.begin(async (transaction) => {
    await transaction`select set_config('search_path', 'public', true)`;
    try {
      await transaction.unsafe(body).simple();
    } catch (error) {
      throw shortError(error, body);
    }
    // The same row graphile-migrate keeps: it says that this database has seen the migration in work.
    await transaction`
      insert into graphile_migrate.current (filename, content) values ('current.sql', ${body})
      on conflict (filename) do update set content = excluded.content, date = now()`;
  });
  return true;
}

type Migration = { filename: string; hash: string };

async function recorded(sql: Sql): Promise<Migration[]> {
  const [table] = await sql<{ there: boolean }[]>`
    select to_regclass('graphile_migrate.migrations') is not null as there`;
  if (!table?.there) return [];
  return sql<Migration[]>`select filename, hash from graphile_migrate.migrations order by filename`;
}

async function committedMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(join(folder, 'committed')))
    .filter((name) => /^\d{6,}.*\.sql$/.test(name))
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, 'committed', name), 'utf8');
      return { filename: `${name.slice(0, 6)}.sql`, hash: /^--! Hash: (\S+)/m.exec(text)?.[1] ?? '' };
    }),
  );
}

async function refuseUnknownState(sql: Sql, done: Migration[], folder: string): Promise<void> {
  const committed = new Map(
    (await committedMigrations(folder)).map(({ filename, hash }) => [filename, hash]),
  );
  for (const { filename, hash } of done) {
    if (!committed.has(filename)) {
      throw new ExitError(
        `The database has migration ${filename}, which this hq does not know: it was set up by a newer hq, so update this one.`,
        exitCodes.database,
      );
    }
    if (committed.get(filename) !== hash) {
      throw new ExitError(
        `Migration ${filename} differs from the one the database was set up with: restore migrations/committed from git, or use a new database.`,
        exitCodes.database,
      );
    }
  }
  if (done.length > 0) return;
  const [state] = await sql<{ ours: boolean; dev: boolean }[]>`
    select to_regclass('reference.enrichment_workflow_registry') is not null as ours,
           to_regclass('graphile_migrate.current') is not null as dev`;
  if (state?.ours && !state.dev) {
    throw new ExitError(
      'The database has tables of hq but no record of its migrations: restore it from a whole backup, schema graphile_migrate included, or use a new database.',
      exitCodes.database,
    );
  }
}

async function inOneSentence<T>(what: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw new ExitError(
      `${what} failed and was rolled back (${errorMessage(error).split('\n')[0]}): the database is as it was before; correct the cause and run "hq migrate" again.`,
      exitCodes.database,
      { cause: error },
    );
  }
}

/** The error of current.sql in short: where it stopped (file and line, or the innermost context), without the whole text. */
function shortError(error: unknown, body: string): unknown {
  if (!(error instanceof postgres.PostgresError)) return error;
  const place = error.position
    ? placeIn(body, Number(error.position))
    : (error.where ?? 'current.sql')
        .split('\n')
        .map((line) => line.slice(0, 120))
        .slice(0, 5)
        .join(' < ');
  const detail = [error.detail, error.hint].filter(Boolean).join(' ');
  return new Error(`${error.code} ${error.message}, in ${place}${detail ? `. ${detail}` : ''}`);
}

/** The included file and its line at an offset of the compiled migration. */
function placeIn(body: string, offset: number): string {
  const lines = body.slice(0, offset).split('\n');
  const open: { file: string; from: number }[] = [{ file: 'current.sql', from: 0 }];
  lines.forEach((line, index) => {
    const [, start, end] = /^--! (?:Included (.+)|EndIncluded (.+))$/.exec(line) ?? [];
    if (start) open.push({ file: start, from: index + 1 });
    if (end) open.pop();
  });
  const { file, from } = open.at(-1) ?? { file: 'current.sql', from: 0 };
  return `${file} line ${lines.length - from}`;
}

const silent = new GraphileLogger(() => () => undefined);
