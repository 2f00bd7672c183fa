import { setTimeout as sleep } from 'node:timers/promises';

import { Logger as GraphileLogger, run, type Runner } from 'graphile-worker';

import { createOutbound } from '../clients/outbound.ts';
import { connect } from '../database/connect.ts';
import { type DelivererSettings, startDeliverer } from '../deliver/deliverer.ts';
import { errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import { Producer, type ProducerSettings } from '../produce/producer.ts';
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
};

export type RunningWorker = {
  /** when the worker last asked its database for work with success */
  lastSweep(): Date | undefined;
  /** takes no new work, lets the transactions in flight end, and returns */
  stop(): Promise<void>;
};

/**
 * Starts the worker: graphile-worker with the tasks of tasks.ts, the sweeper that finds work for it, and the deliverer.
 * It outlives a database that goes away and comes back.
 */
export async function startWorker(url: string, settings: WorkerSettings, log: Log): Promise<RunningWorker> {
  const sql = connect(url, { max: settings.workerConcurrency + 1, applicationName: 'hq worker' });
  const taskList = createTasks(sql, settings);
  let stopping = false;

  const start = () =>
    run({
      connectionString: url,
      taskList,
      concurrency: settings.workerConcurrency,
      maxPoolSize: settings.workerConcurrency + 2,
      pollInterval: 1000,
      noHandleSignals: true,
      logger: graphileLogger(log),
      crontab: [
        '0 3 * * * ensure_partitions ?fill=2d',
        '30 3 * * * prune_changes ?fill=2d',
        '50 3 * * * purge_productions ?fill=2d',
        '* * * * * refresh_coverage',
      ].join('\n'),
    });

  let runner: Runner = await start();
  async function supervise() {
    for (let failures = 0; !stopping;) {
      const startedAt = Date.now();
      try {
        await runner.promise;
        if (stopping) return;
        log.error('The job runner ended by itself; starting it again.');
      } catch (error) {
        if (stopping) return;
        log.error(`The job runner failed (${errorMessage(error)}); starting it again.`);
      }
      failures = Date.now() - startedAt > 60_000 ? 0 : failures + 1;
      while (!stopping) {
        await sleep(Math.min(250 * 2 ** failures, 30_000));
        try {
          runner = await start();
          break;
        } catch (error) {
          failures += 1;
          log.debug(`The job runner cannot start yet: ${errorMessage(error)}`);
        }
      }
    }
  }
  const supervised = supervise();
  const sweeper = startSweeper(sql, log, settings.sweepMs);
  const deliverer = startDeliverer(url, settings, log);
  const outbound = createOutbound({ allow: settings.outboundAllow });
  const producer = new Producer({ sql, outbound, settings: settings.producer, log });
  const productions = startProductionLoop(
    producer,
    { concurrency: settings.producerConcurrency, everyMs: settings.sweepMs },
    log,
  );
  await sql`select graphile_worker.add_job('ensure_partitions', job_key => 'ensure_partitions')`;

  return {
    lastSweep: () => sweeper.lastSweep(),
    async stop() {
      stopping = true;
      await sweeper.stop();
      await deliverer.stop();
      await productions.stop();
      await outbound.close();
      await runner.stop().catch((error: unknown) => log.debug(`Stopping the runner: ${errorMessage(error)}`));
      await supervised;
      await sql.end({ timeout: 5 });
    },
  };
}

/** A failed task is worth a line; what graphile-worker says about connections the sweeper says once and shorter. */
function graphileLogger(log: Log): GraphileLogger {
  return new GraphileLogger(() => (level, message, meta) => {
    const line = message.split('\n')[0] ?? message;
    if (meta?.failure) log.error(line);
    else log.debug({ graphile: level }, line);
  });
}
