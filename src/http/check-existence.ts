import { z } from 'zod';

import type { Calls } from './calls.ts';
import { type AppContext, answerJson } from './context.ts';
import { jsonBody } from './json-body.ts';
import type { JsonSchema } from './registry.ts';

const mostBytes = 64 * 1024;

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
    error: { type: 'null', description: 'Always: errors are problems.' },
  },
};

/** Answers whether a table holds a value. */
export function checkExistenceHandler(calls: Calls): (c: AppContext) => Promise<Response> {
  return async function checkExistence(c) {
    const { text } = await jsonBody(c, existenceQuestion, { mostBytes });
    return answerJson(c, 200, (await calls.checkExistence(text)) ?? '');
  };
}
