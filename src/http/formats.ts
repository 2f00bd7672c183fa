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
  /** the file as the database writes it (Reader.copy) */
  bytes: AsyncIterable<Uint8Array>;
  /** name of the file a browser saves, without its ending */
  name: string;
  log: Log;
};

/**
 * Answers with a file, in constant memory: more is asked for when the caller has read what came before. What fails before the
 * first bytes is a problem; what fails later breaks the stream off, so that half a file is not taken for a whole one.
 */
export async function answerFile(
  c: AppContext,
  format: 'csv' | 'ndjson',
  { bytes, name, log }: RowsFile,
): Promise<Response> {
  const source = bytes[Symbol.asyncIterator]();
  // The header of a CSV comes alone when the first row fails: only what follows tells.
  const ahead = [await source.next(), await source.next()];

  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = ahead.shift() ?? (await source.next());
          if (done) controller.close();
          else controller.enqueue(value);
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
    // So told, the server sends each part as it comes, and does not first try to find out the length.
    'Transfer-Encoding': 'chunked',
  });
}
