import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Config } from '../config.ts';
import type { Sql } from '../database/connect.ts';
import { copyText } from '../database/copy-text.ts';
import { ExitError, errorCode, exitCodes } from '../errors.ts';
import { type Line, splitLines } from './lines.ts';
import type { Progress } from './progress.ts';

/** A file or stream of one JSON body per line. */
export type Source = {
  name: string;
  /** the same content always has the same fingerprint: that makes a second load of it a no-op */
  fingerprint: string;
  /** bytes; undefined for a stream */
  size: number | undefined;
  /** the content from a byte offset on */
  read(from: number): AsyncIterable<Buffer>;
};

export type LoadReport = {
  load_id: string;
  /** whether everything had been loaded before */
  repeated: boolean;
  lines_loaded: number;
  lines_failed: number;
  seconds: number;
  /** the most frequent reasons, each with its first line */
  errors: { code: string; detail: string; lines: number; first_line: number }[];
  /** payloads that landed but could not be processed; they are listed under failures */
  landed_but_failed: number;
};

/** One COPY holds at most this many bytes of lines (and HQ_BATCH_SIZE lines). */
const chunkBytes = 16 * 1024 * 1024;

/**
 * Loads every line of the source into a workflow in constant memory: copies a chunk of lines, lands and processes it,
 * and goes on. Both steps are transactions that note how far they came, so a killed load goes on where it stopped
 * when it is run again. When `stop` is aborted it returns after the chunk in hand, with `finished` false.
 */
export async function load(
  sql: Sql,
  workflow: string,
  source: Source,
  config: Pick<Config, 'batchSize' | 'maxRequestBytes'>,
  progress: Progress,
  stop: AbortSignal,
): Promise<LoadReport & { finished: boolean }> {
  const startedAt = Date.now();
  const begun = await beginLoad(sql, workflow, source);
  const repeated = begun.finished_at !== null;
  let loaded = begun.lines_loaded;
  let failed = begun.lines_failed;
  progress.start(source.size, begun.bytes_read, loaded + failed);

  async function loadCopied(): Promise<void> {
    for (let remaining = true; remaining && !stop.aborted;) {
      const step = await loadChunk(sql, begun.load_id, config.batchSize);
      loaded += step.loaded;
      failed += step.failed;
      remaining = step.remaining;
    }
  }

  if (!repeated) {
    await loadCopied();
    const lines = splitLines(source.read(begun.bytes_read), config.maxRequestBytes, {
      lines: begun.lines_copied,
      bytes: begun.bytes_read,
    });
    for await (const chunk of chunksOf(lines, config.batchSize, chunkBytes)) {
      if (stop.aborted) break;
      failed += await copyLines(sql, begun.load_id, chunk);
      await loadCopied();
      progress.update(chunk.at(-1)?.end ?? 0, loaded + failed, failed);
    }
  }
  progress.stop();
  const finished = !stop.aborted;
  return { ...(await report(sql, begun.load_id, finished)), repeated, finished, seconds: since(startedAt) };
}

type Begun = {
  load_id: string;
  lines_copied: number;
  bytes_read: number;
  lines_loaded: number;
  lines_failed: number;
  finished_at: string | null;
};

async function beginLoad(sql: Sql, workflow: string, { name, fingerprint, size }: Source): Promise<Begun> {
  const [row] = await sql<{ begun: Begun }[]>`
    select etl.begin_load(
      workflow_slug => ${workflow}, source_name => ${name},
      source_fingerprint => ${fingerprint}, source_size => ${size ?? null}) as begun`;
  return (row as { begun: Begun }).begun;
}

