import { readFile } from 'node:fs/promises';

import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';

import { test } from '../support/database.ts';

type Row = { path: string; workflow_slug: string; old_function: string; waits_for: string };

type Registered = { workflow_slug: string; old_function: string; waits_for: string };

/** The registry of the old system, slug by slug. waits_for: not brought yet, and why. */
const registered: Registered[] = parse(await readFile(new URL('registry-workflows.csv', import.meta.url)), {
  columns: true,
});

/** The paths of the old system. waits_for: not brought yet, and why. */
const paths: Row[] = parse(await readFile(new URL('run-paths.csv', import.meta.url)), { columns: true });

type Contract = { workflow_slug: string; request_fields: string; response_fields: string };

/** What callers of the old system sent and read, field by field. Backfills answer as jobs do, so none of their fields is listed. */
const contracts: Contract[] = parse(await readFile(new URL('contracts.csv', import.meta.url)), {
  columns: true,
});

/** Registered workflows whose request has no fields at all: their example is the empty body. */
const takesNoFields = ['similar-companies-queue-status'];

test('every workflow documents, shows and answers the fields of the old contract', async ({ sql }) => {
  const found: string[] = [];
  const words = (text: string) => text.split(' ').filter((word) => word !== '');
  for (const { workflow_slug, request_fields, response_fields } of contracts) {
    const [row] = await sql<{ documented: string[]; shown: string[]; answered: string[] }[]>`
      select array(select jsonb_object_keys(coalesce(request_schema -> 'properties', '{}'))) as documented,
             array(select jsonb_object_keys(example_request)) as shown,
             array(select jsonb_object_keys(coalesce(response_schema -> 'properties', '{}'))) as answered
        from reference.enrichment_workflow_registry
       where workflow_slug = ${workflow_slug} or aliases @> array[${workflow_slug}]`;
    if (row === undefined) {
      found.push(`${workflow_slug} is not registered`);
      continue;
    }
    for (const field of words(request_fields)) {
      if (!row.documented.includes(field)) found.push(`${workflow_slug} does not document ${field}`);
      if (!row.shown.includes(field)) found.push(`${workflow_slug} does not show ${field} in its example`);
    }
    for (const field of words(response_fields))
      if (!row.answered.includes(field)) found.push(`${workflow_slug} does not answer ${field}`);
  }
  expect(found).toEqual([]);
});

test('every path of the old system that is not waiting is served, under its slug, by an active workflow with an example', async ({
  sql,
}) => {
  const found: string[] = [];
  for (const { path, workflow_slug } of paths.filter(({ waits_for }) => waits_for === '')) {
    const [registered] = await sql<{ slugs: string[]; is_active: boolean; has_example: boolean }[]>`
      select aliases || workflow_slug as slugs, is_active, example_request <> '{}' as has_example
        from reference.enrichment_workflow_registry
       where ${path} = any (other_paths || api_endpoint_url)`;
    if (registered === undefined) found.push(`${path} is not registered`);
    else if (!registered.slugs.includes(workflow_slug))
      found.push(`${path} does not know the slug ${workflow_slug}`);
    else if (!registered.is_active) found.push(`${path} is not active`);
    else if (!registered.has_example) found.push(`${path} has no example`);
  }
  expect(found).toEqual([]);
});

test('a path that waits is not served yet, so that the list stays true', async ({ sql }) => {
  const waiting = paths.filter(({ waits_for }) => waits_for !== '').map(({ path }) => path);
  expect(
    await sql`select api_endpoint_url as path from reference.enrichment_workflow_registry where other_paths || api_endpoint_url && ${waiting}`,
  ).toEqual([]);
});

test('every workflow that the old registry listed is in the registry, under its slug or an alias, active or with the reason why not', async ({
  sql,
}) => {
  const found: string[] = [];
  for (const { workflow_slug, old_function } of registered.filter(({ waits_for }) => waits_for === '')) {
    const [row] = await sql<
      { old_function: string | null; is_active: boolean; has_reason: boolean; has_example: boolean }[]
    >`
      select modal_function_name as old_function, is_active, inactive_reason is not null as has_reason,
             example_request <> '{}' as has_example
        from reference.enrichment_workflow_registry
       where workflow_slug = ${workflow_slug} or aliases @> array[${workflow_slug}]`;
    if (row === undefined) found.push(`${workflow_slug} is not registered`);
    else if (row.old_function !== old_function)
      found.push(`${workflow_slug} has the old function ${row.old_function}, not ${old_function}`);
    else if (!row.is_active && !row.has_reason) found.push(`${workflow_slug} is inactive without a reason`);
    else if (row.has_example === takesNoFields.includes(workflow_slug))
      found.push(`${workflow_slug} has ${row.has_example ? 'an' : 'no'} example`);
  }
  expect(found).toEqual([]);
  expect(registered).toHaveLength(106);
});

test('a registered workflow that waits is not there yet, so that the list stays true', async ({ sql }) => {
  const waiting = registered.filter(({ waits_for }) => waits_for !== '').map((row) => row.workflow_slug);
  expect(
    await sql`
      select workflow_slug from reference.enrichment_workflow_registry
       where workflow_slug = any (${waiting}) or aliases && ${waiting}`,
  ).toEqual([]);
});

test('no slug and no alias stands for two workflows', async ({ sql }) => {
  expect(
    await sql`
      select name
        from (
          select workflow_slug as name from reference.enrichment_workflow_registry
          union all
          select unnest(aliases) from reference.enrichment_workflow_registry
        ) as named
       group by name having count(*) > 1`,
  ).toEqual([]);
});
