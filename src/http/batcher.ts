import { setTimeout as sleep } from 'node:timers/promises';

import { errorCode, errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Calls, Outcome, RunOptions } from './calls.ts';
import { isUnavailable, problemOf } from './faults.ts';
import { Problem } from './problems.ts';
import type { Workflow } from './registry.ts';
import { Signal } from './signal.ts';

export type RunMode = 'sync' | 'async' | 'dry_run';

type Item = {
  body: string;
  submittedAt: number;
  /** null for a body of a large request, which may wait its turn */
  deadline: number | null;
  resolve: (outcome: Outcome) => void;
  reject: (problem: Problem) => void;
};

type Queue = {
  workflow: Workflow;
  mode: RunMode;
  items: Item[];
  calls: number;
  scheduled: boolean;
  timer: NodeJS.Timeout | null;
};

// A call of 200 bodies takes a fraction of a second: larger ones gain little and hold up the requests behind them.
const mostItems = 200;
const mostBytes = 4 * 1024 * 1024;
// A second call of the same workflow starts at once when this many wait, and for any that waited this long: below
// that, gathering them into the next call costs the database less than running them side by side.
const enoughForAnotherCall = 16;
const longestWaitMs = 25;
const landingTimeoutMs = 5_000;
const retryPauseMs = 100;

const optionsOf: Record<RunMode, RunOptions> = {
  sync: {},
  async: { async: true },
  dry_run: { dry_run: true },
};

export type BatcherOptions = {
  calls: Calls;
  metrics: Metrics;
  log: Log;
  /** most calls at a time */
  mostCalls: number;
};

/**
 * Gathers bodies of the same workflow and mode that arrive together, or while a call is under way, into one
 * database call, and hands every request its own outcome. When a whole call fails for something in it, its bodies
 * are run one by one, so one bad body cannot spoil its neighbours.
 */
export class Batcher {
  readonly #options: BatcherOptions;
  readonly #queues = new Map<string, Queue>();
  #calls = 0;
  #idle: Signal | null = null;

  constructor(options: BatcherOptions) {
    this.#options = options;
  }

  /**
   * Runs one body, given as JSON text. Rejects with a Problem when there is no outcome.
   * `patient`: waiting for a turn does not count towards the workflow's timeout.
   */
  submit(workflow: Workflow, mode: RunMode, body: string, patient = false): Promise<Outcome> {
    const key = `${mode} ${workflow.slug}`;
    let queue = this.#queues.get(key);
    if (!queue) {
      queue = { workflow, mode, items: [], calls: 0, scheduled: false, timer: null };
      this.#queues.set(key, queue);
    }
    queue.workflow = workflow;
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    const now = performance.now();
    queue.items.push({
      body,
      submittedAt: now,
      deadline: patient ? null : now + workflow.timeoutMs,
      resolve,
      reject,
    });
    this.#schedule(queue);
    return promise;
  }

  /** Resolves when nothing waits and nothing is under way. */
  async drained(): Promise<void> {
    if (this.#isIdle()) return;
    this.#idle ??= new Signal();
    await this.#idle.happened;
  }

  #schedule(queue: Queue): void {
    if (queue.scheduled) return;
    queue.scheduled = true;
    // After the sockets that are readable now: their requests join this batch.
    setImmediate(() => {
      queue.scheduled = false;
      this.#startCalls(queue);
    });
  }

