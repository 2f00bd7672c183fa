import { expect, test } from 'vitest';

import { Contract, type OpenapiDocument } from './support/contract.ts';

// The check that every answer of the suite goes through, on a document small enough to be seen whole.
const thing = {
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'integer' },
    parts: {
      type: 'array',
      items: { anyOf: [{ type: 'object', properties: { name: {} } }, { type: 'null' }] },
    },
    facts: { type: 'object' },
    more: { type: 'object', properties: { name: {} }, additionalProperties: true },
  },
};
const document: OpenapiDocument = {
  paths: {
    '/things/{id}': {
      get: {
        responses: {
          '200': {
            content: {
              'application/json': { schema: thing },
              'application/x-ndjson': { schema: thing },
              'text/csv': { schema: { type: 'string', 'x-columns': ['id', 'name'] } },
              'text/event-stream': { schema: { anyOf: [thing, { type: 'object', required: ['cursor'] }] } },
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
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return contract.check(method, path, { status, headers: new Headers({ 'content-type': type }), body, text });
}

test('an answer that the document promises passes', async () => {
  await check('/things/1?x=1', 200, 'application/json; charset=utf-8', { id: 1 });
  await check('/things/1', 200, 'application/x-ndjson', [{ id: 1 }, { id: 2 }]);
  await check('/things/1', 304, '', undefined);
  await check('/things/1', 404, 'application/problem+json', { type: '/problems/not-found' });
  await check('/nothing', 404, 'application/problem+json', { type: '/problems/not-found' });
  await check('/things/1', 200, 'text/csv; charset=utf-8', 'id,name\r\n1,"a ""b"", c"\r\n');
  await check(
    '/things/1',
    200,
    'text/event-stream',
    ': hello\n\nid: 7\nevent: position\ndata: {"cursor":"7"}\n\nid: 8\ndata: {"cur',
  );
});

test('fields that are not named pass only where an object has no properties, or says that others may come', async () => {
  await check('/things/1', 200, 'application/json', { id: 1, facts: { any: 1 }, more: { any: 1 } });
});

test.for([
  ['a path it does not have', '/nothing', 200, 'application/json', { id: 1 }, 'no such operation'],
  ['a status it does not have', '/things/1', 409, 'application/problem+json', { type: 'x' }, 'this status'],
  ['another content type', '/things/1', 200, 'text/plain', 'id', 'not "text/plain"'],
  ['a body that lacks a field', '/things/1', 200, 'application/json', {}, "required property 'id'"],
  ['one such line', '/things/1', 200, 'application/x-ndjson', [{ id: 1 }, {}], "required property 'id'"],
  ['a field that is not declared', '/things/1', 200, 'application/json', { id: 1, x: 1 }, 'has the field x'],
  [
    'one within a part of it',
    '/things/1',
    200,
    'application/json',
    { id: 1, parts: [{ name: 1 }, { x: 1 }] },
    '/parts/1 has the field x',
  ],
  ['CSV with other columns', '/things/1', 200, 'text/csv', 'name,id\r\n', 'columns are name, id'],
  ['CSV with a short row', '/things/1', 200, 'text/csv', 'id,name\r\n1\r\n', 'is no CSV'],
  ['CSV with an open quote', '/things/1', 200, 'text/csv', 'id,name\r\n1,"a\r\n', 'is no CSV'],
  ['no CSV at all', '/things/1', 200, 'text/csv', '', 'no header line'],
  [
    'an event with an undeclared field',
    '/things/1',
    200,
    'text/event-stream',
    'data: {"id":1,"x":1}\n\n',
    'x',
  ],
  [
    'an event with another id',
    '/things/1',
    200,
    'text/event-stream',
    'id: 7\ndata: {"cursor":"8"}\n\n',
    'another cursor',
  ],
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