/** Copies lines in and notes how far the source was read, in one transaction. Gives the number of lines refused here. */
async function copyLines(sql: Sql, loadId: string, chunk: Line[]): Promise<number> {
  const last = chunk.at(-1) as Line;
  const refused = chunk.filter((line) => line.problem);
  await sql.begin(async (transaction) => {
    const rows = chunk
      .filter((line) => line.text !== undefined)
      .map(({ number, text }) => `${loadId}\t${number}\t${copyText(text as string)}\n`);
    const copy = await transaction`copy etl.load_lines (load_id, line_number, body) from stdin`.writable();
    await pipeline(Readable.from(rows), copy);
    for (const { number, problem } of refused) {
      await transaction`
        insert into etl.load_errors (load_id, line_number, code, detail, body)
        values (${loadId}, ${number}, ${problem?.code ?? ''}, ${problem?.detail ?? ''}, ${problem?.excerpt ?? ''})
        on conflict do nothing`;
    }
    await transaction`
      update etl.loads set lines_failed = lines_failed + ${refused.length} where id = ${loadId}`;
    await transaction`
      select etl.note_lines_copied(load_id => ${loadId}, lines_copied => ${last.number}, bytes_read => ${last.end})`;
  });
  return refused.length;
}

async function loadChunk(sql: Sql, loadId: string, maxLines: number) {
  const [row] = await sql<{ step: { loaded: number; failed: number; remaining: boolean } }[]>`
    select etl.load_chunk(load_id => ${loadId}, max_lines => ${maxLines}) as step`;
  return row?.step ?? { loaded: 0, failed: 0, remaining: false };
}

async function report(sql: Sql, loadId: string, finished: boolean) {
  type Finished = Pick<LoadReport, 'load_id' | 'lines_loaded' | 'lines_failed' | 'errors'>;
  if (!finished) {
    const [row] = await sql<{ lines_loaded: string; lines_failed: string }[]>`
      select lines_loaded, lines_failed from etl.loads where id = ${loadId}`;
    const counts = { lines_loaded: Number(row?.lines_loaded), lines_failed: Number(row?.lines_failed) };
    return { load_id: loadId, ...counts, errors: [], landed_but_failed: 0 };
  }
  const [row] = await sql<{ report: Finished }[]>`select etl.finish_load(load_id => ${loadId}) as report`;
  const result = (row as { report: Finished }).report;
  const refused = result.errors.reduce((sum, { lines }) => sum + lines, 0);
  return { ...result, landed_but_failed: Math.max(0, result.lines_failed - refused) };
}

/** Groups lines into chunks of at most `maxLines` lines and about `maxBytes` bytes. */
export async function* chunksOf(
  lines: AsyncIterable<Line>,
  maxLines: number,
  maxBytes: number,
): AsyncGenerator<Line[]> {
  let chunk: Line[] = [];
  let bytes = 0;
  for await (const line of lines) {
    chunk.push(line);
    bytes += line.text?.length ?? 0;
    if (chunk.length < maxLines && bytes < maxBytes) continue;
    yield chunk;
    chunk = [];
    bytes = 0;
  }
  if (chunk.length > 0) yield chunk;
}

/** A file, known by its content; `fingerprint` reads it once from beginning to end. */
export async function fileSource(path: string): Promise<Source> {
  try {
    const { size } = await stat(path);
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
      hash.update(chunk as Buffer);
    return {
      name: basename(path),
      fingerprint: `sha256:${hash.digest('hex')}`,
      size,
      read: (from) => createReadStream(path, { start: from, highWaterMark: 1 << 18 }),
    };
  } catch (error) {
    const reason = {
      ENOENT: 'there is no such file',
      EACCES: 'it may not be read',
      EISDIR: 'it is a folder',
    }[errorCode(error) ?? ''];
    if (!reason) throw error;
    throw new ExitError(`Cannot load ${path}: ${reason}.`, exitCodes.usage, { cause: error });
  }
}

/**
 * A stream, which can be read once. With a name it is the same load each time that name is given: what was
 * copied before is passed over. Without one each run is a load of its own.
 */
export function streamSource(stream: AsyncIterable<Buffer>, name?: string): Source {
  return {
    name: name ?? 'standard input',
    fingerprint: name ? `name:${name}` : `once:${randomUUID()}`,
    size: undefined,
    read: (from) => skip(stream, from),
  };
}

async function* skip(stream: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of stream) {
    if (left >= chunk.length) left -= chunk.length;
    else {
      yield left > 0 ? chunk.subarray(left) : chunk;
      left = 0;
    }
  }
}

function since(start: number): number {
  return Math.round((Date.now() - start) / 10) / 100;
}
