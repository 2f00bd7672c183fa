import type { Readable } from 'node:stream';

import type postgres from 'postgres';

import { sameDatabase, type Sql } from '../database/connect.ts';
import { Problem } from './problems.ts';
import { currentTenant } from './tenant.ts';

/** A statement that gives texts only. */
type Statement = (sql: postgres.ReservedSql) => postgres.PendingQuery<postgres.Row[]>;

const mostFiles = 4;
const pageTimeoutMs = 30_000;
/** A file of which nothing is taken, or nothing comes, for so long is broken off: its snapshot keeps dead rows from being cleaned away. */
const defaultStalledMs = 300_000;

/**
 * Runs reads that a caller shapes (filters, sorting, whole files): in read-only transactions, under a time limit, for the
 * caller's tenant, on connections apart from those that serve short calls.
 */
export class Reader {
  readonly #sql: Sql;
  readonly #stalledMs: number;
  #files = 0;

  /** `connections` serve pages; every file has one of its own. */
  constructor(sql: Sql, connections: number, stalledMs = defaultStalledMs) {
    this.#stalledMs = stalledMs;
    // With fetch_types off, postgres.js never gives out a connection that reserve() had to open.
    this.#sql = sameDatabase(sql, { max: connections, fetch_types: true });
  }

  /** All rows of a short answer. */
  async all(statement: Statement): Promise<string[][]> {
    const connection = await this.#sql.reserve();
    try {
      await begin(connection);
      return (await statement(connection).values()) as string[][];
    } finally {
      await giveBack(connection);
    }
  }

  /** What a COPY … TO STDOUT writes. The database computes as fast as it is taken. */
  async *copy(statement: string): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#files >= mostFiles) {
      const headers = { 'Retry-After': '30' };
      throw new Problem(
        'unavailable',
        `${mostFiles} exports are running already; try again later.`,
        {},
        headers,
      );
    }
    this.#files += 1;
    const own = sameDatabase(this.#sql, {
      fetch_types: false,
      connection: {
        ...this.#sql.options.connection,
        ...{ default_transaction_read_only: 'on', statement_timeout: 0, jit: 'off' },
        'hq.client_domain': currentTenant(),
      },
    });
    let watch: NodeJS.Timeout | undefined;
    try {
      const [{ pid } = { pid: 0 }] = await own<{ pid: number }[]>`select pg_backend_pid() as pid`;
      const breakOff = () => this.#sql`select pg_terminate_backend(${pid})`.catch(() => undefined); // it has ended
      watch = setTimeout(() => void breakOff(), this.#stalledMs);
      const file = await started(own.unsafe(statement));
      try {
        for await (const bytes of file.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
          watch.refresh();
          yield bytes;
          watch.refresh();
        }
      } finally {
        if (!file.readableEnded) {
          await breakOff();
          await drained(file);
        }
      }
    } finally {
      clearTimeout(watch);
      this.#files -= 1;
      await own.end({ timeout: 0 });
    }
  }

  /** Closes the connections; reads under way get up to `seconds` to end. */
  close(seconds: number): Promise<void> {
    return this.#sql.end({ timeout: seconds });
  }
}

async function begin(sql: postgres.ReservedSql): Promise<void> {
  await sql`begin transaction isolation level repeatable read read only`;
  await sql`
    select set_config('statement_timeout', ${String(pageTimeoutMs)}, true), set_config('jit', 'off', true),
           set_config('hq.client_domain', ${currentTenant()}, true)`;
}

async function giveBack(connection: postgres.ReservedSql): Promise<void> {
  await connection`rollback`.catch(() => undefined); // the connection is gone, and the transaction with it
  connection.release();
}

/**
 * The stream of a COPY. postgres.js only promises it: when the statement fails within the packet that it began in, the stream fails
 * before whoever awaits it can listen, which would end the process. So it is listened to in the moment it is given.
 */
function started(query: postgres.PendingQuery<postgres.Row[]>): Promise<Readable> {
  return new Promise((resolve, reject) => {
    (query as unknown as { resolve(file: Readable): void }).resolve = (file) => {
      file.on('error', () => undefined); // reading it raises it again
      resolve(file);
    };
    query.readable().catch(reject);
  });
}

/** Reads the rest of what came before the connection ended: a socket that nobody reads is never closed. */
async function drained(file: Readable): Promise<void> {
  if (file.destroyed) return;
  const closed = new Promise<void>((resolve) => file.once('close', resolve));
  file.resume();
  await closed;
}
