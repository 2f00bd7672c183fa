import { setTimeout as sleep } from 'node:timers/promises';

import { createOutbound } from '../clients/outbound.ts';
import { connect } from '../database/connect.ts';
import { type DelivererSettings, startDeliverer } from '../deliver/deliverer.ts';
import type { Log } from '../log.ts';
import { Producer, type ProducerSettings } from '../produce/producer.ts';
import { startJobRunner } from './job-runner.ts';
import { startProductionLoop } from './production-loop.ts';
import { startSweeper } from './sweeper.ts';
import { createTasks } from './tasks.ts';

export type WorkerSettings = DelivererSettings & {
  workerConcurrency: number;
  batchSize: number;
  changesDays: number;
  productionDays: number;
  producer: ProducerSettings;
  producerConcurrency: number;
  /** how long a stop waits for what is under way */
  drainMs: number;
};

export type RunningWorker = {
  /**
   * Takes no new work and returns when what is under way has ended. What takes longer than `drainMs` is left: it was
   * not committed, so it is done again.
   */
  stop(): Promise<void>;
};

/**
 * Starts the worker: graphile-worker with the tasks of tasks.ts, the sweeper that finds work for it, the deliverer, and
 * the loop that works on productions.
 */
export async function startWorker(url: string, settings: WorkerSettings, log: Log): Promise<RunningWorker> {
  const sql = connect(url, { max: settings.workerConcurrency + 1, applicationName: 'hq worker' });
  await sql`select graphile_worker.add_job('ensure_partitions', job_key => 'ensure_partitions')`;
  const jobs = { taskList: createTasks(sql, settings), concurrency: settings.workerConcurrency };
  const runner = await startJobRunner(url, jobs, log);
  const outbound = createOutbound({ allow: settings.outboundAllow });
  const producer = new Producer({ sql, outbound, settings: settings.producer, log });
  const parts = [
    runner,
    startSweeper(sql, log, settings.sweepMs),
    startDeliverer(url, settings, log),
    startProductionLoop(
      producer,
      { concurrency: settings.producerConcurrency, everyMs: settings.sweepMs },
      log,
    ),
  ];

  return {
    async stop() {
      const stopped = Promise.all(parts.map((part) => part.stop()));
      const isInTime = await endsWithin(settings.drainMs, stopped);
      if (!isInTime) {
        log.warn('Work was still under way when the time to stop was over: it is done again.');
        stopped.catch(() => undefined); // its connections are closed below
      }
      await outbound.close();
      await sql.end({ timeout: isInTime ? 5 : 0 });
    },
  };
}

/** Whether something ends before so much time has passed. */
async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(ms, false, { signal: timer.signal });
  late.catch(() => undefined);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    timer.abort();
  }
}
