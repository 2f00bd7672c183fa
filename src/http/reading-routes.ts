import { changesHandler } from './changes.ts';
import { type Parameter, readProblems, type Route, type RouteParts } from './routes.ts';

const cursorParameter: Parameter = {
  name: 'after',
  in: 'query',
  description:
    'The cursor to go on from: Next-Cursor or cursor of an earlier answer. "latest" gives the newest cursor and no changes. Without it, the feed begins with the oldest change kept.',
  schema: { type: 'string', pattern: '^(\\d{1,18}|latest)$' },
};

/** Routes that read what the system knows: the change feed, tables, coverage. */
export function readingRoutes(parts: RouteParts): Route[] {
  return [
    {
      method: 'get',
      path: '/api/changes',
      scopes: ['read'],
      handler: changesHandler(parts),
      tag: 'changes',
      summary: 'Every change of a golden record, in commit order',
      parameters: [
        cursorParameter,
        {
          name: 'table',
          in: 'query',
          description: 'Only changes of these tables, such as core.companies; repeated or between commas.',
          schema: { type: 'array', items: { type: 'string' } },
        },
        {
          name: 'limit',
          in: 'query',
          description: 'Most changes in one answer.',
          schema: { type: 'integer', minimum: 1, maximum: 10_000, default: 1_000 },
        },
        {
          name: 'wait',
          in: 'query',
          description: 'Seconds to wait for the first change where there is none.',
          schema: { type: 'integer', minimum: 0, maximum: 60, default: 0 },
        },
        {
          name: 'format',
          in: 'query',
          description:
            'sse, as Accept: text/event-stream does: all changes from there on as server-sent events.',
          schema: { type: 'string', enum: ['ndjson', 'sse'] },
        },
      ],
      success: {
        status: 200,
        description: 'One JSON object per line; the header Next-Cursor has the cursor to go on from.',
        contentType: 'application/x-ndjson',
        schema: {
          type: 'object',
          required: ['cursor', 'at', 'entity', 'key', 'table', 'op', 'row_key', 'old', 'new'],
          properties: {
            cursor: { type: 'string' },
            at: { type: 'string', format: 'date-time' },
            entity: { type: 'string', enum: ['company', 'person'] },
            key: { type: 'string' },
            table: { type: 'string' },
            op: { type: 'string', enum: ['insert', 'update', 'delete'] },
            row_key: { type: 'object' },
            old: { type: ['object', 'null'] },
            new: { type: ['object', 'null'] },
            payload_id: { type: ['string', 'null'], format: 'uuid' },
            workflow: { type: ['string', 'null'] },
          },
        },
      },
      problems: [...readProblems, 'cursor-expired'],
    },
  ];
}
