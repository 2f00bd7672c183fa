import { deliveryStates } from '../deliver/states.ts';
import { isUuid } from '../uuid.ts';
import type { Calls, DeliveryAction } from './calls.ts';
import { type AppContext, answerFound, answerJson, unprocessable } from './context.ts';
import { wholeNumber } from './query.ts';

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
    if (before !== undefined && !isUuid(before)) {
      throw unprocessable([{ parameter: 'before', detail: 'must be the id of a delivery' }]);
    }
    const limit = wholeNumber(c, 'limit', { least: 0, most: mostListed, fallback: 50 });
    return answerJson(c, 200, await calls.listDeliveries(state ?? null, before ?? null, limit));
  };
}

/** How far a delivery is. */
export function deliveryHandler(calls: Calls): (c: AppContext) => Promise<Response> {
  return async function delivery(c) {
    const failures = wholeNumber(c, 'failures', { least: 0, most: mostFailures, fallback: 20 });
    return answerFound(c, 'delivery', (id) => calls.delivery(id, failures));
  };
}

/** Pauses, resumes, cancels or retries a delivery, and answers with it. */
export function changeDeliveryHandler(
  calls: Calls,
  action: DeliveryAction,
): (c: AppContext) => Promise<Response> {
  return async function changeDelivery(c) {
    return answerFound(c, 'delivery', (id) => calls.changeDelivery(id, action));
  };
}
