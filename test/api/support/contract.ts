import { z } from 'zod';

import { expect } from 'vitest';

import type { Answer, Call } from '../../http/support/api.ts';

type Response = { $ref?: string; content?: Record<string, { schema?: object }> };
type Operation = { parameters?: { name: string; in: string }[]; responses: Record<string, Response> };
type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { responses?: Record<string, Response> };
};

const documents = new WeakMap<Call, Promise<Document>>();

/** The answer has a status, a content type and a body that /openapi.json promises for the route. */
export async function expectContract(
  call: Call,
  method: 'get' | 'post',
  path: string,
  answer: Answer,
): Promise<void> {
  let reading = documents.get(call);
  if (reading === undefined) {
    reading = call('/openapi.json').then(({ body }) => body as Document);
    documents.set(call, reading);
  }
  const document = await reading;
  const operation = document.paths[path]?.[method];
  expect(operation, `${method} ${path} is described`).toBeDefined();
  const stated = operation?.responses[String(answer.status)];
  const promised =
    stated?.$ref === undefined
      ? stated
      : document.components.responses?.[stated.$ref.replace('#/components/responses/', '')];
  expect(promised, `${method} ${path} promises an answer ${answer.status}`).toBeDefined();
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  const content = promised?.content?.[type];
  expect(content, `${method} ${path} promises ${type} for ${answer.status}`).toBeDefined();
  if (content?.schema === undefined || JSON.stringify(content.schema).includes('$ref')) return;
  const items = type === 'application/x-ndjson' ? (answer.body as unknown[]) : [answer.body];
  for (const item of items) z.fromJSONSchema(content.schema as z.core.JSONSchema.JSONSchema).parse(item);
}
