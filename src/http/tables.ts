import { z } from 'zod';

import type { Log } from '../log.ts';
import type { Calls, TableQuery, TableRequest } from './calls.ts';
import { type AppContext, answerJson, booleanOf, unprocessable } from './context.ts';
import { answerFile, formatOf } from './formats.ts';
import { Problem } from './problems.ts';
import { listParameter, wholeNumber } from './query.ts';
import type { Reader } from './reader.ts';

const mostRows = 1_000;
/** Pages by offset read all rows before them; beyond this, cursors do it at the cost of one page. */
const mostOffset = 10_000;
const mostFilters = 50;
const mostValues = 1_000;

const settings = ['columns', 'sort', 'limit', 'after', 'count', 'format'];
const operators = ['eq', 'in', 'contains', 'gte', 'gt', 'lte', 'lt', 'null', 'filled'];

const cursorContent = z.object({
  sort: z.array(z.string()).max(200),
  values: z.array(z.string().nullable()).max(200),
});

type Parts = { calls: Calls; reader: Reader; log: Log };
type Handler = (c: AppContext) => Promise<Response>;

/** Answers with the tables that can be read. */
export function tablesHandler({ calls }: Parts): Handler {
  return async function tables(c) {
    return answerJson(c, 200, `{"tables":${await calls.tables()}}`);
  };
}

/** Answers with the columns of one table. */
export function columnsHandler({ calls }: Parts): Handler {
  return async function columns(c) {
    const [schema, table] = nameOf(c);
    const text = await calls.tableColumns(schema, table);
    if (text === null) throw unknownTable(schema, table);
    return answerJson(c, 200, text);
  };
}

/** Answers with rows of a table: a page as JSON, or all rows that match as CSV or NDJSON. */
export function tableHandler(parts: Parts): Handler {
  return async function table(c) {
    const [schema, name] = nameOf(c);
    const format = formatOf(c);
    const count = countOf(c);
    const isPage = format === 'json';
    const limit = isPage
      ? wholeNumber(c, 'limit', { least: 1, most: mostRows, fallback: 100 })
      : wholeNumber(c, 'limit', { least: 1, most: Number.MAX_SAFE_INTEGER, fallback: 0 });
    const query = await parts.calls.tableQuery(schema, name, {
      columns: listParameter(c, 'columns'),
      sort: listParameter(c, 'sort', 20),
      filters: filtersOf(c),
      after: cursorOf(c),
      format,
      ...(limit === 0 ? {} : { limit: isPage ? limit + 1 : limit }),
    });
    if (!isPage) {
      const bytes = parts.reader.copy(query.pageQuery);
      return answerFile(c, format, { bytes, name: `${schema}.${name}`, log: parts.log });
    }
    const rows = await parts.reader.all((sql) => sql.unsafe(query.pageQuery));
    const shown = rows.slice(0, limit);
    const meta = {
      limit,
      ...(await countedBy(parts, query, count)),
      next_cursor: rows.length > limit ? nextCursor(query.sort, shown.at(-1)?.[1] ?? '[]') : null,
    };
    return answerJson(c, 200, pageText(schema, name, shown, meta));
  };
}

/** The old way to page through a table: equal or contained values, limit and offset, a total. */
export function oldBrowseHandler(parts: Parts): Handler {
  return async function browse(c) {
    const [schema, name] = nameOf(c);
    const limit = wholeNumber(c, 'limit', { least: 1, most: 500, fallback: 50 });
    const offset = wholeNumber(c, 'offset', { least: 0, most: mostOffset, fallback: 0 });
    const count = oldCountOf(c);
    const { limit: _limit, offset: _offset, count: _count, ...parameters } = c.req.query();
    const query = await parts.calls.oldBrowseQuery(schema, name, storable(parameters), limit, offset);
    const rows = await parts.reader.all((sql) => sql.unsafe(query.pageQuery));
    const counted = await countedBy(parts, query, count);
    return answerJson(c, 200, pageText(schema, name, rows, { ...counted, limit, offset }));
  };
}

/** The number of rows of a table. */
export function oldCountHandler(parts: Parts): Handler {
  return async function oldCount(c) {
    const [schema, name] = nameOf(c);
    const query = await parts.calls.tableQuery(schema, name, { filters: [] });
    const { total, total_is } = await countedBy(parts, query, oldCountOf(c));
    return answerJson(
      c,
      200,
      JSON.stringify({ schema_name: schema, table_name: name, count: total, count_is: total_is }),
    );
  };
}

function pageText(schema: string, table: string, rows: string[][], meta: object): string {
  const names = JSON.stringify({ schema_name: schema, table_name: table }).slice(0, -1);
  return `${names},"data":[${rows.map(([row]) => row).join(',\n')}],"meta":${JSON.stringify(meta)}}`;
}

type Count = 'exact' | 'estimated' | 'none';

