import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { migrationsFolder } from '../../src/database/migrate.ts';

const sqlFolder = join(migrationsFolder, '..', 'sql');

/** The text of every include of a migration, by the file it came from; the last one counts. */
function includesOf(migration: string): Map<string, string> {
  const found = new Map<string, string>();
  const open: { file: string; lines: string[] }[] = [];
  for (const line of migration.split('\n')) {
    const [, start, end] = /^--! (?:Included (.+)|EndIncluded (.+))$/.exec(line) ?? [];
    if (start) open.push({ file: start, lines: [] });
    else if (end) {
      const done = open.pop();
      if (done) found.set(done.file, done.lines.join('\n').trim());
    } else open.at(-1)?.lines.push(line);
  }
  return found;
}

async function committedIncludes(): Promise<Map<string, string>> {
  const folder = join(migrationsFolder, 'committed');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return new Map(texts.flatMap((text) => [...includesOf(text)]));
}

async function newestCommitted(): Promise<string> {
  const folder = join(migrationsFolder, 'committed');
  const name =
    (await readdir(folder))
      .filter((file) => file.endsWith('.sql'))
      .sort()
      .at(-1) ?? '';
  return readFile(join(folder, name), 'utf8');
}

/** A migration without its comments. */
function statementsOf(migration: string): string {
  return migration
    .split('\n')
    .filter((line) => line.startsWith('--! include') || !line.startsWith('--'))
    .join('\n')
    .trim();
}

async function currentIncludes(): Promise<Set<string>> {
  const text = await readFile(join(migrationsFolder, 'current.sql'), 'utf8');
  return new Set(
    [...text.matchAll(/^--![ \t]*include[ \t]+(.*\.sql)[ \t]*$/gm)].map(([, file]) => file ?? ''),
  );
}

describe('migrations', () => {
  test('hold every file of sql/ as it is now', async () => {
    const [committed, current] = await Promise.all([committedIncludes(), currentIncludes()]);
    const files = (await readdir(sqlFolder, { recursive: true }))
      .filter((file) => file.endsWith('.sql'))
      .sort();

    const missing = files.filter((file) => !current.has(file) && !committed.has(file));
    const changed: string[] = [];
    for (const file of files.filter((name) => !current.has(name) && committed.has(name))) {
      const text = (await readFile(join(sqlFolder, file), 'utf8')).trim();
      if (text !== committed.get(file)) changed.push(file);
    }

    // Whoever changes a file of sql/ names it in migrations/current.sql: --!include <file>
    expect({ missing, changed }).toEqual({ missing: [], changed: [] });
  });

  test('end by compiling: any of them may have changed the compiler', async () => {
    const current = await readFile(join(migrationsFolder, 'current.sql'), 'utf8');
    const inWork = statementsOf(current);
    const newest = inWork === '' ? statementsOf(await newestCommitted()) : inWork;

    expect(newest.slice(-40)).toMatch(/(^|\n)select etl\.compile\(\);$/);
  });
});
