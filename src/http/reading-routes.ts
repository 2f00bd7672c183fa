import { changesHandler } from './changes.ts';
import { type Parameter, readProblems, type Route, type RouteParts } from './routes.ts';
import { columnsHandler, oldBrowseHandler, oldCountHandler, tableHandler, tablesHandler } from './tables.ts';

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
    ...tableRoutes(parts),
  ];
}

const tableName: Parameter[] = [
  {
    name: 'schema',
    in: 'path',
    description: 'Schema of the table.',
    required: true,
    schema: { type: 'string' },
    example: 'core',
  },
  {
    name: 'table',
    in: 'path',
    description: 'Name of the table.',
    required: true,
    schema: { type: 'string' },
    example: 'companies',
  },
];
const tablePage: Route['success'] = {
  status: 200,
  description: 'A page of rows.',
  schema: {
    type: 'object',
    required: ['schema_name', 'table_name', 'data', 'meta'],
    properties: {
      schema_name: { type: 'string' },
      table_name: { type: 'string' },
      data: { type: 'array', items: { type: 'object' } },
      meta: {
        type: 'object',
        required: ['limit'],
        properties: {
          limit: { type: 'integer' },
          offset: { type: 'integer' },
          total: { type: 'integer' },
          total_is: { type: 'string', enum: ['exact', 'estimated'] },
          next_cursor: { type: ['string', 'null'] },
        },
      },
    },
  },
};
const tableCount: Route['success'] = {
  status: 200,
  description: 'The number of rows, exact.',
  schema: {
    type: 'object',
    required: ['schema_name', 'table_name', 'count'],
    properties: {
      schema_name: { type: 'string' },
      table_name: { type: 'string' },
      count: { type: 'integer' },
    },
  },
};

function query(name: string, description: string, schema: Parameter['schema']): Parameter {
  return { name, in: 'query', description, schema };
}

function tableRoutes(parts: RouteParts): Route[] {
  const problems = [...readProblems, 'timeout' as const];
  return [
    {
      method: 'get',
      path: '/api/tables',
      scopes: ['read'],
      handler: tablesHandler(parts),
      tag: 'tables',
      summary: 'All tables and views that can be read',
      success: {
        status: 200,
        description: 'With their meaning, and about how many rows they have.',
        schema: { type: 'object', properties: { tables: { type: 'array', items: { type: 'object' } } } },
      },
      problems: readProblems,
    },
    {
      method: 'get',
      path: '/api/tables/:schema/:table/columns',
      scopes: ['read'],
      handler: columnsHandler(parts),
      tag: 'tables',
      summary: 'The columns of a table',
      parameters: tableName,
      success: { status: 200, description: 'In their order.', schema: { type: 'object' } },
      problems: readProblems,
    },
    {
      method: 'get',
      path: '/api/tables/:schema/:table',
      scopes: ['read'],
      handler: tableHandler(parts),
      tag: 'tables',
      summary: 'Rows of a table: filtered, sorted, in pages, or all as CSV or NDJSON',
      parameters: [
        ...tableName,
        {
          name: 'filters',
          in: 'query',
          description:
            'Filters by any column: <column>=value, or <column>.<operator>=value with eq, in (between commas, or repeated), contains, gte, gt, lte, lt, null=true|false, filled=true|false. All of them hold at once.',
          schema: { type: 'object', additionalProperties: { type: 'string' } },
        },
        query('columns', 'Only these columns, between commas.', { type: 'string' }),
        query('sort', 'Columns between commas, a minus in front for descending; nulls last.', {
          type: 'string',
        }),
        query('limit', 'Rows in a page; with csv and ndjson, most rows in all.', {
          type: 'integer',
          minimum: 1,
          maximum: 1_000,
          default: 100,
        }),
        query('after', 'next_cursor of the page before.', { type: 'string' }),
        query('count', 'How meta.total is found.', {
          type: 'string',
          enum: ['exact', 'estimated', 'none'],
          default: 'estimated',
        }),
        query('format', 'As Accept does. csv and ndjson give all rows that match.', {
          type: 'string',
          enum: ['json', 'csv', 'ndjson'],
        }),
      ],
      success: tablePage,
      problems,
    },
    ...(['/api/admin/tables/:schema/:table/count', '/api/admin/:schema/:table/count'] as const).map(
      (path): Route => ({
        method: 'get',
        path,
        scopes: ['read'],
        handler: oldCountHandler(parts),
        tag: 'old paths',
        summary: 'The number of rows of a table',
        parameters: tableName,
        success: tableCount,
        problems,
      }),
    ),
    {
      method: 'get',
      path: '/api/admin/:schema/:table',
      scopes: ['read'],
      handler: oldBrowseHandler(parts),
      tag: 'old paths',
      summary: 'Rows of a table by offset, as /api/tables/{schema}/{table} gives them by cursor',
      parameters: [
        ...tableName,
        query('limit', 'Rows in a page.', { type: 'integer', minimum: 1, maximum: 500, default: 50 }),
        query('offset', 'Rows before the page.', {
          type: 'integer',
          minimum: 0,
          maximum: 10_000,
          default: 0,
        }),
        query('filters', '<column>, <column>_gte, <column>_lte, has_<column>.', {
          type: 'object',
          additionalProperties: { type: 'string' },
        }),
      ],
      success: tablePage,
      problems,
    },
  ];
}
