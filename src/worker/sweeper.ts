import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Sql } from '../database/connect.ts';
import { errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';

/** Readiness counts a worker as silent after a minute. */
const beatEveryMs = 5_000;

export type Sweeper = {
  stop(): Promise<void>;
};

/**
 * Asks every `everyMs` milliseconds what there is to do and adds a job for it, so that landing a payload
 * writes nothing but the payload. Many workers may sweep at once: jobs have keys, so the same work is one job.
 * While the database is away it tries again ever more slowly, and says so once.
 */
export function startSweeper(sql: Sql, log: Log, everyMs: number): Sweeper {
  const stopping = new AbortController();
  const worker = `${hostname()}:${process.pid}`;
  let lastBeat = 0;

  async function run() {
    let failures = 0;
    let downSince = 0;
    while (!stopping.signal.aborted) {
      try {
        await sweep(sql);
        if (Date.now() - lastBeat >= beatEveryMs) {
          await beat(sql, worker);
          lastBeat = Date.now();
        }
        if (failures > 0) log.info(`The worker has its database again, after ${since(downSince)} s.`);
        failures = 0;
      } catch (error) {
        if (failures === 0) {
          downSince = Date.now();
          log.error(`The worker cannot look for work (${errorMessage(error)}); it keeps trying.`);
        }
        failures += 1;
      }
      const pause = failures === 0 ? everyMs : Math.min(everyMs * 2 ** failures, 30_000);
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
      await sql`delete from etl.worker_heartbeats where worker = ${worker}`.catch((error: unknown) =>
        log.debug(`The heartbeat stays behind: ${errorMessage(error)}`),
      );
    },
  };
}

/**
 * One look for work; adds a job for each thing there is to do, unless one is waiting already. A job that is running
 * does not count: it may be the job of a worker that was killed, and two workers on one workflow share its payloads.
 */
export async function sweep(sql: Sql): Promise<void> {
  await sql`
    select graphile_worker.add_job(found.task, payload => found.payload::json, job_key => found.key)
      from (
        select 'process_pending', jsonb_build_object('workflow_slug', slug), 'process_pending:' || slug
          from etl.pending_workflows() as slug
        union all
        select 'recoalesce', '{}', 'recoalesce' where etl.has_stale_records()
        union all
        select 'sequence_changes', '{}', 'sequence_changes' where exists (select from etl.change_log)
        union all
        select 'refresh_reads', '{}', 'refresh_reads' where api.reads_are_behind()
        union all
        select 'run_job', jsonb_build_object('job_id', id), 'run_job:' || id
          from etl.runnable_jobs() as id
      ) as found (task, payload, key)
     where not exists (
       select
         from graphile_worker.jobs as waiting
        where waiting.key = found.key
          and waiting.locked_at is null
          and waiting.attempts < waiting.max_attempts
     )`;
}

/** Says that this worker is alive, and forgets those silent for a day. */
async function beat(sql: Sql, worker: string): Promise<void> {
  await sql`
    with forgotten as (
      delete from etl.worker_heartbeats where seen_at < now() - interval '1 day'
    )
    insert into etl.worker_heartbeats (worker) values (${worker})
    on conflict (worker) do update set seen_at = now()`;
}

function since(start: number): string {
  return ((Date.now() - start) / 1000).toFixed(1);
}
