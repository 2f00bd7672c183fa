import { setTimeout as sleep } from 'node:timers/promises';

import { Logger as GraphileLogger, run, type Runner, type TaskList } from 'graphile-worker';

import { errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';

export type JobRunner = {
  /** takes no new job, and waits for those under way */
  stop(): Promise<void>;
};

const crontab = [
  '0 3 * * * ensure_partitions ?fill=2d',
  '30 3 * * * prune_changes ?fill=2d',
  '50 3 * * * purge_productions ?fill=2d',
  '* * * * * refresh_coverage',
].join('\n');

/** Runs graphile-worker, and starts it again when it ends before it is told to: it outlives a database that goes away. */
export async function startJobRunner(
  url: string,
  { taskList, concurrency }: { taskList: TaskList; concurrency: number },
  log: Log,
): Promise<JobRunner> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const start = () =>
    run({
      connectionString: url,
      taskList,
      concurrency,
      maxPoolSize: concurrency + 2,
      pollInterval: 1000,
      noHandleSignals: true,
      logger: graphileLogger(log),
      crontab,
    });

  let runner: Runner = await start();

  async function supervise(): Promise<void> {
    for (let failures = 0; ;) {
      const startedAt = Date.now();
      const end = await runner.promise.then(() => 'it ended by itself', errorMessage);
      if (signal.aborted) return;
      log.error(`The job runner has stopped (${end}); starting it again.`);
      failures = Date.now() - startedAt > 60_000 ? 0 : failures + 1;
      const again = await startAgain(failures);
      if (again === undefined) return;
      runner = again;
    }
  }

  /** A new runner, however long it takes; undefined when it is no longer wanted. */
  async function startAgain(failures: number): Promise<Runner | undefined> {
    for (let attempt = failures; ; attempt += 1) {
      await sleep(Math.min(250 * 2 ** attempt, 30_000), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return undefined;
      try {
        const started = await start();
        if (!signal.aborted) return started;
        await started.stop();
        return undefined;
      } catch (error) {
        log.debug(`The job runner cannot start yet: ${errorMessage(error)}`);
      }
    }
  }

  const supervised = supervise();
  return {
    async stop() {
      stopping.abort();
      // Rejects where it has ended already.
      await runner.stop().catch((error: unknown) => log.debug(`Stopping the runner: ${errorMessage(error)}`));
      await supervised;
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
