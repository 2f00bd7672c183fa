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

export const contentTypes: Record<Format, string> = {
  json: 'application/json',
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson',
};

/** The format a caller asks for: `?format=` first, then the best of `Accept`; JSON where neither says. */
export function formatOf(c: AppContext): Format {
  const asked = c.req.query('format');
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

export type StreamOptions = {
  /** columns of the CSV, in order; the keys of the rows */
  columns: readonly string[];
  /** name of the file a browser saves, without its ending */
  name: string;
  log: Log;
  headers?: Record<string, string>;
};

/**
 * Answers with all rows, in constant memory: the next batch is asked for when the caller has read the one before.
 * `batches` are rows as JSON object texts. What fails before the first batch is a problem; what fails later breaks the
 * stream off, so that half a file is not taken for a whole one.
 */
export async function answerRows(
  c: AppContext,
  format: 'csv' | 'ndjson',
  batches: AsyncIterable<readonly string[]>,
  options: StreamOptions,
): Promise<Response> {
  const source = batches[Symbol.asyncIterator]();
  const write = format === 'csv' ? csvOf(options.columns) : linesOf;
  const encoder = new TextEncoder();
  let next: Promise<IteratorResult<readonly string[]>> | null = Promise.resolve(await source.next());
  let head = format === 'csv' ? csvHeader(options.columns) : '';

  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await (next ?? source.next());
          next = null;
          const text = head + (done ? '' : write(value));
          head = '';
          if (text !== '') controller.enqueue(encoder.encode(text));
          if (done) controller.close();
        } catch (error) {
          options.log.error({ err: error, request: c.get('requestId') }, 'a stream of rows was broken off');
          controller.error(error);
        }
      },
      async cancel() {
        await source.return?.();
      },
    },
    { highWaterMark: 1 },
  );
  return answer(c, 200, stream, contentTypes[format], {
    'Content-Disposition': `attachment; filename="${options.name}.${format}"`,
    'Cache-Control': 'no-store',
    ...options.headers,
  });
}

function linesOf(rows: readonly string[]): string {
  return rows.map((row) => `${row}\n`).join('');
}

function csvHeader(columns: readonly string[]): string {
  return stringify([[...columns]], csvOptions);
}

/** A spreadsheet runs what begins like a formula; an apostrophe in front makes it text. Numbers stay numbers. */
const csvOptions = {
  escape_formulas: true,
  record_delimiter: 'windows',
  cast: { boolean: (value: boolean) => String(value) },
} as const;

function csvOf(columns: readonly string[]): (rows: readonly string[]) => string {
  return (rows) =>
    stringify(
      rows.map((row) => {
        const values = JSON.parse(row, exactNumber) as Record<string, unknown>;
        return columns.map((column) => cell(values[column]));
      }),
      csvOptions,
    );
}

function cell(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

/** A number as it was written where a double would change it: ids and sums beyond 2^53, long decimals. */
function exactNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined || String(value) === context.source)
    return value;
  return /^-?\d+$/.test(context.source) && !Number.isSafeInteger(value)
    ? BigInt(context.source)
    : context.source;
}
