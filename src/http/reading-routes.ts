import { changesHandler } from './changes.ts';
import {
  coverageHandler,
  gapHandler,
  gapRecipesHandler,
  topVcCountHandler,
  topVcsHandler,
} from './coverage.ts';
import type { JsonSchema } from './registry.ts';
import {
  countSchema,
  listSchema,
  objectSchema,
  type Parameter,
  readProblems,
  type Route,
  rowFiles,
  type RouteParts,
  textSchema,
  timeSchema,
} from './route.ts';
import { columnsHandler, oldBrowseHandler, oldCountHandler, tableHandler, tablesHandler } from './tables.ts';

const cursorParameter: Parameter = {
  name: 'after',
  in: 'query',
  description:
    'The cursor to go on from: Next-Cursor or cursor of an earlier answer. "latest" gives the newest cursor and no changes. Without it, the feed begins with the oldest change kept.',
  schema: { type: 'string', pattern: '^(\\d{1,18}|latest)$' },
};

const change: JsonSchema = {
  type: 'object',
  description: 'An event "change", or a line.',
  required: [
    'cursor',
    'at',
    'entity',
    'key',
    'table',
    'op',
    'row_key',
    'old',
    'new',
    'payload_id',
    'workflow',
  ],
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
};
const position: JsonSchema = {
  type: 'object',
  description: 'An event "position": the feed has come so far, with nothing of what was asked for.',
  required: ['cursor'],
  properties: { cursor: { type: 'string' } },
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
        files: { 'text/event-stream': { anyOf: [change, position] } },
        schema: change,
      },
      problems: [...readProblems, 'cursor-expired'],
    },
    // Before the tables, whose old paths would match them too.
    ...coverageRoutes(parts),
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
const table = {
  schema_name: { type: 'string' },
  table_name: { type: 'string' },
  kind: { type: 'string', enum: ['table', 'view'] },
  description: textSchema,
  estimated_rows: { type: ['integer', 'null'], description: 'Null for a view.' },
};
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
  description: 'The number of rows.',
  schema: {
    type: 'object',
    required: ['schema_name', 'table_name', 'count', 'count_is'],
    properties: {
      schema_name: { type: 'string' },
      table_name: { type: 'string' },
      count: { type: 'integer' },
      count_is: { type: 'string', enum: ['exact', 'estimated'] },
    },
  },
};
/** Of the old paths, which counted always. */
const oldCount = query(
  'count',
  "exact: counted, however long it takes; estimated: counted while the planner expects 100,000 rows at most, else the planner's estimate.",
  { type: 'string', enum: ['exact', 'estimated'], default: 'estimated' },
);

function query(name: string, description: string, schema: Parameter['schema']): Parameter {
  return { name, in: 'query', description, schema };
}

const recipe: Parameter = {
  name: 'recipe_id',
  in: 'path',
  description: 'Id of the gap recipe.',
  required: true,
  schema: { type: 'string' },
  example: 'companies-missing-industry',
};
const country = query('country', 'For recipes that are counted by country.', {
  type: 'string',
  enum: ['United States', 'not United States', 'unknown'],
});
const gapProperties = {
  recipe_id: { type: 'string' },
  label: { type: 'string' },
  count: { type: ['integer', 'null'], description: 'Distinct keys; null: not counted yet.' },
  as_of: timeSchema,
};

const coverageOf = {
  records: countSchema,
  rows: countSchema,
  newest_observed_at: timeSchema,
};
const coverage = objectSchema({
  as_of: timeSchema,
  companies: countSchema,
  people: countSchema,
  tables: listSchema({
    table: { type: 'string' },
    entity: { type: 'string', enum: ['company', 'person'] },
    ...coverageOf,
    share: { type: ['number', 'null'], description: 'Of all companies or people; null: none is known.' },
    as_of: timeSchema,
    sources: listSchema({ source: { type: 'string' }, ...coverageOf }),
  }),
  gaps: listSchema({ ...gapProperties, priority: { type: 'string' } }),
});
const recipes = objectSchema({
  recipes: listSchema({
    id: { type: 'string' },
    label: { type: 'string' },
    description: { type: 'string' },
    source_table: { type: 'string' },
    target_table: { type: 'string' },
    join_column: { type: 'string', description: 'One name, or source_column:target_column.' },
    comparison: { type: 'string', enum: ['not_in_target'] },
    priority: { type: 'string' },
    country_join: {
      ...textSchema,
      description: 'table:join_column:country_column, where it is counted by country.',
    },
  }),
});

