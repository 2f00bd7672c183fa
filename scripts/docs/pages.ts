import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Sql } from '../../src/database/connect.ts';
import { problemPage } from './problem-page.ts';
import { readmeWithParts } from './readme-parts.ts';
import { workflowPages } from './workflow-pages.ts';

/** All generated pages, and the README with its generated parts: path relative to docs/ -> content. */
export async function generatedPages(docs: string, sql: Pick<Sql, 'unsafe'>): Promise<Map<string, string>> {
  const readme = await readFile(join(docs, '../README.md'), 'utf8');
  const provider = await readFile(join(docs, '../examples/add-a-provider.sql'), 'utf8');
  return new Map([
    ['../README.md', readmeWithParts(readme, provider)],
    ['http-problems.md', problemPage()],
    ...(await workflowPages(sql)),
  ]);
}
