import { z } from 'zod';

import { expect } from 'vitest';

import type { Answer, Call } from '../../http/support/api.ts';

type Operation = {
  parameters?: { name: string; in: string }[];
  responses: Record<string, { content?: Record<string, { schema?: object }> }>;
};

const documents = new WeakMap<Call, Promise<Record<string, Record<string, Operation>>>>();

/** What /openapi.json says of a route. */
export async function operationOf(call: Call, method: 'get' | 'post', path: string): Promise<Operation> {
  let paths = documents.get(call);
  if (paths === undefined) {
    paths = call('/openapi.json').then(({ body }) => body.paths);
    documents.set(call, paths);
  }
  const operation = (await paths)[path]?.[method];
  if (operation === undefined) throw new Error(`/openapi.json has no ${method} ${path}.`);
  return operation;
}

/** The answer has a status, a content type and a body that /openapi.json promises for the route. */
export async function expectContract(
  call: Call,
  method: 'get' | 'post',
  path: string,
  answer: Answer,
): Promise<void> {
  const operation = await operationOf(call, method, path);
  const promised = operation.responses[String(answer.status)];
  expect(promised, `${method} ${path} promises an answer ${answer.status}`).toBeDefined();
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  const content = promised?.content?.[type];
  expect(content, `${method} ${path} promises ${type} for ${answer.status}`).toBeDefined();
  if (content?.schema === undefined || JSON.stringify(content.schema).includes('$ref')) return;
  const items = type === 'application/x-ndjson' ? (answer.body as unknown[]) : [answer.body];
  for (const item of items) z.fromJSONSchema(content.schema as z.core.JSONSchema.JSONSchema).parse(item);
}
