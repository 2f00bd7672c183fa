import { fileURLToPath } from 'node:url';

import { expect } from 'vitest';

import { generatedPages } from '../../scripts/docs/pages.ts';
import { stalePages } from '../../scripts/docs/stale-pages.ts';
import { workflowPages } from '../../scripts/docs/workflow-pages.ts';
import { test } from '../support/database.ts';

const folder = fileURLToPath(new URL('../../docs', import.meta.url));

test('the generated pages are up to date (else: npm run docs)', async ({ sql }) => {
  expect(await stalePages(folder, await generatedPages(folder, sql))).toEqual([]);
});

test('every workflow has a page with its path, fields and example', async ({ sql }) => {
  const pages = await workflowPages(sql);
  const workflows = await sql<{ slug: string; path: string; example: object }[]>`
    select workflow_slug as slug, api_endpoint_url as path, example_request as example
      from reference.enrichment_workflow_registry`;
  expect(workflows.length).toBeGreaterThan(0);
  for (const { slug, path, example } of workflows) {
    const page = pages.get(`workflows/${slug}.md`);
    expect(page, slug).toContain(`\`POST ${path}\``);
    for (const field of Object.keys(example)) expect(page, slug).toContain(`\`${field}\``);
  }
});