function coverageRoutes({ calls }: RouteParts): Route[] {
  const get = (
    path: string,
    handler: Route['handler'],
    tag: string,
    summary: string,
    parameters: Parameter[],
    success: { description: string; schema: JsonSchema },
  ): Route => ({
    method: 'get',
    path,
    scopes: ['read'],
    handler,
    tag,
    summary,
    parameters,
    success: { status: 200, ...success },
    problems: readProblems,
  });
  return [
    get(
      '/api/enrichment/coverage',
      coverageHandler(calls),
      'enrichment',
      'How much is known of companies and people, from which sources, how fresh, and what is missing',
      [
        query('entity', 'Only tables about these.', { type: 'string', enum: ['company', 'person'] }),
        query('table', 'Only these tables, between commas.', { type: 'string' }),
      ],
      {
        description: 'As counted at as_of; each table has its own.',
        schema: coverage,
      },
    ),
    get(
      '/api/admin/gaps/recipes',
      gapRecipesHandler(calls),
      'enrichment',
      'The data gaps that are counted',
      [],
      {
        description: 'By priority.',
        schema: recipes,
      },
    ),
    get(
      '/api/admin/gaps/recipes/:recipe_id/count',
      gapHandler(calls, false),
      'enrichment',
      'How many companies or people lack what a gap recipe asks for',
      [recipe, country],
      {
        description: 'As counted at as_of.',
        schema: objectSchema({
          ...gapProperties,
          source_table: { type: 'string' },
          target_table: { type: 'string' },
        }),
      },
    ),
    get(
      '/api/admin/gaps/recipes/:recipe_id/sample',
      gapHandler(calls, true),
      'enrichment',
      'Some of those that a gap recipe finds',
      [
        recipe,
        country,
        query('limit', 'Most rows.', { type: 'integer', minimum: 1, maximum: 100, default: 10 }),
      ],
      {
        description: 'One source row per key, by key.',
        schema: objectSchema({
          ...gapProperties,
          sample: { type: 'array', items: { type: 'object' } },
          limit: { type: 'integer' },
        }),
      },
    ),
    get(
      '/api/admin/top-vc-portfolio/list',
      topVcsHandler(calls),
      'enrichment',
      'The curated list of top VC firms',
      [],
      {
        description: 'By name.',
        schema: objectSchema({
          count: countSchema,
          vcs: listSchema({ name: textSchema, domain: { type: 'string' } }),
        }),
      },
    ),
    get(
      '/api/admin/top-vc-portfolio/missing-customers/count',
      topVcCountHandler(calls),
      'enrichment',
      'The number of companies of top VC firms without known customers',
      [],
      {
        description: 'Distinct companies.',
        schema: objectSchema({ count: { type: 'integer' }, description: { type: 'string' } }),
      },
    ),
  ];
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
        schema: objectSchema({ tables: listSchema({ ...table, url: { type: 'string' } }) }),
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
      success: {
        status: 200,
        description: 'In their order.',
        schema: objectSchema({
          ...table,
          columns: listSchema({
            name: { type: 'string' },
            type: { type: 'string', description: 'As Postgres names it.' },
            description: textSchema,
            is_nullable: { type: 'boolean' },
          }),
        }),
      },
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
      success: { ...tablePage, files: rowFiles({ type: 'object' }) },
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
        parameters: [...tableName, oldCount],
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
        oldCount,
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
