import { expect, test } from 'vitest';

import { Contract, type OpenapiDocument } from './support/contract.ts';

// The check that every answer of the suite goes through, on a document small enough to be seen whole.
const document: OpenapiDocument = {
  paths: {
    '/things/{id}': {
      get: {
        responses: {
          '200': {
            content: {
              'application/json': { schema: { type: 'object', required: ['id'] } },
              'application/x-ndjson': { schema: { type: 'object', required: ['id'] } },
            },
          },
          '304': {},
          '404': { $ref: '#/components/responses/not-found' },
        },
      },
    },
  },
  components: {
    responses: {
      'not-found': {
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
    ...{ schemas: { Problem: { type: 'object', required: ['type'] } } },
  },
};

const contract = new Contract(() => Promise.resolve(document));

function check(path: string, status: number, type: string, body: unknown, method = 'GET') {
  const text = body === undefined ? '' : JSON.stringify(body);
  return contract.check(method, path, { status, headers: new Headers({ 'content-type': type }), body, text });
}

test('an answer that the document promises passes', async () => {
  await check('/things/1?x=1', 200, 'application/json; charset=utf-8', { id: 1 });
  await check('/things/1', 200, 'application/x-ndjson', [{ id: 1 }, { id: 2 }]);
  await check('/things/1', 304, '', undefined);
  await check('/things/1', 404, 'application/problem+json', { type: '/problems/not-found' });
  await check('/nothing', 404, 'application/problem+json', { type: '/problems/not-found' });
});

test.for([
  ['a path it does not have', '/nothing', 200, 'application/json', { id: 1 }, 'no such operation'],
  ['a status it does not have', '/things/1', 409, 'application/problem+json', { type: 'x' }, 'this status'],
  ['another content type', '/things/1', 200, 'text/csv', 'id', 'not "text/csv"'],
  ['a body that lacks a field', '/things/1', 200, 'application/json', {}, "required property 'id'"],
  ['one such line', '/things/1', 200, 'application/x-ndjson', [{ id: 1 }, {}], "required property 'id'"],
  ['a problem that is none', '/things/1', 404, 'application/problem+json', {}, "required property 'type'"],
  ['a body where none is promised', '/things/1', 304, 'application/json', { id: 1 }, 'no content'],
  ['no problem at an unknown path', '/nothing', 404, 'text/html', 'lost', 'text/html'],
] as const)('%s is objected to', async ([, path, status, type, body, said]) => {
  await expect(check(path, status, type, body)).rejects.toThrow(said);
});

test('a method that it does not have is objected to', async () => {
  await expect(check('/things/1', 200, 'application/json', { id: 1 }, 'POST')).rejects.toThrow(
    'no such operation',
  );
});
