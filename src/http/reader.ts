import { setFlagsFromString } from 'node:v8';

import type postgres from 'postgres';

import { sameDatabase, type Sql } from '../database/connect.ts';
import { Problem } from './problems.ts';
import { currentTenant } from './tenant.ts';

/** A statement that gives texts only: fields of CSV, or JSON. */
type Statement = (sql: postgres.ReservedSql) => postgres.PendingQuery<postgres.Row[]>;

const mostStreams = 4;
const pageTimeoutMs = 30_000;
/** For each batch of a stream. */
const batchTimeoutMs = 600_000;
/** A caller that takes nothing for so long loses its stream: the transaction keeps dead rows from being cleaned away. */
const idleSeconds = 300;
const firstRows = 50;
const mostRows = 1_000;
/** About as much as one batch holds: more would be memory for every stream, less a round trip for few rows. */
const batchChars = 16 * 1024;

/**
 * Runs reads that a caller shapes (filters, sorting, whole files): in read-only transactions, under a time limit, for the
 * caller's tenant, on connections apart from those that serve short calls.
 */
export class Reader {
  readonly #sql: Sql;
  #streams = 0;

  /** `connections` serve pages; streams have as many of their own as may run at a time. */
  constructor(sql: Sql, connections: number) {
    // With fetch_types off, postgres.js never gives out a connection that reserve() had to open.
    this.#sql = sameDatabase(sql, { max: connections + mostStreams, fetch_types: true });
  }

  /** All rows of a short answer. */
  async all(statement: Statement): Promise<string[][]> {
    return this.#reading(pageTimeoutMs, async (sql) => (await statement(sql).values()) as string[][]);
  }

  /** Rows by cursor, in batches: the database computes the next one when the one before was taken. */
  async *stream(query: string): AsyncGenerator<string[][], void, undefined> {
    if (this.#streams >= mostStreams) {
      const headers = { 'Retry-After': '30' };
      throw new Problem(
        'unavailable',
        `${mostStreams} exports are running already; try again later.`,
        {},
        headers,
      );
    }
    if (this.#streams === 0) collectOften(true);
    this.#streams += 1;
    let connection: postgres.ReservedSql | undefined;
    try {
      connection = await this.#sql.reserve();
      await begin(connection, batchTimeoutMs);
      await connection.unsafe(`declare streamed no scroll cursor for ${query}`);
      for (let wanted = firstRows; ;) {
        const rows = (await connection.unsafe(`fetch ${wanted} from streamed`).values()) as string[][];
        if (rows.length > 0) yield rows;
        if (rows.length < wanted) return;
        wanted = rowsOf(batchChars, rows);
      }
    } finally {
      this.#streams -= 1;
      if (this.#streams === 0) collectOften(false);
      if (connection) await giveBack(connection);
    }
  }

  /** Closes the connections; reads under way get up to `seconds` to end. */
  close(seconds: number): Promise<void> {
    return this.#sql.end({ timeout: seconds });
  }

  async #reading<T>(timeoutMs: number, read: (sql: postgres.ReservedSql) => Promise<T>): Promise<T> {
    const connection = await this.#sql.reserve();
    try {
      await begin(connection, timeoutMs);
      return await read(connection);
    } finally {
      await giveBack(connection);
    }
  }
}

/**
 * Rows that stream through are garbage at once, but V8 moves them to its old space, as each is reached from the one before, and looks
 * there only when the heap has doubled: hundreds of megabytes. So told, it looks when it has grown by a tenth. It is not told for good,
 * as for everything else that would be more work for nothing.
 */
function collectOften(isOften: boolean): void {
  setFlagsFromString(`--heap-growing-percent=${isOften ? 10 : 0}`);
  setFlagsFromString(`--semi-space-growth-factor=${isOften ? 1 : 2}`);
}

async function begin(sql: postgres.ReservedSql, timeoutMs: number): Promise<void> {
  await sql`begin transaction isolation level repeatable read read only`;
  await sql`
    select set_config('statement_timeout', ${String(timeoutMs)}, true), set_config('jit', 'off', true),
           set_config('idle_in_transaction_session_timeout', ${`${idleSeconds}s`}, true),
           set_config('hq.client_domain', ${currentTenant()}, true)`;
}

async function giveBack(connection: postgres.ReservedSql): Promise<void> {
  await connection`rollback`.catch(() => undefined); // the connection is gone, and the transaction with it
  connection.release();
}

/** How many rows like these make up so many characters. */
function rowsOf(chars: number, rows: string[][]): number {
  let found = 1;
  for (const row of rows) for (const text of row) found += (text as string | null)?.length ?? 0;
  return Math.min(mostRows, Math.max(1, Math.floor((chars * rows.length) / found)));
}