/** The old paths counted always: here while it costs little (api.affordable_count), or when it is asked for. */
function oldCountOf(c: AppContext): 'exact' | 'affordable' {
  const text = c.req.query('count') ?? '';
  if (text === 'exact') return 'exact';
  if (text === '' || text === 'estimated') return 'affordable';
  throw unprocessable([
    { parameter: 'count', detail: `must be exact or estimated, not "${text.slice(0, 100)}"` },
  ]);
}

function countOf(c: AppContext): Count {
  const text = c.req.query('count') ?? 'estimated';
  if (text === 'exact' || text === 'estimated' || text === 'none') return text;
  throw unprocessable([
    { parameter: 'count', detail: `must be exact, estimated or none, not "${text.slice(0, 100)}"` },
  ]);
}

async function countedBy(
  { reader }: Parts,
  { countQuery }: TableQuery,
  count: Count | 'affordable',
): Promise<{ total?: number; total_is?: Count }> {
  if (count === 'none') return {};
  if (count === 'affordable') {
    const [row] = await reader.all(
      (sql) => sql`select total::text, total_is from api.affordable_count(${countQuery}::text)`,
    );
    return { total: Number(row?.[0] ?? 0), total_is: row?.[1] as Count };
  }
  const [row] = await reader.all((sql) =>
    count === 'exact'
      ? sql.unsafe(`select total::text as row from (${countQuery}) as counted`)
      : sql`select api.estimated_count(${countQuery}::text)::text as row`,
  );
  return { total: Number(row?.[0] ?? 0), total_is: count };
}

function filtersOf(c: AppContext): TableRequest['filters'] {
  const filters: TableRequest['filters'] = [];
  for (const [parameter, values] of Object.entries(c.req.queries())) {
    if (settings.includes(parameter)) continue;
    const [column = '', operator = values.length > 1 ? 'in' : 'eq', ...rest] = parameter.split('.');
    if (!operators.includes(operator) || rest.length > 0) {
      throw unprocessable([
        {
          parameter: parameter.slice(0, 100),
          detail: `is no filter: write <column>=value or <column>.<operator>=value with one of ${operators.join(', ')}`,
        },
      ]);
    }
    filters.push(...valuesOf(parameter, operator, values).map((value) => ({ column, operator, value })));
  }
  if (filters.length <= mostFilters) return filters;
  throw unprocessable([{ detail: `At most ${mostFilters} filters can be combined, not ${filters.length}` }]);
}

function valuesOf(
  parameter: string,
  operator: string,
  values: string[],
): TableRequest['filters'][number]['value'][] {
  for (const value of values) refuseNull(value, parameter);
  if (operator === 'in') {
    // Repeated parameters are values whole, so that a value may hold a comma; one parameter is split at commas.
    const split = values.length === 1 ? (values[0] ?? '').split(',').map((value) => value.trim()) : values;
    const given = split.filter((value) => value !== '');
    if (given.length > 0 && given.length <= mostValues) return [given];
    throw unprocessable([{ parameter, detail: `takes 1 to ${mostValues} values, not ${given.length}` }]);
  }
  if (operator !== 'null' && operator !== 'filled') return values;
  return values.map((value) => {
    const isWanted = booleanOf(value);
    if (isWanted !== undefined) return isWanted;
    throw unprocessable([{ parameter, detail: `must be true or false, not "${value.slice(0, 100)}"` }]);
  });
}

function refuseNull(value: string, parameter: string): void {
  if (value.includes('\0')) throw unprocessable([{ parameter, detail: 'holds a null character' }]);
}

function storable(parameters: Record<string, string>): Record<string, string> {
  for (const [name, value] of Object.entries(parameters)) refuseNull(name + value, name);
  return parameters;
}

function cursorOf(c: AppContext): TableRequest['after'] {
  const text = c.req.query('after');
  if (text === undefined || text === '') return undefined;
  const parsed = cursorContent.safeParse(jsonOf(text));
  const isSound = parsed.success && !JSON.stringify(parsed.data).includes('\\u0000');
  if (isSound) return parsed.data;
  throw unprocessable([{ parameter: 'after', detail: 'is no cursor that this API gave' }]);
}

function jsonOf(cursor: string): unknown {
  if (!/^[\w-]+$/.test(cursor)) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined; // not JSON: the check of the content says what is wrong
  }
}

function nextCursor(sort: string[], keys: string): string {
  const values = JSON.parse(keys) as (string | null)[];
  return Buffer.from(JSON.stringify({ sort, values })).toString('base64url');
}

function nameOf(c: AppContext): [schema: string, table: string] {
  const schema = c.req.param('schema') ?? '';
  const table = c.req.param('table') ?? '';
  if (`${schema}${table}`.includes('\0')) throw unknownTable('', '');
  return [schema, table];
}

function unknownTable(schema: string, table: string): Problem {
  return new Problem(
    'not-found',
    `There is no readable table ${schema}.${table}. /api/tables lists them.`.slice(0, 300),
    { code: 'UNKEY' },
  );
}
