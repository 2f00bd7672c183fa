import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { createOutbound, type AllowList, type Outbound } from '../clients/outbound.ts';
import { connect, type Sql } from '../database/connect.ts';
import { errorMessage, isTransient } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Row, sendRow } from './send-row.ts';

export type DelivererSettings = {
  outboundAllow: AllowList;
  /** rows a host gets a second, from all workers together */
  deliveryRate: number;
  /** for one row: connection, request and answer */
  deliveryTimeoutMs: number;
  /** how long a delivery stays with a worker that no longer says it is alive */
  deliveryLeaseMs: number;
  /** how often to look for deliveries */
  sweepMs: number;
};

export type Deliverer = {
  /** takes no new row, records the answers of those in flight, and gives its deliveries back */
  stop(): Promise<void>;
};

type Step = ({ next: 'send' } & Row) | { next: 'wait'; wait_ms: number } | { next: 'stop' };

type Parts = { sql: Sql; outbound: Outbound; settings: DelivererSettings; worker: string; log: Log };

/** Deliveries one process sends at a time; they mostly wait, for the pace and for answers. */
const mostDeliveries = 20;
/** After this long a delivery goes back into the line, so that more of them than that all get on. */
const turnMs = 10_000;
/** A delivery that waits may be paused, cancelled or let go by the receiver meanwhile. */
const longestSleepMs = 1_000;

/**
 * Sends deliveries. Which worker sends which, the order of rows, the pace and the counts are decided in the database
 * (sql/etl/deliver), so that any number of processes may run this. It is no task of graphile-worker: a delivery waits
 * most of the time, and would keep a place from other jobs.
 */
export function startDeliverer(url: string, settings: DelivererSettings, log: Log): Deliverer {
  const sql = connect(url, { max: 4, applicationName: 'hq deliveries' });
  const parts: Parts = {
    sql,
    outbound: createOutbound({ allow: settings.outboundAllow }),
    settings,
    worker: randomUUID(),
    log,
  };
  const stopping = new AbortController();
  const active = new Map<string, Promise<void>>();
  const heart = startHeart(parts);

  async function claim(): Promise<void> {
    const rows = await sql<{ id: string }[]>`
      select id from etl.claim_deliveries(
        worker => ${parts.worker}, lease => ${lease(settings)}::interval, most => ${mostDeliveries - active.size}) as id`;
    for (const { id } of rows) {
      const sending = takeTurn(parts, id, stopping.signal)
        .catch((error: unknown) =>
          log.error({ err: error, delivery: id }, 'A delivery was interrupted; it goes on.'),
        )
        .finally(() => active.delete(id));
      active.set(id, sending);
    }
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        if (active.size < mostDeliveries) await claim();
        failures = 0;
      } catch (error) {
        failures += 1;
        log.debug(`The worker cannot look for deliveries: ${errorMessage(error)}`);
      }
      const pause = Math.min(settings.sweepMs * 2 ** failures, 30_000);
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
      await Promise.all(active.values());
      heart.stop();
      await parts.outbound.close();
      await sql.end({ timeout: 5 });
    },
  };
}

/** Sends one delivery in this process until it ends, is stopped, or `signal` is given. Others may take turns with it. */
export async function sendDelivery(
  sql: Sql,
  outbound: Outbound,
  settings: DelivererSettings,
  deliveryId: string,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const parts: Parts = { sql, outbound, settings, worker: randomUUID(), log };
  const heart = startHeart(parts);
  try {
    while (!signal.aborted) {
      const [row] = await sql<{ is_open: boolean; claimed: string | null }[]>`
        select delivery.state = 'sending' as is_open, (
                 select id from etl.claim_deliveries(
                   worker => ${parts.worker}, lease => ${lease(settings)}::interval, most => 1, delivery_id => delivery.id) as id
               ) as claimed
          from etl.deliveries as delivery
         where delivery.id = ${deliveryId}`;
      if (!row?.is_open) return;
      if (row.claimed) await takeTurn(parts, deliveryId, signal);
      else await sleep(settings.sweepMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    heart.stop();
  }
}

/** Sends rows of a delivery whose lease this worker has, for one turn, and gives the lease back. */
async function takeTurn(parts: Parts, id: string, signal: AbortSignal): Promise<void> {
  const { sql, worker } = parts;
  const until = Date.now() + turnMs;
  while (!signal.aborted && Date.now() < until) {
    const step = await nextStep(parts, id);
    if (step.next === 'stop') break;
    if (step.next === 'send') {
      await sendAndRecord(parts, id, step);
      continue;
    }
    await sleep(Math.min(step.wait_ms, longestSleepMs), undefined, { signal }).catch(() => undefined);
  }
  await sql`select etl.release_delivery(delivery_id => ${id}, worker => ${worker})`;
}

async function nextStep({ sql, settings, worker }: Parts, id: string): Promise<Step> {
  const [row] = await sql<{ step: Step }[]>`
    select etl.next_delivery_row(
      delivery_id => ${id}, worker => ${worker}, sends_per_second => ${settings.deliveryRate},
      hold => ${milliseconds(settings.deliveryTimeoutMs + 5_000)}::interval) as step`;
  return row?.step ?? { next: 'stop' };
}

async function sendAndRecord({ sql, outbound, settings, worker, log }: Parts, id: string, row: Row) {
  const { outcome, status, answer, problem, retryAfterMs } = await sendRow(
    outbound,
    row,
    settings.deliveryTimeoutMs,
  );
  if (outcome !== 'sent') log.debug({ delivery: id, position: row.position, status }, problem ?? outcome);
  // An answer that is not recorded means that the row is sent again: worth some patience with the database.
  await patiently(
    () => sql`
      select etl.record_answer(
        delivery_id => ${id}, worker => ${worker}, row_position => ${row.position}, attempt => ${row.attempt}, slot => ${row.slot},
        outcome => ${outcome}, status => ${status}, answer => ${answer}, problem => ${problem},
        retry_after => ${retryAfterMs === null ? null : milliseconds(retryAfterMs)}::interval)`,
  );
}

async function patiently(call: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await call();
      return;
    } catch (error) {
      if (attempt === 6 || !isTransient(error)) throw error;
      await sleep(100 * 2 ** attempt);
    }
  }
}

/** Says three times per lease that the worker is alive. */
function startHeart({ sql, settings, worker, log }: Parts): { stop(): void } {
  const timer = setInterval(() => {
    sql`select etl.extend_leases(worker => ${worker}, lease => ${lease(settings)}::interval)`.catch(
      (error: unknown) => log.debug(`The leases cannot be extended: ${errorMessage(error)}`),
    );
  }, settings.deliveryLeaseMs / 3);
  return { stop: () => clearInterval(timer) };
}

function lease({ deliveryLeaseMs }: DelivererSettings): string {
  return milliseconds(deliveryLeaseMs);
}

function milliseconds(value: number): string {
  return `${value} milliseconds`;
}
