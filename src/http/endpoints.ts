import { z } from 'zod';

import type { Sql } from '../database/connect.ts';
import type { Log } from '../log.ts';
import type { Scope } from './authenticate.ts';
import type { Calls } from './calls.ts';
import { type AppContext, answerJson, unprocessable } from './context.ts';
import { answerFile, formatOf } from './formats.ts';
import { jsonBody } from './json-body.ts';
import {
  bodySchema,
  type DeclaredParameter,
  openapiParameter,
  readQuery,
  type Values,
} from './parameters.ts';
import { Problem, type ProblemName } from './problems.ts';
import type { JsonSchema } from './registry.ts';
import type { Reader } from './reader.ts';
import { type Route, rowFiles } from './route.ts';
import { Turns } from './turns.ts';

/** One row of api.endpoints. */
export type Endpoint = {
  name: string;
  method: 'get' | 'post' | 'delete';
  path: string;
  tag: string;
  summary: string;
  parameters: DeclaredParameter[];
  responseSchema: JsonSchema;
  isList: boolean;
  /** its rows can be had as a file */
  givesRows: boolean;
  missing: string | null;
  scope: Scope;
};

const mostBytes = 1024 * 1024;

const formats = ['json', 'csv', 'ndjson'];

const format: DeclaredParameter = {
  name: 'format',
  in: 'query',
  type: 'text',
  description:
    'csv or ndjson: the rows as a file, as an Accept header of text/csv or application/x-ndjson asks for too. Of a list all of them, or as many as limit says, without an upper bound.',
  enum: formats,
};

/** Reads the declared endpoints, paths without parameters before those with, as that is the order they are tried in. */
export async function readEndpoints(sql: Sql): Promise<Endpoint[]> {
  return sql<Endpoint[]>`
    select name, method, path, tag, summary, parameters, scope, missing,
           response_schema as "responseSchema",
           rows_from is not null as "isList",
           method = 'get' and (rows_from is not null or response_schema #>> '{properties,data,type}' = 'array') as "givesRows"
      from api.endpoints
     order by path ~ ':', position, name`;
}

/** The declared endpoints in memory, read again when the database says that they changed. */
export class DeclaredEndpoints {
  readonly #sql: Sql;
  #all: Endpoint[] = [];
  #version = 0;
  readonly #reading = new Turns();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Grows with every reading; what is derived from the endpoints is made again when it has grown. */
  get version(): number {
    return this.#version;
  }

  /** All endpoints, in the order in which their paths are tried. */
  all(): Endpoint[] {
    return this.#all;
  }

  /** Reads them, after a reading under way. Rejects when the database does. */
  readAgain(): Promise<void> {
    return this.#reading.take(async () => {
      this.#all = await readEndpoints(this.#sql);
      this.#version += 1;
    });
  }
}

type Parts = { calls: Calls; reader: Reader; log: Log };

/** A route per declared endpoint. One that cannot be served is left out, with an error in the log: the others do not suffer from it. */
export function endpointRoutes(endpoints: Endpoint[], parts: Parts): Route[] {
  return endpoints.flatMap((endpoint) => {
    try {
      return [routeOf(endpoint, parts)];
    } catch (error) {
      parts.log.error({ err: error, endpoint: endpoint.name }, 'the endpoint is declared wrongly');
      return [];
    }
  });
}

function routeOf(endpoint: Endpoint, parts: Parts): Route {
  const inBody = endpoint.parameters.filter((parameter) => parameter.in === 'body');
  const others = endpoint.parameters.filter((parameter) => parameter.in !== 'body');
  const shown = endpoint.givesRows ? [...others, format] : others;
  return {
    method: endpoint.method,
    path: endpoint.path,
    scopes: [endpoint.scope],
    handler: endpoint.isList ? listHandler(endpoint, parts) : callHandler(endpoint, parts),
    tag: endpoint.tag,
    summary: endpoint.summary,
    ...(shown.length > 0 ? { parameters: shown.map(openapiParameter) } : {}),
    ...(inBody.length > 0 ? { requestSchema: bodySchema(inBody) } : {}),
    success: {
      status: 200,
      description: endpoint.givesRows ? 'A page, or the rows as a file.' : 'The answer.',
      schema: endpoint.responseSchema,
      ...(endpoint.givesRows ? { files: rowFiles(rowSchema(endpoint.responseSchema)) } : {}),
    },
    problems: problemsOf(endpoint, inBody.length > 0),
  };
}

