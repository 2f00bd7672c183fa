import type { Config } from '../config.ts';
import { ExitError, exitCodes } from '../errors.ts';
import { type Sql, checkServer, connect } from './connect.ts';
import { type Embedded, useEmbedded } from './embedded.ts';
import { migrate, pendingMigrations } from './migrate.ts';

/** A database ready for use, and the way to let go of it. */
export type OpenDatabase = {
  url: string;
  sql: Sql;
  /** the embedded server, when that is what is used */
  embedded: Embedded | undefined;
  [Symbol.asyncDispose](): Promise<void>;
};

export type OpenOptions = {
  /** connections of the pool */
  max?: number;
  applicationName?: string;
  /** told of each migration that runs */
  onProgress?: (message: string) => void;
  /**
   * when to migrate: `always`; `embedded`, only our own server, and refuse another that is behind; `never`,
   * take the database as it is
   */
  migrations?: 'always' | 'embedded' | 'never';
};

/** Connects to DATABASE_URL, else to the embedded server, which is started when it does not run. */
export async function openDatabase(config: Config, options: OpenOptions = {}): Promise<OpenDatabase> {
  const { migrations = 'embedded', onProgress, ...pool } = options;
  const embedded = config.databaseUrl === undefined ? await useEmbedded(config.dataDir) : undefined;
  const url = config.databaseUrl ?? (embedded as Embedded).url;
  const sql = connect(url, pool);
  const database = {
    url,
    sql,
    embedded,
    async [Symbol.asyncDispose]() {
      await sql.end({ timeout: 5 });
      await embedded?.release();
    },
  };
  try {
    await checkServer(sql, url);
    if (migrations === 'always' || (migrations === 'embedded' && embedded)) {
      await migrate(url, { dev: config.dev, onProgress });
    } else if (migrations === 'embedded') {
      await refusePending(sql);
    }
    return database;
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}

async function refusePending(sql: Sql): Promise<void> {
  const pending = await pendingMigrations(sql);
  if (pending.length === 0) return;
  throw new ExitError(
    `The database lacks ${pending.length} of the migrations of this hq: run "hq migrate" first.`,
    exitCodes.database,
  );
}
