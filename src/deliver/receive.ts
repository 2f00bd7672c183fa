import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Sql } from '../database/connect.ts';
import { copyText } from '../database/copy-text.ts';
import { tableRows } from './table-file.ts';

/** What etl.finish_delivery gives. */
export type MadeDelivery = {
  success: boolean;
  delivery_id: string;
  status_url: string;
  total_rows: number;
  sent: number;
  skipped: number;
  message: string;
  errors: string[];
};

/**
 * Makes a delivery of the rows of a file, in one transaction: all of it or nothing. The file is read once, row by row.
 * `request` is asked for when the file has ended, as the fields of an upload may come after it.
 * Rejects with a FileProblem, with what `request` rejects with, or with what the database raises.
 */
export async function receiveFile(
  sql: Sql,
  workflow: string,
  bytes: AsyncIterable<Uint8Array>,
  request: () => Promise<Record<string, unknown>>,
): Promise<MadeDelivery> {
  return sql.begin(async (transaction) => {
    const [made] = await transaction<{ id: string }[]>`select etl.uuidv7() as id`;
    const id = made?.id as string;
    const copy = await transaction`
      copy etl.delivery_rows (delivery_id, position, body) from stdin`.writable();
    await pipeline(Readable.from(copyLines(id, tableRows(bytes)), { objectMode: false }), copy);
    const body = await request();
    await transaction`
      select etl.begin_delivery(workflow_slug => ${workflow}, request => ${JSON.stringify(body)}::text::jsonb, delivery_id => ${id})`;
    const [finished] = await transaction<{ answer: MadeDelivery }[]>`
      select etl.finish_delivery(delivery_id => ${id}) as answer`;
    return (finished as { answer: MadeDelivery }).answer;
  }) as Promise<MadeDelivery>;
}

/** Lines of COPY's text format, many to a chunk, so that a row costs no write of its own. */
async function* copyLines(id: string, rows: AsyncIterable<string>): AsyncGenerator<string> {
  let position = 0;
  let chunk = '';
  for await (const row of rows) {
    chunk += `${id}\t${position}\t${copyText(row)}\n`;
    position += 1;
    if (chunk.length < 64 * 1024) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
