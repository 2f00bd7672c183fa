import { stringify } from 'csv-stringify/sync';
import type postgres from 'postgres';

import { type AppContext, answer } from './context.ts';
import type { Log } from '../log.ts';
import { sameDatabase, type Sql } from './lanes.ts';
import { Problem } from './problems.ts';
import { currentTenant } from './tenant.ts';

export type ExportFormat = 'csv' | 'ndjson';

const rowsAtOnce = 250;
const mostExports = 4;
/** A caller that takes nothing for so long loses the export: its transaction keeps dead rows from being cleaned away. */
const idleSeconds = 300;

const contentTypes: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson',
};

/** Whole lists as CSV or NDJSON, read through a cursor as fast as the caller takes them: memory does not grow with the rows. */
export class Exports {
  readonly #sql: Sql;
  readonly #log: Log;
  #running = 0;

  constructor(sql: Sql, log: Log) {
    // Types are fetched although all columns are texts: without that, postgres.js never gives a reserved connection.
    this.#sql = sameDatabase(sql, { max: mostExports });
    this.#log = log;
  }

  /** Answers with all rows of `query`, whose columns are texts: the CSV fields, or one JSON text. */
  async answer(
    c: AppContext,
    {
      query,
      columns,
      format,
      name,
    }: { query: string; columns: string[]; format: ExportFormat; name: string },
  ): Promise<Response> {
    if (this.#running >= mostExports) {
      throw new Problem(
        'unavailable',
        `${mostExports} exports are running already; try again later.`,
        {},
        { 'Retry-After': '30' },
      );
    }
    const chunks = this.#chunks(query, format === 'csv' ? csvText(columns) : lines);
    // The first rows are read before the status is sent, so that a query that fails is a problem and no broken file.
    const first = await chunks.next();
    const encoder = new TextEncoder();
    const requestId = c.get('requestId');
    let next: Promise<IteratorResult<string>> = Promise.resolve(first);
    const stream = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        try {
          const { done, value } = await next;
          if (done) return controller.close();
          controller.enqueue(encoder.encode(value));
          next = chunks.next();
          next.catch(() => undefined); // seen at the next pull
        } catch (error) {
          this.#log.error({ err: error, request: requestId }, 'an export was broken off');
          controller.error(error);
        }
      },
      cancel: async () => {
        await chunks.return(undefined);
      },
    });
    return answer(c, 200, stream, contentTypes[format], {
      'Content-Disposition': `attachment; filename="${name}.${format}"`,
    });
  }

  /** Closes the connections; exports under way get up to `seconds` to end. */
  async close(seconds: number): Promise<void> {
    await this.#sql.end({ timeout: seconds });
  }

  async *#chunks(query: string, text: (rows: string[][], isFirst: boolean) => string) {
    this.#running += 1;
    let connection: postgres.ReservedSql | undefined;
    try {
      connection = await this.#sql.reserve();
      await connection`begin read only`;
      await connection`
        select set_config('hq.client_domain', ${currentTenant.getStore() ?? ''}, true),
               set_config('statement_timeout', '0', true), set_config('jit', 'off', true),
               set_config('idle_in_transaction_session_timeout', ${`${idleSeconds}s`}, true)`;
      await connection.unsafe(`declare exported no scroll cursor for ${query}`);
      for (let isFirst = true; ; isFirst = false) {
        const rows: string[][] = await connection.unsafe(`fetch ${rowsAtOnce} from exported`).values();
        if (rows.length > 0 || isFirst) yield text(rows, isFirst);
        if (rows.length < rowsAtOnce) return;
      }
    } finally {
      this.#running -= 1;
      if (connection) {
        await connection`rollback`.catch(() => undefined); // the connection is gone, and the transaction with it
        connection.release();
      }
    }
  }
}

/** A text that a spreadsheet would take for a formula gets an apostrophe before it. */
function csvText(columns: string[]) {
  return (rows: string[][], isFirst: boolean): string =>
    stringify(rows, { escape_formulas: true, header: isFirst, columns, record_delimiter: '\r\n' });
}

function lines(rows: string[][]): string {
  return rows.map(([line]) => `${line}\n`).join('');
}
