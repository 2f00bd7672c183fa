import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { OutsideError } from './outside-error.ts';
import { backOff } from './retrying.ts';
import type { CallRecord, ProductionStore } from './store.ts';

export type Called<T> = { value: T; record: Omit<CallRecord, 'provider' | 'durationMs' | 'holder'> };

const attempts = 4;
// A provider that rests longer than this gives its caller the work back.
const longestRestMs = 20_000;

/**
 * Calls providers within their limits, which all processes share through the database, and records every call with
 * its cost. What is transient is tried again with back-off while the signal allows.
 */
export class ProviderSlots {
  readonly #store: ProductionStore;
  readonly #budgetUsd: number | undefined;

  constructor(store: ProductionStore, budgetUsd: number | undefined) {
    this.#store = store;
    this.#budgetUsd = budgetUsd;
  }

  /** `call` gives what to record, or throws an OutsideError whose `record` part is taken from `failed`. */
  async call<T>(
    production: string,
    provider: string,
    timeoutMs: number,
    signal: AbortSignal,
    call: (signal: AbortSignal) => Promise<Called<T>>,
    failed: (error: unknown) => { failure: OutsideError; record: Partial<CallRecord> },
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const holder = randomUUID();
      await this.#enter(provider, holder, timeoutMs, signal);
      const startedAt = performance.now();
      const record = (rest: Omit<CallRecord, 'provider' | 'durationMs' | 'holder'>) =>
        this.#store.recordCall(production, {
          ...rest,
          provider,
          holder,
          durationMs: performance.now() - startedAt,
        });
      try {
        const { value, record: said } = await call(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
        await record(said);
        return value;
      } catch (error) {
        if (signal.aborted) {
          await record({ outcome: 'failed', problem: 'broken off: the caller could not wait longer' });
          signal.throwIfAborted();
        }
        const { failure, record: said } = failed(error);
        await record({
          outcome: 'failed',
          problem: failure.message,
          restsForMs: failure.retryAfterMs,
          ...said,
        });
        if (!failure.transient || attempt === attempts) throw failure;
        await backOff(attempt, failure.retryAfterMs, signal, failure);
      }
    }
  }

  async #enter(provider: string, holder: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const slot = await this.#store.takeSlot(provider, holder, timeoutMs + 30_000, this.#budgetUsd);
      if (slot.refused) throw new OutsideError('BUDGT', slot.detail ?? 'The budget is used up.');
      if (!slot.granted && slot.rests && (slot.wait_ms ?? 0) > longestRestMs) {
        throw new OutsideError('OUTFL', `${provider} asked to be left alone for a while.`, {
          transient: true,
          retryAfterMs: slot.wait_ms ?? longestRestMs,
        });
      }
      await sleep(Math.min(slot.wait_ms ?? 0, 1_000), undefined, { signal });
      if (slot.granted) return;
    }
  }
}