  #startCalls(queue: Queue): void {
    while (queue.items.length > 0 && this.#calls < this.#options.mostCalls && this.#isDue(queue)) {
      const items = this.#take(queue);
      if (items.length > 0) void this.#run(queue, items);
    }
    if (queue.items.length > 0 && queue.timer === null) {
      queue.timer = setTimeout(() => {
        queue.timer = null;
        this.#startCalls(queue);
      }, longestWaitMs);
    }
  }

  #isDue(queue: Queue): boolean {
    if (queue.calls === 0 || queue.items.length >= enoughForAnotherCall) return true;
    const oldest = queue.items[0];
    return oldest !== undefined && performance.now() - oldest.submittedAt >= longestWaitMs;
  }

  #take(queue: Queue): Item[] {
    const now = performance.now();
    const taken: Item[] = [];
    let seen = 0;
    let bytes = 0;
    for (const item of queue.items) {
      if (taken.length === mostItems || (taken.length > 0 && bytes + item.body.length > mostBytes)) break;
      seen += 1;
      if (item.deadline !== null && item.deadline <= now) {
        item.reject(
          new Problem(
            'timeout',
            'The server was too busy to start in time. Nothing was stored; send it again.',
          ),
        );
        continue;
      }
      taken.push(item);
      bytes += item.body.length;
    }
    queue.items.splice(0, seen);
    return taken;
  }

  async #run(queue: Queue, items: Item[]): Promise<void> {
    queue.calls += 1;
    this.#calls += 1;
    this.#options.metrics.callsInFlight.inc();
    try {
      settle(items, await this.#call(queue, items));
    } catch (error) {
      await this.#recover(queue, items, error);
    } finally {
      queue.calls -= 1;
      this.#calls -= 1;
      this.#options.metrics.callsInFlight.dec();
      this.#next(queue);
    }
  }

  #next(finished: Queue): void {
    // Others first, so that a busy workflow cannot starve them.
    for (const queue of this.#queues.values()) {
      if (queue !== finished && queue.items.length > 0) this.#schedule(queue);
    }
    if (finished.items.length > 0) this.#schedule(finished);
    else if (finished.calls === 0) this.#queues.delete(`${finished.mode} ${finished.workflow.slug}`);
    if (this.#idle && this.#isIdle()) {
      this.#idle.happen();
      this.#idle = null;
    }
  }

  #isIdle(): boolean {
    return this.#calls === 0 && [...this.#queues.values()].every((queue) => queue.items.length === 0);
  }

  async #call(queue: Queue, items: Item[]): Promise<Outcome[]> {
    const { workflow, mode } = queue;
    const { calls, metrics } = this.#options;
    const startedAt = performance.now();
    const first = items[0]?.deadline ?? null;
    const timeoutMs = first === null ? workflow.timeoutMs : whole(first - startedAt, workflow.timeoutMs);
    const bodies = items.map((item) => item.body);
    const outcomes = await calls.runBatch(workflow.slug, bodies, optionsOf[mode], timeoutMs);
    if (outcomes.length !== items.length) {
      throw new Error(`${workflow.slug}: ${items.length} bodies gave ${outcomes.length} outcomes`);
    }
    metrics.batchItems.observe({ workflow: workflow.slug }, items.length);
    metrics.batchSeconds.observe({ workflow: workflow.slug }, (performance.now() - startedAt) / 1000);
    return outcomes;
  }

  async #recover(queue: Queue, items: Item[], error: unknown, retried = false): Promise<void> {
    const { log } = this.#options;
    const workflow = queue.workflow.slug;
    log.warn(
      { workflow, items: items.length, code: errorCode(error), reason: errorMessage(error) },
      'batch failed',
    );
    if (errorCode(error) === '57014') return this.#land(queue, items);
    if (isUnavailable(error) && !retried) {
      await sleep(retryPauseMs);
      try {
        return settle(items, await this.#call(queue, items));
      } catch (again) {
        return this.#recover(queue, items, again, true);
      }
    }
    if (items.length === 1 || isUnavailable(error) || error instanceof Problem) {
      const problem = problemOf(error);
      if (problem.kind === 'internal')
        log.error({ err: error, workflow }, 'batch failed for an unknown reason');
      for (const item of items) item.reject(problem);
      return;
    }
    for (const item of items) {
      try {
        settle([item], await this.#call(queue, [item]));
      } catch (alone) {
        await this.#recover(queue, [item], alone, true);
      }
    }
  }

  /** The call ran out of time and was rolled back: store the payloads, at least, and leave the work to the worker. */
  async #land(queue: Queue, items: Item[]): Promise<void> {
    const { calls, log } = this.#options;
    const { workflow, mode } = queue;
    const limit = `The ${workflow.timeoutMs / 1000} seconds of "${workflow.slug}" have passed.`;
    if (mode === 'sync') {
      try {
        const bodies = items.map((item) => item.body);
        const landed = await calls.runBatch(workflow.slug, bodies, optionsOf.async, landingTimeoutMs);
        items.forEach((item, i) => {
          const outcome = landed[i];
          if (outcome?.status === 202 && outcome.payloadId !== null)
            item.reject(pending(limit, outcome.payloadId));
          else if (outcome) item.resolve(outcome);
          else item.reject(new Problem('timeout', `${limit} Nothing was stored; send it again.`));
        });
        return;
      } catch (error) {
        log.warn({ workflow: workflow.slug, reason: errorMessage(error) }, 'landing after a timeout failed');
      }
    }
    for (const item of items) {
      item.reject(new Problem('timeout', `${limit} Nothing was stored; send it again.`));
    }
  }
}

function settle(items: Item[], outcomes: Outcome[]): void {
  items.forEach((item, i) => item.resolve(outcomes[i] as Outcome));
}

function pending(limit: string, payloadId: string): Problem {
  const statusUrl = `/payloads/${payloadId}`;
  return new Problem(
    'timeout',
    `${limit} The payload is stored and will be processed by the worker: GET ${statusUrl} shows how far it is. Do not send it again.`,
    { payload_id: payloadId, status_url: statusUrl },
    { Location: statusUrl },
  );
}

/** The time left in whole steps of a second, so that the timeout of a connection seldom has to be set anew. */
function whole(leftMs: number, mostMs: number): number {
  return Math.min(mostMs, Math.max(1, Math.ceil(leftMs / 1000)) * 1000);
}
