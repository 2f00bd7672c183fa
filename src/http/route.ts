import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Scope } from './authenticate.ts';
import type { Calls } from './calls.ts';
import type { ChangeSignal } from './changes.ts';
import type { AppContext } from './context.ts';
import type { ProblemName } from './problems.ts';
import type { Reader } from './reader.ts';
import type { JsonSchema } from './registry.ts';
import type { HttpSettings } from './settings.ts';

export type Parameter = {
  name: string;
  in: 'path' | 'query' | 'header';
  description: string;
  required?: boolean;
  schema: JsonSchema;
  example?: unknown;
};

/** A route that is always there, with what the OpenAPI document says of it. */
export type Route = {
  method: 'get' | 'post' | 'delete';
  /** in Hono's notation */
  path: string;
  /** one of these is needed; none: open to all */
  scopes: Scope[];
  handler: (c: AppContext) => Response | Promise<Response>;
  /** null: not in the OpenAPI document */
  tag: string | null;
  summary: string;
  parameters?: Parameter[];
  requestSchema?: JsonSchema;
  success: {
    status: number;
    description: string;
    contentType?: string;
    schema?: JsonSchema;
    /** other content types: the schema of the text, or of each line (NDJSON) or event (server-sent events) */
    files?: Record<string, JsonSchema>;
    /** another status that the same body may come with */
    orStatus?: number;
  };
  problems: ProblemName[];
};

/** What the handlers of fixed routes work with. */
export type RouteParts = {
  calls: Calls;
  reader: Reader;
  changes: ChangeSignal;
  metrics: Metrics;
  log: Log;
  settings: HttpSettings;
  openapi: (c: AppContext) => Response;
};

/** The files that a list comes as too: its rows, of which this is the schema, as lines and as CSV. */
export function rowFiles(row: JsonSchema): Record<string, JsonSchema> {
  const columns = Array.isArray(row.required) ? { 'x-columns': row.required as string[] } : {};
  return {
    'text/csv': { type: 'string', description: 'A line of names, then a line for each row.', ...columns },
    'application/x-ndjson': { ...row, description: 'Of each line.' },
  };
}

export const uuidSchema = { type: 'string', format: 'uuid' };
/** A text or null. */
export const textSchema = { type: ['string', 'null'] };
/** A time or null. */
export const timeSchema = { type: ['string', 'null'], format: 'date-time' };
export const countSchema = { type: 'integer', minimum: 0 };

/** An object of these fields; those in `optional` may be absent. */
export function objectSchema(properties: JsonSchema, optional: JsonSchema = {}): JsonSchema {
  return { type: 'object', required: Object.keys(properties), properties: { ...properties, ...optional } };
}

/** A list of objects of these fields. */
export function listSchema(properties: JsonSchema, optional: JsonSchema = {}): JsonSchema {
  return { type: 'array', items: objectSchema(properties, optional) };
}

/** What a route that reads may answer besides. */
export const readProblems: ProblemName[] = ['unauthorized', 'forbidden', 'not-found', 'unprocessable'];

/** The parameter of a path that ends in an id. */
export function idParameter(what: string): Parameter {
  return { name: 'id', in: 'path', description: `Id of the ${what}.`, required: true, schema: uuidSchema };
}

export const jobSchema: JsonSchema = {
  type: 'object',
  required: ['id', 'state', 'done', 'total'],
  properties: {
    id: uuidSchema,
    name: { type: ['string', 'null'] },
    workflow_slug: { type: ['string', 'null'] },
    state: { type: 'string' },
    done: { type: 'integer' },
    total: { type: ['integer', 'null'] },
    rate: { type: ['number', 'null'] },
    errors: { type: 'integer' },
    last_error: { type: ['string', 'null'] },
    created_at: { type: 'string', format: 'date-time' },
    started_at: timeSchema,
    finished_at: timeSchema,
  },
};
