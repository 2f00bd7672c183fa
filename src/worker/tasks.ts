import type { JobHelpers, TaskList } from 'graphile-worker';
import { z } from 'zod';

import type { Sql } from '../database/connect.ts';
import { errorMessage, isTransient } from '../errors.ts';

/** What a task did in one transaction, and whether there is more. */
type Step = { done: number; remaining: boolean };

/** A job gives way to others after this long; what remains is picked up by the next sweep. */
const sliceMs = 10_000;

const workflowPayload = z.object({ workflow_slug: z.string() });
const jobPayload = z.object({ job_id: z.uuid() });

/**
 * The tasks of the worker. Each calls one SQL function until nothing remains, its time slice is over, or the
 * worker stops; every call is a transaction of its own, so a killed worker loses nothing and repeats nothing.
 */
export function createTasks(sql: Sql, { batchSize }: { batchSize: number }): TaskList {
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

    /** Makes the read tables of the lists follow core. */
    async refresh_reads(_payload, helpers) {
      await repeat(helpers, async () => {
        const [row] = await sql<{ result: Step }[]>`select api.refresh_reads() as result`;
        return row?.result ?? { done: 0, remaining: false };
      });
    },

    /** Runs a backfill, chunk by chunk. One worker at a time: another finds the lock taken and leaves it be. */
    async run_job(payload, helpers) {
      const { job_id } = jobPayload.parse(payload);
      try {
        await repeat(helpers, async () => {
          const [row] = await sql<{ result: { remaining: boolean } | null }[]>`
            select case when pg_try_advisory_xact_lock(hashtext('etl.job_step'), hashtext(${job_id}))
                        then etl.job_step(${job_id}::uuid) end as result`;
          return { done: row?.result ? 1 : 0, remaining: row?.result?.remaining ?? false };
        });
      } catch (error) {
        if (!isTransient(error)) await sql`select etl.fail_job(${job_id}::uuid, ${errorMessage(error)})`;
        throw error;
      }
    },

    /** Daily: partitions for the months ahead, sightings of unknown fields summed, old idempotency keys dropped. */
    async ensure_partitions() {
      await sql`select etl.ensure_partitions()`;
      await sql`select etl.compact_drift()`;
      await sql`select api.purge_idempotency_keys()`;
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
