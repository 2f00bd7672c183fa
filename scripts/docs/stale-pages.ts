import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from '../../src/errors.ts';

/** Paths whose file is missing or differs, and pages of workflows that no longer exist. Sorted. */
export async function stalePages(folder: string, pages: Map<string, string>): Promise<string[]> {
  const stale = [];
  for (const [path, content] of pages) {
    if ((await contentOf(join(folder, path))) !== content) stale.push(path);
  }
  const present = await filesOf(join(folder, 'workflows'));
  const extra = present.map((name) => `workflows/${name}`).filter((path) => !pages.has(path));
  return [...stale, ...extra].sort();
}

function contentOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(undefinedWhenMissing);
}

async function filesOf(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(undefinedWhenMissing)) ?? [];
}

function undefinedWhenMissing(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') throw error;
  return undefined;
}
