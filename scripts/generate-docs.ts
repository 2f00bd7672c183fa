// Writes the pages of docs/ that come from the workflow registry: npm run docs
// Only says whether they are up to date, and ends with 1 when they are not: npm run docs -- --check
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { connect } from '../src/database/connect.ts';
import { migrate } from '../src/database/migrate.ts';
import { startTestPostgres } from '../test/support/postgres.ts';
import { generatedPages } from './docs/pages.ts';
import { stalePages } from './docs/stale-pages.ts';

const folder = fileURLToPath(new URL('../docs', import.meta.url));

const pages = await pagesOfNewDatabase();
const stale = await stalePages(folder, pages);
if (process.argv.includes('--check')) {
  for (const path of stale) console.error(`docs/${path} is not up to date: run "npm run docs".`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const path of stale) await bringUpToDate(path);
  console.log(stale.length === 0 ? 'The pages were up to date.' : `Written: ${stale.join(', ')}.`);
}

async function bringUpToDate(path: string): Promise<void> {
  const file = join(folder, path);
  const content = pages.get(path);
  if (content === undefined) {
    await rm(file);
    return;
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

/** The pages of a database made from the migrations alone, the one in work included. */
async function pagesOfNewDatabase(): Promise<Map<string, string>> {
  await using running = new AsyncDisposableStack();
  const server = await startTestPostgres();
  running.defer(() => server.stop());
  const name = `hq_docs_${process.pid}`;
  const admin = connect(server.adminUrl, { max: 1 });
  running.defer(() => admin.end());
  await admin.unsafe(`create database ${name}`);
  running.defer(async () => {
    await admin.unsafe(`drop database ${name} with (force)`);
  });
  const url = new URL(server.adminUrl);
  url.pathname = `/${name}`;
  await migrate(url.href, { dev: true });
  const sql = connect(url.href, { max: 1 });
  running.defer(() => sql.end());
  return await generatedPages(folder, sql);
}
