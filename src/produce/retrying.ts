import { setTimeout as sleep } from 'node:timers/promises';

import type { OutsideError } from './outside-error.ts';

// Whoever has to wait longer than this gives the work back instead, so that its place is free for other work.
const longestPauseMs = 20_000;
const firstPauseMs = 500;

/**
 * Waits before the next attempt: as long as the service asks, else 0.5, 1, 2 … seconds with jitter. Throws the failure
 * when the service asks for more patience than a caller has.
 */
export async function backOff(
  attempt: number,
  askedMs: number | undefined,
  signal: AbortSignal,
  failure: OutsideError,
): Promise<void> {
  if (askedMs !== undefined && askedMs > longestPauseMs) throw failure;
  const pause = firstPauseMs * 2 ** (attempt - 1);
  await sleep((askedMs ?? pause / 2) + (Math.random() * pause) / 2, undefined, { signal });
}
