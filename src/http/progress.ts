import type { Calls } from './calls.ts';
import { type AppContext, answerFound } from './context.ts';

/** How far a landed payload is. */
export function payloadHandler(calls: Calls): (c: AppContext) => Promise<Response> {
  return async function payload(c) {
    return answerFound(c, 'payload', (id) => calls.payloadStatus(id));
  };
}

/** How far a production is, with its response or its error. */
export function productionHandler(calls: Calls): (c: AppContext) => Promise<Response> {
  return async function production(c) {
    return answerFound(c, 'production', (id) => calls.production(id));
  };
}

/** How far a job is. */
export function jobHandler(calls: Calls): (c: AppContext) => Promise<Response> {
  return async function job(c) {
    return answerFound(c, 'job', (id) => calls.job(id));
  };
}

/** Cancels a job after the chunk it is at, and answers with it. */
export function cancelJobHandler(calls: Calls): (c: AppContext) => Promise<Response> {
  return async function cancelJob(c) {
    return answerFound(c, 'job', (id) => calls.cancelJob(id));
  };
}
