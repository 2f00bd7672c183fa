import { stringify } from 'csv-stringify/sync';

import type { Log } from '../log.ts';
import { type AppContext, answer, unprocessable } from './context.ts';

/** How a list is answered: one JSON page, or all rows as a stream of CSV or of one JSON object per line. */
export type Format = 'json' | 'csv' | 'ndjson';

const mediaTypes: Record<string, Format> = {
  'application/json': 'json',
  'application/*': 'json',
  '*/*': 'json',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'text/csv': 'csv',
  'text/*': 'csv',
};

const contentTypes: Record<Format, string> = {
  json: 'application/json',
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson',
};

/** The format a caller asks for: `?format=` first, then the best of `Accept`; JSON where neither says. */
export function formatOf(c: AppContext): Format {
  const asked = c.req.query('format')?.toLowerCase();
  if (asked !== undefined && asked !== '') {
    if (Object.hasOwn(contentTypes, asked)) return asked as Format;
    throw unprocessable([{ parameter: 'format', detail: `must be json, csv or ndjson, not "${asked}"` }]);
  }
  const accepted = (c.req.header('accept') ?? '')
    .split(',')
    .map((entry) => {
      const [type = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return { format: mediaTypes[type], quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ format, quality }) => format !== undefined && quality > 0)
    .sort((one, other) => other.quality - one.quality);
  return accepted[0]?.format ?? 'json';
}

export type RowsFile = {
  /** rows as texts: the fields of the CSV, or one JSON object */
  batches: AsyncIterable<string[][]>;
  /** columns of the CSV, in order */
  columns: readonly string[];
  /** name of the file a browser saves, without its ending */
  name: string;
  log: Log;
};

/**
 * Answers with all rows, in constant memory: the next batch is asked for when the caller has read the one before. What
 * fails before the first batch is a problem; what fails later breaks the stream off, so that half a file is not taken
 * for a whole one.
 */
export async function answerRows(
  c: AppContext,
  format: 'csv' | 'ndjson',
  { batches, columns, name, log }: RowsFile,
): Promise<Response> {
  const source = batches[Symbol.asyncIterator]();
  const write = format === 'csv' ? csvOf : linesOf;
  const encoder = new TextEncoder();
  let first: IteratorResult<string[][]> | null = await source.next();
  let head = format === 'csv' ? csvOf([[...columns]]) : '';

  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = first ?? (await source.next());
          first = null;
          const text = head + (done ? '' : write(value));
          head = '';
          if (text !== '') controller.enqueue(encoder.encode(text));
          if (done) controller.close();
        } catch (error) {
          log.error({ err: error, request: c.get('requestId') }, 'a stream of rows was broken off');
          controller.error(error);
        }
      },
      async cancel() {
        await source.return?.();
      },
    },
    // Nothing is read ahead: what waits for a slow caller waits in the database.
    { highWaterMark: 0 },
  );
  return answer(c, 200, stream, contentTypes[format], {
    'Content-Disposition': `attachment; filename="${name}.${format}"`,
    'Cache-Control': 'no-store',
  });
}

function linesOf(rows: string[][]): string {
  return rows.map(([row]) => `${row}\n`).join('');
}

/** The database has made cells safe that a spreadsheet would run (api.cell_sql). */
function csvOf(rows: string[][]): string {
  return stringify(rows, { record_delimiter: 'windows' });
}