/** Of a list, bare or within data. */
function rowSchema(list: JsonSchema): JsonSchema {
  const { data = list } = (list.properties ?? {}) as { data?: JsonSchema };
  return data.items as JsonSchema;
}

function problemsOf(endpoint: Endpoint, hasBody: boolean): ProblemName[] {
  return [
    'unauthorized',
    'forbidden',
    'unprocessable',
    'unavailable',
    'timeout',
    'not-found',
    ...(hasBody ? (['bad-request', 'too-large', 'unsupported-media-type'] as const) : []),
  ];
}

function listHandler(endpoint: Endpoint, parts: Parts) {
  const paged = [...endpoint.parameters, format];
  const whole = paged.map((parameter) => (parameter.name === 'limit' ? unbounded(parameter) : parameter));
  return async function list(c: AppContext): Promise<Response> {
    const query = allParameters(endpoint, c);
    const wanted = formatOf(c);
    if (wanted !== 'json') return rowsAsFile(c, endpoint, wanted, readQuery(whole, query), parts);
    const { format: _, ...values } = readQuery(paged, query);
    return answerJson(c, 200, await parts.calls.page(endpoint.name, values));
  };
}

async function rowsAsFile(
  c: AppContext,
  { name }: Endpoint,
  wanted: 'csv' | 'ndjson',
  { format: _, ...values }: Values,
  { calls, reader, log }: Parts,
): Promise<Response> {
  const copy = await calls.fileSql(name, values, wanted);
  return answerFile(c, wanted, { bytes: reader.copy(copy), name, log });
}

function unbounded({ maximum: _, ...parameter }: DeclaredParameter): DeclaredParameter {
  return withoutDefault(parameter);
}

function withoutDefault({ default: _, ...parameter }: DeclaredParameter): DeclaredParameter {
  return parameter;
}

function callHandler(endpoint: Endpoint, parts: Parts) {
  const inBody = endpoint.parameters.filter((parameter) => parameter.in === 'body');
  const others = endpoint.parameters.filter((parameter) => parameter.in !== 'body');
  const whole = [
    ...others.map((parameter) => (parameter.name === 'limit' ? withoutDefault(parameter) : parameter)),
    format,
  ];
  const schema = bodySchema(inBody);
  const validator = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  return async function call(c: AppContext): Promise<Response> {
    const query = allParameters(endpoint, c);
    const wanted = endpoint.givesRows ? formatOf(c) : 'json';
    if (wanted !== 'json') return rowsAsFile(c, endpoint, wanted, readQuery(whole, query), parts);
    const { format: _, ...values } = readQuery(endpoint.givesRows ? [...others, format] : others, query);
    const body = inBody.length === 0 ? {} : await readBody(c, validator, inBody);
    const text = await parts.calls.answer(endpoint.name, { ...values, ...body });
    if (text === null)
      throw new Problem('not-found', endpoint.missing ?? 'There is nothing.', { code: 'UNKEY' });
    return answerJson(c, 200, text);
  };
}

/** The parameters of the query, and those of the path, which cannot be set in the query. */
function allParameters(endpoint: Endpoint, c: AppContext): URLSearchParams {
  const query = new URL(c.req.url).searchParams;
  for (const parameter of endpoint.parameters) {
    if (parameter.in !== 'path') continue;
    if (query.has(parameter.name))
      throw unprocessable([{ parameter: parameter.name, detail: 'is part of the path' }], 'BADRQ');
    query.set(parameter.name, c.req.param(parameter.name) ?? '');
  }
  return query;
}

async function readBody(c: AppContext, validator: z.ZodType, declared: DeclaredParameter[]) {
  const { value } = await jsonBody(c, validator, { mostBytes });
  const fields = value as Record<string, unknown>;
  const given = declared.filter(({ name }) => fields[name] !== undefined && fields[name] !== null);
  return Object.fromEntries(given.map(({ name }) => [name, fields[name]])) as Values;
}
