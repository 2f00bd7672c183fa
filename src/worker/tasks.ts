import type { JobHelpers, TaskList } from 'graphile-worker';
import { z } from 'zod';

import type { Sql } from '../database/connect.ts';
import { errorMessage, isTransient } from '../errors.ts';

/** What a task did in one transaction, and whether there is more. */
type Step = { done: number; remaining: boolean };

/** A job gives way to others after this long; what remains is picked up by the next sweep. */
const sliceMs = 10_000;
/** Few enough for a transaction of a second; more would not be cheaper. */
const changesPerTransaction = 20_000;

const workflowPayload = z.object({ workflow_slug: z.string() });
const jobPayload = z.object({ job_id: z.uuid() });

/**
 * The tasks of the worker. Each calls one SQL function until nothing remains, its time slice is over, or the
 * worker stops; every call is a transaction of its own, so a killed worker loses nothing and repeats nothing.
 */
export function createTasks(
  sql: Sql,
  {
    batchSize,
    changesDays,
    productionDays,
  }: { batchSize: number; changesDays: number; productionDays: number },
): TaskList {
  return {
    /** Processes landed payloads of one workflow. */
    async process_pending(payload, helpers) {
      const { workflow_slug } = workflowPayload.parse(payload);
      await repeat(helpers, async () => {
        const [row] = await sql<{ result: { processed: number; failed: number; remaining: boolean } }[]>`
          select etl.process(workflow_slug => ${workflow_slug}, max_payloads => ${batchSize}) as result`;
        const { processed = 0, failed = 0, remaining = false } = row?.result ?? {};
        return { done: processed + failed, remaining };
      });
    },

    /** Coalesces again the records that a changed lookup row made stale. */
    async recoalesce(_payload, helpers) {
      await repeat(helpers, async () => {
        const [row] = await sql<{ result: { records: number; remaining: boolean } }[]>`
          select etl.recoalesce() as result`;
        return { done: row?.result.records ?? 0, remaining: row?.result.remaining ?? false };
      });
    },

    /** Gives what was noted for the change feed its place there. */
    async sequence_changes(_payload, helpers) {
      await repeat(helpers, async () => {
        const [row] = await sql<{ done: string; remaining: boolean }[]>`
          select done, remaining from etl.sequence_changes(max_rows => ${changesPerTransaction})`;
        return { done: Number(row?.done ?? 0), remaining: row?.remaining ?? false };
      });
    },

    /** Counts again how much is known, where it was written since. */
    async refresh_coverage(_payload, helpers) {
      await repeat(helpers, async () => {
        const [row] = await sql<{ result: { counted: number; remaining: boolean } }[]>`
          select etl.refresh_coverage() as result`;
        return { done: row?.result.counted ?? 0, remaining: row?.result.remaining ?? false };
      });
    },

    /** Daily: ends the keeping of old changes. */
    async prune_changes(_payload, helpers) {
      await repeat(helpers, async () => {
        const [row] = await sql<{ result: { pruned: number; remaining: boolean } }[]>`
          select etl.prune_changes(kept => make_interval(days => ${changesDays}::integer)) as result`;
        return { done: row?.result.pruned ?? 0, remaining: row?.result.remaining ?? false };
      });
    },

    /** Daily: ends the keeping of old calls to the outside and of what was read for them. */
    async purge_productions(_payload, helpers) {
      await repeat(helpers, async () => {
        const [row] = await sql<{ result: Step }[]>`
          select etl.purge_productions(kept => make_interval(days => ${productionDays}::integer)) as result`;
        return row?.result ?? { done: 0, remaining: false };
      });
    },

    /** Makes the read tables of the lists follow core. */
    async refresh_reads(_payload, helpers) {
      await repeat(helpers, async () => {
        const [row] = await sql<{ result: Step }[]>`select api.refresh_reads() as result`;
        return row?.result ?? { done: 0, remaining: false };
      });
    },

    /** Works on a job, range by range, beside as many others as the job allows. */
    async run_job(payload, helpers) {
      const { job_id } = jobPayload.parse(payload);
      try {
        await repeat(helpers, async () => {
          const [row] = await sql<{ result: { worked: number; remaining: boolean } }[]>`
            select etl.job_step(${job_id}::uuid) as result`;
          return { done: row?.result.worked ?? 0, remaining: row?.result.remaining ?? false };
        });
      } catch (error) {
        if (!isTransient(error)) await sql`select etl.fail_job(${job_id}::uuid, ${errorMessage(error)})`;
        throw error;
      }
    },

    /** Daily: partitions for the months ahead, sightings of unknown fields summed, old idempotency keys, deliveries and files dropped. */
    async ensure_partitions() {
      await sql`select etl.ensure_partitions()`;
      await sql`select etl.compact_drift()`;
      await sql`select api.purge_idempotency_keys()`;
      await sql`select etl.purge_deliveries()`;
      await sql`select etl.purge_attachments()`;
    },
  };
}

/** Nothing done although something remains means that others hold it. */
async function repeat({ abortSignal }: JobHelpers, step: () => Promise<Step>): Promise<void> {
  const until = Date.now() + sliceMs;
  let last: Step;
  do last = await step();
  while (last.remaining && last.done > 0 && Date.now() < until && !abortSignal.aborted);
}
