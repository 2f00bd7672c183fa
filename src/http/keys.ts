import { z } from 'zod';

import type { Calls } from './calls.ts';
import { type AppContext, answer, answerJson, idParameter } from './context.ts';
import { jsonBody } from './json-body.ts';
import { Problem } from './problems.ts';

const mostBytes = 64 * 1024;

/** Body of POST /admin/keys. Which scopes there are, the database knows. */
export const newKey = z.object({
  name: z.string().min(1).describe('who will use the key'),
  scopes: z.array(z.string()).min(1).describe('one or more of ingest, read, admin'),
  tenant: z
    .string()
    .min(1)
    .nullish()
    .describe('domain of a client: the key reads, and of the rows of tenants only those of this one'),
});

/** Makes a key; the answer is the only time the key itself is shown. */
export function createKeyHandler(calls: Calls): (c: AppContext) => Promise<Response> {
  return async function createKey(c) {
    const { value } = await jsonBody(c, newKey, { mostBytes });
    const made = await calls.createKey(value.name, value.scopes, value.tenant ?? null);
    return answerJson(c, 201, made ?? '', { 'Cache-Control': 'no-store' });
  };
}

/** Lists all keys, without the keys themselves. */
export function listKeysHandler(calls: Calls): (c: AppContext) => Promise<Response> {
  return async function listKeys(c) {
    return answerJson(c, 200, (await calls.listKeys()) ?? '[]');
  };
}

/** Revokes a key; revoking it again is no error. */
export function revokeKeyHandler(calls: Calls): (c: AppContext) => Promise<Response> {
  return async function revokeKey(c) {
    const id = idParameter(c);
    if (id === undefined || !(await calls.revokeKey(id))) {
      throw new Problem('not-found', `There is no API key with the id "${c.req.param('id') ?? ''}".`);
    }
    return answer(c, 204, null, 'application/json');
  };
}
