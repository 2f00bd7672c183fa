import type { AppContext } from './context.ts';
import { Problem } from './problems.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Text of UTF-8 bytes; a problem with the position of the first wrong byte when they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    const detail = `The body is not UTF-8 (first wrong byte at ${wrongByteAt(bytes)}).`;
    throw new Problem('bad-request', detail, {}, {}, { cause: error });
  }
}

function wrongByteAt(bytes: Uint8Array): number {
  const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const replaced = decoded.indexOf('\ufffd');
  return new TextEncoder().encode(decoded.slice(0, replaced)).length;
}

/** The problem of a body over its limit. */
export function tooLarge(limit: number, what = 'The body'): Problem {
  return new Problem('too-large', `${what} is larger than the ${limit} bytes allowed here.`, {
    limit_bytes: limit,
  });
}

/** Bytes of the request body as they come. */
export function bodyChunks(c: AppContext): AsyncIterable<Uint8Array> {
  return c.env?.incoming ?? c.req.raw.body ?? noChunks();
}

async function* noChunks(): AsyncGenerator<Uint8Array> {
  // a request without a body
}

/** The whole body. A problem as soon as it is longer than `limit`: the rest is not read. */
export async function readBytes(c: AppContext, limit: number): Promise<Uint8Array> {
  if (Number(c.req.header('content-length') ?? 0) > limit) throw tooLarge(limit);
  const incoming = c.env?.incoming;
  if (incoming) return readIncoming(incoming, limit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bodyChunks(c)) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

type Incoming = NonNullable<NonNullable<AppContext['env']>['incoming']>;

// By events, not by async iteration: this is the hot path, and a body is mostly one chunk.
function readIncoming(incoming: Incoming, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    function stop(): void {
      incoming.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
    }
    function onData(chunk: Uint8Array): void {
      size += chunk.length;
      if (size > limit) {
        stop();
        incoming.pause();
        reject(tooLarge(limit));
        return;
      }
      chunks.push(chunk);
    }
    function onEnd(): void {
      stop();
      resolve(chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks, size));
    }
    function onGone(): void {
      stop();
      reject(new Problem('bad-request', 'The connection ended before the whole body had come.'));
    }
    // The caller may have gone while its key was looked up; then no event comes any more.
    if (incoming.destroyed) return onGone();
    incoming.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}

export type BodyFormat = 'json' | 'ndjson';

const formats: Record<string, BodyFormat> = {
  '': 'json',
  'application/json': 'json',
  'text/json': 'json',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/x-jsonlines': 'ndjson',
};

/** What the content type says the body is; none at all counts as JSON. */
export function bodyFormat(c: AppContext): BodyFormat {
  const encoding = c.req.header('content-encoding');
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new Problem(
      'unsupported-media-type',
      `Content-Encoding "${encoding}" is not taken: send the body uncompressed.`,
    );
  }
  const [type = '', ...parameters] = (c.req.header('content-type') ?? '').toLowerCase().split(';');
  const charset = parameters
    .map((parameter) => /^\s*charset="?([^"]*)"?\s*$/.exec(parameter)?.[1])
    .find(Boolean);
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    throw new Problem('unsupported-media-type', `Charset "${charset}" is not taken: send UTF-8.`);
  }
  const name = type.trim();
  const format = formats[name] ?? (name.endsWith('+json') ? 'json' : undefined);
  if (format === undefined) {
    throw new Problem(
      'unsupported-media-type',
      `Content-Type "${name}" is not taken: send application/json (one object or an array of them) or application/x-ndjson.`,
    );
  }
  return format;
}
