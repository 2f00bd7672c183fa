import { deliveryStates } from '../deliver/states.ts';
import type { Calls, DeliveryAction } from './calls.ts';
import { type AppContext, answerJson, idParameter, unprocessable } from './context.ts';
import { Problem } from './problems.ts';

const mostListed = 200;
const mostFailures = 1_000;

/** Deliveries, newest first. */
export function listDeliveriesHandler(calls: Calls): (c: AppContext) => Promise<Response> {
  return async function listDeliveries(c) {
    const state = c.req.query('state');
    if (state !== undefined && !deliveryStates.some((known) => known === state)) {
      throw unprocessable([{ parameter: 'state', detail: `must be one of ${deliveryStates.join(', ')}` }]);
    }
    const before = c.req.query('before');
    if (before !== undefined && !/^[0-9a-f-]{36}$/i.test(before)) {
      throw unprocessable([{ parameter: 'before', detail: 'must be the id of a delivery' }]);
    }
    const limit = wholeParameter(c, 'limit', 50, mostListed);
    return answerJson(c, 200, await calls.listDeliveries(state ?? null, before ?? null, limit));
  };
}

/** How far a delivery is. */
export function deliveryHandler(calls: Calls): (c: AppContext) => Promise<Response> {
  return async function delivery(c) {
    const failures = wholeParameter(c, 'failures', 20, mostFailures);
    return answerFound(c, (id) => calls.delivery(id, failures));
  };
}

/** Pauses, resumes, cancels or retries a delivery, and answers with it. */
export function changeDeliveryHandler(
  calls: Calls,
  action: DeliveryAction,
): (c: AppContext) => Promise<Response> {
  return async function changeDelivery(c) {
    return answerFound(c, (id) => calls.changeDelivery(id, action));
  };
}

async function answerFound(c: AppContext, find: (id: string) => Promise<string | null>): Promise<Response> {
  const id = idParameter(c);
  const text = id === undefined ? null : await find(id);
  if (text === null) throw new Problem('not-found', `There is no delivery "${c.req.param('id') ?? ''}".`);
  return answerJson(c, 200, text);
}

function wholeParameter(c: AppContext, name: string, fallback: number, most: number): number {
  const text = c.req.query(name);
  if (text === undefined) return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 0 && value <= most)) {
    throw unprocessable([{ parameter: name, detail: `must be a whole number from 0 to ${most}` }]);
  }
  return value;
}
