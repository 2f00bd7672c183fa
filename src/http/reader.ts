import type postgres from 'postgres';

import { sameDatabase, type Sql } from './lanes.ts';

/** What a caller may see of the tables that belong to tenants. */
export type Sight = {
  /** normalised domain of the only tenant whose rows are shown; null: of none */
  tenant: string | null;
  /** shows the rows of all tenants */
  seesAll: boolean;
};

/** A row as JSON text, and the values of its sort columns where a page may go on from it. */
export type ReadRow = { row: string; keys?: string };

type Statement = (sql: postgres.ReservedSql) => postgres.PendingQuery<ReadRow[]>;

const rowsPerFetch = 500;

/**
 * Runs reads that a caller shapes (filters, sorting, exports): in read-only transactions, under a time limit, with the
 * caller's tenant set for row-level security, on connections apart from those that serve short calls.
 */
export class Reader {
  readonly #sql: Sql;

  constructor(sql: Sql, connections: number) {
    // With fetch_types off, postgres.js never gives out a connection that reserve() had to open.
    this.#sql = sameDatabase(sql, { max: connections, fetch_types: true });
  }

  /** All rows of a short answer. */
  async all(sight: Sight, timeoutMs: number, statement: Statement): Promise<ReadRow[]> {
    const rows: ReadRow[] = [];
    for await (const batch of this.stream(sight, timeoutMs, statement)) rows.push(...batch);
    return rows;
  }

  /** Rows by cursor, in batches: the database computes the next one when the one before was taken. */
  async *stream(sight: Sight, timeoutMs: number, statement: Statement): AsyncGenerator<ReadRow[]> {
    const sql = await this.#sql.reserve();
    try {
      await sql`begin transaction isolation level repeatable read read only`;
      try {
        await sql`
          select set_config('statement_timeout', ${String(timeoutMs)}, true), set_config('jit', 'off', true),
                 api.see_as(${sight.tenant}::text, ${sight.seesAll}::boolean)`;
        for await (const batch of statement(sql).cursor(rowsPerFetch)) yield batch;
      } finally {
        await sql`rollback`;
      }
    } finally {
      sql.release();
    }
  }

  /** Closes the connections; reads under way get up to `seconds` to end. */
  close(seconds: number): Promise<void> {
    return this.#sql.end({ timeout: seconds });
  }
}
