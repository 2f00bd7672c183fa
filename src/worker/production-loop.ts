import { setTimeout as sleep } from 'node:timers/promises';

import { errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Producer } from '../produce/producer.ts';

export type ProductionLoop = { stop(): Promise<void> };

/**
 * Works on productions that are due, `concurrency` at a time. They wait for the outside most of the time, so they have
 * places of their own and never hold up the processing of payloads. What a stop breaks off goes back in line.
 */
export function startProductionLoop(
  producer: Producer,
  { concurrency, everyMs }: { concurrency: number; everyMs: number },
  log: Log,
): ProductionLoop {
  const stopping = new AbortController();
  const { signal } = stopping;
  const underWay = new Set<Promise<void>>();

  async function work(claim: { id: string; claim: string }): Promise<void> {
    try {
      await producer.work(claim, signal, true);
    } catch (error) {
      log.warn(`Production ${claim.id} was left for later: ${errorMessage(error)}`);
    }
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        const claims =
          underWay.size < concurrency ? await producer.store.claimMany(concurrency - underWay.size) : [];
        for (const claim of claims) {
          const working = work(claim).finally(() => underWay.delete(working));
          underWay.add(working);
        }
        failures = 0;
        if (claims.length > 0) continue;
      } catch (error) {
        if (failures === 0)
          log.error(`The worker cannot look for productions (${errorMessage(error)}); it keeps trying.`);
        failures += 1;
      }
      const pause = sleep(failures === 0 ? everyMs : Math.min(everyMs * 2 ** failures, 30_000), undefined, {
        signal,
      }).catch(() => undefined);
      await (underWay.size >= concurrency ? Promise.race([...underWay, pause]) : pause);
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
      await Promise.all(underWay);
    },
  };
}
