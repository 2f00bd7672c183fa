import type { Calls } from './calls.ts';
import { type AppContext, answerJson, idParameter } from './context.ts';
import { Problem } from './problems.ts';

/** How far a landed payload is. */
export function payloadHandler(calls: Calls): (c: AppContext) => Promise<Response> {
  return async function payload(c) {
    return answerFound(c, 'payload', (id) => calls.payloadStatus(id));
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

async function answerFound(
  c: AppContext,
  what: string,
  find: (id: string) => Promise<string | null>,
): Promise<Response> {
  const id = idParameter(c);
  const text = id === undefined ? null : await find(id);
  if (text === null) throw new Problem('not-found', `There is no ${what} "${c.req.param('id') ?? ''}".`);
  return answerJson(c, 200, text);
}
