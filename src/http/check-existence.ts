import { z } from 'zod';

import type { Calls } from './calls.ts';
import { checkBody } from './check-body.ts';
import { type AppContext, answerJson } from './context.ts';
import { parseJson } from './json-text.ts';
import type { JsonSchema } from './registry.ts';
import { bodyFormat, decodeUtf8, readBytes } from './request-body.ts';

const largestBody = 64 * 1024;

/** Body of POST /read/companies/db/check-existence. Which schemas are open, the database knows. */
export const existenceQuestion = z.object({
  domain: z.string().min(1).describe('the value to look for, mostly a domain, in any spelling'),
  schema_name: z.string().min(1).describe('such as core or extracted'),
  table_name: z.string().min(1).describe('a table or view of that schema'),
  column_name: z.string().nullish().describe('the column to compare; left out, domain'),
});

export const existenceAnswer: JsonSchema = {
  type: 'object',
  properties: {
    success: { type: 'boolean' },
    exists: { type: 'boolean' },
    domain: { type: 'string', description: 'The value as it was compared.' },
    schema_name: { type: 'string' },
    table_name: { type: 'string' },
    column_name: { type: 'string' },
  },
};

/** Answers whether a table holds a value. */
export function checkExistenceHandler(calls: Calls): (c: AppContext) => Promise<Response> {
  return async function checkExistence(c) {
    bodyFormat(c);
    const text = decodeUtf8(await readBytes(c, largestBody));
    const refusal = checkBody(parseJson(text), text, existenceQuestion);
    if (refusal) throw refusal;
    return answerJson(c, 200, (await calls.checkExistence(text)) ?? '');
  };
}
