import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { afterAll, describe, expect } from 'vitest';

import { type Source, fileSource, load, streamSource } from '../../src/cli/load.ts';
import { noProgress } from '../../src/cli/progress.ts';
import type { Sql } from '../../src/database/connect.ts';
import { test } from '../support/database.ts';
import { companyBody } from '../support/payloads.ts';

const folder = await mkdtemp(join(tmpdir(), 'hq-load-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const small = { batchSize: 10, maxRequestBytes: 100_000 };

/** Loads to the end, or until `stop` is aborted. */
function loadAll(sql: Sql, source: Source, stop = new AbortController().signal) {
  return load(sql, 'companyenrich', source, small, noProgress, stop);
}

/** NDJSON of as many companies, each with a domain of its own. */
async function companies(sql: Sql, name: string, count: number): Promise<string[]> {
  const bodies = await Promise.all(
    Array.from({ length: count }, (_, i) => companyBody(sql, `${name}-${i}.example.com`)),
  );
  return bodies.map((body) => JSON.stringify(body));
}

async function file(name: string, content: string | Buffer): Promise<Source> {
  const path = join(folder, name);
  await writeFile(path, content);
  return fileSource(path);
}

async function countRaw(sql: Sql, name: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from raw.payloads where entity_key like ${`${name}-%`}`;
  return row?.count ?? 0;
}

describe('load', () => {
  test('loads every line, and the same file again changes nothing', async ({ pool }) => {
    const source = await file('every.ndjson', (await companies(pool, 'every', 25)).join('\n'));

    expect(await loadAll(pool, source)).toMatchObject({
      lines_loaded: 25,
      lines_failed: 0,
      errors: [],
      repeated: false,
      finished: true,
    });
    const before = await pool`select etl.fingerprint(with_lineage => true) as print`;
    expect(await loadAll(pool, source)).toMatchObject({ lines_loaded: 25, lines_failed: 0, repeated: true });
    expect(await countRaw(pool, 'every')).toBe(25);
    expect(await pool`select etl.fingerprint(with_lineage => true) as print`).toEqual(before);
  });

  test('knows a file by its content, not its name', async ({ pool }) => {
    const content = (await companies(pool, 'content', 3)).join('\n');
    await loadAll(pool, await file('one.ndjson', content));

    expect(await loadAll(pool, await file('other.ndjson', content))).toMatchObject({ repeated: true });
    expect(await loadAll(pool, await file('one.ndjson', `${content}\n\n`))).toMatchObject({
      repeated: false,
    });
  });

  test('keeps what cannot be used, with its line and reason, and loads the rest', async ({ pool }) => {
    const [first = '', second = ''] = await companies(pool, 'bad', 2);
    const lines = [first, '{not json', '', '[1]', '{"domain":"bad-x.example.com"}', second, '{"nul":"\0"}'];
    const content = Buffer.concat([Buffer.from(`${lines.join('\n')}\n`), Buffer.from([0xff, 0x0a])]);

    const report = await loadAll(pool, await file('bad.ndjson', content));

    expect(report).toMatchObject({ lines_loaded: 2, lines_failed: 5, landed_but_failed: 0 });
    const errors = await pool`
      select line_number::int as line, code, body
        from etl.load_errors
       where load_id = ${report.load_id}
       order by line_number`;
    expect(errors.map(({ line, code }) => [line, code])).toEqual([
      [2, 'NOTJS'],
      [4, 'BADRQ'],
      [5, 'BADRQ'],
      [7, 'BADRQ'],
      [8, 'BADRQ'],
    ]);
    expect(errors[0]?.body).toBe('{not json');
    expect(await countRaw(pool, 'bad')).toBe(2);
  });

  test('keeps the backslashes, tabs and quotes of a body', async ({ pool }) => {
    const body = await companyBody(pool, 'escapes-0.example.com');
    const odd = 'a\\b\tc\\n"d"\\\\N \u00e4\u2028';
    Object.assign(body.raw_payload as object, { description: odd });

    await loadAll(pool, await file('escapes.ndjson', JSON.stringify(body)));

    expect(
      await pool`select payload ->> 'description' as text from raw.payloads where entity_key = 'escapes-0.example.com'`,
    ).toEqual([{ text: odd }]);
  });

  test('stops after the chunk in hand, and goes on there the next time', async ({ pool }) => {
    const source = await file('stopped.ndjson', (await companies(pool, 'stopped', 35)).join('\n'));
    const stop = new AbortController();
    const stopping: Source = {
      ...source,
      async *read(from) {
        for await (const chunk of source.read(from)) yield* slices(chunk, 4_000);
      },
    };
    const progress = { ...noProgress, update: () => stop.abort() };

    const first = await load(pool, 'companyenrich', stopping, small, progress, stop.signal);
    expect(first).toMatchObject({ finished: false, lines_loaded: 10 });
    expect(await loadAll(pool, source)).toMatchObject({ finished: true, repeated: false, lines_loaded: 35 });
    expect(await countRaw(pool, 'stopped')).toBe(35);
  });

  test('takes a named stream as the same load each time', async ({ pool }) => {
    const bytes = Buffer.from((await companies(pool, 'stream', 12)).join('\n'));
    const named = () => streamSource(Readable.from([...slices(bytes, 1_000)]), 'nightly');

    expect(await loadAll(pool, named())).toMatchObject({ lines_loaded: 12, repeated: false });
    expect(await loadAll(pool, named())).toMatchObject({ lines_loaded: 12, repeated: true });
    expect(await countRaw(pool, 'stream')).toBe(12);
  });

  test('goes on in the middle of a named stream', async ({ pool }) => {
    const bytes = Buffer.from((await companies(pool, 'resumed', 30)).join('\n'));
    const stop = new AbortController();
    const progress = { ...noProgress, update: () => stop.abort() };
    const named = () => streamSource(Readable.from([...slices(bytes, 1_000)]), 'resumed');

    await load(pool, 'companyenrich', named(), small, progress, stop.signal);
    expect(await loadAll(pool, named())).toMatchObject({ finished: true, lines_loaded: 30 });
    expect(await countRaw(pool, 'resumed')).toBe(30);
  });

  test('refuses an unknown workflow before it reads anything', async ({ pool }) => {
    const source = streamSource(Readable.from([Buffer.from('{}\n')]));
    const unknown = load(pool, 'companyenrihc', source, small, noProgress, new AbortController().signal);
    await expect(unknown).rejects.toMatchObject({ code: 'UNKWF' });
  });

  test('says why a file cannot be read', async () => {
    await expect(fileSource(join(folder, 'none.ndjson'))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/none\.ndjson: there is no such file\.$/),
    });
    await expect(fileSource(folder)).rejects.toThrow(/it is a folder\.$/);
  });
});

function* slices(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
