import { setTimeout as sleep } from 'node:timers/promises';

import type { Sql } from '../database/connect.ts';
import { ExitError, exitCodes } from '../errors.ts';
import { line } from './output.ts';
import type { Context } from './program.ts';

export type RebuildOptions = {
  /** how many work at once */
  workers: number;
  /** answer with the job at once, and leave it to the workers of the server */
  detach?: boolean;
};

type Step = {
  id: string;
  state: string;
  done: number;
  total: number;
  errors: number;
  last_error: string | null;
  worked: number;
  remaining: boolean;
};

/** `hq rebuild`: one record, or all as a job in small transactions, so that readers and writers go on meanwhile. */
export async function rebuildCommand(
  { database, output }: Context,
  key: string | undefined,
  { workers, detach = false }: RebuildOptions,
): Promise<number> {
  const { sql } = database;
  if (key !== undefined) {
    const records = await rebuildOne(sql, key);
    output.result({ records }, () => line(rebuilt(records)));
    return exitCodes.ok;
  }
  const [started] = await sql<{ id: string }[]>`select etl.start_rebuild(${workers}::integer) as id`;
  const id = started?.id ?? '';
  if (detach) {
    output.result({ job_id: id, status_url: `/jobs/${id}` }, () =>
      line(`Rebuild ${id} is queued for the workers of the server; GET /jobs/${id} shows how far it is.`),
    );
    return exitCodes.ok;
  }
  // As many as the job lets in: it may have been started with another number.
  const ends = await Promise.all(Array.from({ length: workers }, () => work(sql, id)));
  if (process.stderr.isTTY) process.stderr.write('\r');
  const end = ends.at(-1);
  if (end?.state !== 'done') {
    throw new ExitError(
      `The rebuild was ${end?.state ?? 'lost'}. ${end?.last_error ?? ''}`.trim(),
      exitCodes.failure,
    );
  }
  output.result({ job_id: id, records: end.done, failed: end.errors }, () => {
    line(rebuilt(end.done));
    if (end.errors > 0) {
      line(
        `${end.errors} could not be rebuilt (${end.last_error}); they are in etl.stale_records and are tried again.`,
      );
    }
  });
  return end.errors > 0 ? exitCodes.data : exitCodes.ok;
}

/** Does range after range until the job has ended. */
async function work(sql: Sql, id: string): Promise<Step> {
  for (;;) {
    const [row] = await sql<{ step: Step }[]>`select etl.job_step(${id}::uuid) as step`;
    if (row === undefined) throw new Error('etl.job_step gave nothing');
    const { step } = row;
    if (process.stderr.isTTY) process.stderr.write(`\r${step.done} of ${step.total} records`);
    if (!step.remaining) return step;
    // All ranges are taken: others are at the last ones, or cut new ones.
    if (step.worked === 0) await sleep(50);
  }
}

async function rebuildOne(sql: Sql, key: string): Promise<number> {
  const [row] = await sql<{ records: number }[]>`select (etl.rebuild(${key}) ->> 'records')::int as records`;
  return row?.records ?? 0;
}

function rebuilt(records: number): string {
  return `${records} record${records === 1 ? '' : 's'} rebuilt from raw payloads.`;
}
