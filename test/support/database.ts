import { randomUUID } from 'node:crypto';

import type postgres from 'postgres';
import { inject, test as base } from 'vitest';

import { type Sql, connect } from '../../src/database/connect.ts';
import { errorCode } from '../../src/errors.ts';

/** A database of its own, cloned from the migrated template. */
export type TestDatabase = {
  /** for pools, child processes and psql */
  url: string;
  name: string;
  /** opens another pool on it; closed with the database */
  connect(max?: number): Sql;
  drop(): Promise<void>;
};

/** Clones the migrated template, or makes an empty database. Costs about 50 ms. */
export async function createTestDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const server = connect(inject('serverUrl'), { max: 1, applicationName: 'hq test' });
  const name = `${inject('template')}_${randomUUID().slice(0, 8)}`;
  const from = empty ? 'template0' : inject('template');
  await server.unsafe(`create database ${name} template ${from}`);
  const url = new URL(inject('serverUrl'));
  url.pathname = `/${name}`;
  const pools: Sql[] = [];
  return {
    url: url.href,
    name,
    connect(max = 4) {
      const pool = connect(url.href, { max, applicationName: 'hq test' });
      pools.push(pool);
      return pool;
    },
    async drop() {
      await Promise.all(pools.map((pool) => pool.end({ timeout: 1 })));
      await dropDatabase(server, name);
      await server.end();
    },
  };
}

/**
 * Drops a database, and ends what this role still has open on it. Never by force: a role that is no superuser may not end
 * an autovacuum worker, while a plain drop asks it to leave and waits some seconds; a busy machine may need several of them.
 */
async function dropDatabase(server: Sql, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await server.unsafe(`drop database if exists ${name}`);
      return;
    } catch (error) {
      if (errorCode(error) !== '55006' || attempt === 5) throw error;
      await server`
        select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name} and usename = current_user`;
    }
  }
}

class Rollback extends Error {}

/** Runs the claim in a transaction that is always rolled back. */
export async function withRollback(sql: Sql, claim: (sql: postgres.TransactionSql) => Promise<void>) {
  await sql
    .begin(async (transaction) => {
      await claim(transaction);
      throw new Rollback();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Rollback)) throw error;
    });
}

type Fixtures = {
  /** one clone for the whole test file */
  database: TestDatabase;
  /** a pool on that clone: what it writes stays until the file ends */
  pool: Sql;
  /** one connection in a transaction of its own, rolled back after the test */
  sql: postgres.TransactionSql;
  /** a clone for this test alone, for tests with several connections or processes */
  ownDatabase: TestDatabase;
};

/** vitest's `test` with a database. Ask for `sql` unless the claim needs committed data or several connections. */
export const test = base.extend<Fixtures>({
  database: [
    async ({}, use) => {
      const database = await createTestDatabase();
      await use(database);
      await database.drop();
    },
    { scope: 'file' },
  ],
  pool: [
    async ({ database }, use) => {
      await use(database.connect());
    },
    { scope: 'file' },
  ],
  sql: async ({ pool }, use) => {
    await withRollback(pool, use);
  },

  ownDatabase: async ({}, use) => {
    const database = await createTestDatabase();
    await use(database);
    await database.drop();
  },
});
