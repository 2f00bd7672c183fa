import type { JobHelpers } from 'graphile-worker';
import { expect } from 'vitest';

import { createTasks } from '../../src/worker/tasks.ts';
import { test } from '../support/database.ts';

test('the worker keeps changes for as many days as the setting says', async ({ ownDatabase }) => {
  const sql = ownDatabase.connect(1);
  await sql`insert into core.companies (id, domain, name, source) values (gen_random_uuid(), 'acme.example', 'Acme', 'manual')`;
  const helpers = { abortSignal: new AbortController().signal } as JobHelpers;
  const work = (task: 'sequence_changes' | 'prune_changes', changesDays: number) =>
    createTasks(sql, { batchSize: 100, changesDays, productionDays: 90 })[task]?.({}, helpers);
  const kept = async () => (await sql`select from etl.changes`).length;

  await work('sequence_changes', 7);
  expect(await kept()).toBe(1);
  await sql`update etl.changes set changed_at = now() - interval '50 hours'`;
  await work('prune_changes', 3);
  expect(await kept()).toBe(1);
  await work('prune_changes', 2);
  expect(await kept()).toBe(0);
});
