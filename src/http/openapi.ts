import { problemKinds, type ProblemName } from './problems.ts';
import { producingTypes } from './produce.ts';
import type { JsonSchema, Workflow } from './registry.ts';
import { jobSchema, listSchema, objectSchema, type Parameter, type Route, uuidSchema } from './route.ts';

/** Of the paths and fields, as the OpenAPI document and the root say it. */
export const apiVersion = '1.0.0';

type OpenApiObject = Record<string, unknown>;

const runProblems: ProblemName[] = [
  'bad-request',
  'unauthorized',
  'forbidden',
  'not-found',
  'inactive-workflow',
  'forgotten',
  'too-large',
  'unsupported-media-type',
  'unprocessable',
  'idempotency-conflict',
  'processing-failed',
  'processing-delayed',
  'internal',
  'unavailable',
  'timeout',
];

/** Of workflows that ask models, providers or pages. */
const outsideProblems: ProblemName[] = [
  'outside-failed',
  'outside-timeout',
  'outside-refused',
  'answer-invalid',
  'page-unreadable',
  'budget-exhausted',
  'not-configured',
  'cancelled',
];

const runParameters: Parameter[] = [
  {
    name: 'dry_run',
    in: 'query',
    description: 'Answers with what the body would change, and changes nothing.',
    schema: { type: 'boolean', default: false },
  },
  {
    name: 'Prefer',
    in: 'header',
    description: 'respond-async: the body is stored and answered with 202; a worker processes it.',
    schema: { type: 'string', enum: ['respond-async'] },
  },
  {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'The same key with the same request gets the stored answer of the first, and nothing is done again.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
];

const problemSchema: JsonSchema = {
  type: 'object',
  description: 'Problem details (RFC 9457).',
  required: ['type', 'title', 'status', 'detail', 'instance', 'success', 'error'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'Id of the request, as in X-Request-Id.' },
    code: { type: 'string', description: 'SQLSTATE or own code of the cause.' },
    payload_id: { type: 'string', format: 'uuid', description: 'The stored payload, where one is.' },
    status_url: { type: 'string', format: 'uri-reference', description: 'Shows how far it is.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['detail'],
        properties: {
          pointer: { type: 'string', format: 'json-pointer' },
          parameter: { type: 'string' },
          header: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
    success: { const: false },
    error: { type: 'string', description: 'The detail again, for callers of the system before.' },
  },
  // Extension members, as the RFC has them: what a workflow answers beside its error.
  additionalProperties: true,
};

const acceptedSchema: JsonSchema = {
  anyOf: [
    objectSchema(
      { success: { const: true }, status_url: { type: 'string', format: 'uri-reference' } },
      {
        state: { type: 'string' },
        payload_id: uuidSchema,
        production_id: uuidSchema,
        raw_id: uuidSchema,
        raw_payload_id: uuidSchema,
        domain: { type: 'string' },
      },
    ),
    objectSchema(
      {
        success: { const: true },
        status_url: { type: 'string', format: 'uri-reference' },
        job_id: uuidSchema,
      },
      jobSchema.properties as JsonSchema,
    ),
  ],
};

const warningsSchema: JsonSchema = {
  ...listSchema({
    field: { type: 'string', description: 'JSON pointer into the body.' },
    problem: { type: 'string' },
    found: { description: 'What stands there.' },
  }),
  description: 'Fields that do not fit and were left out.',
};

const dryRunSchema: JsonSchema = {
  anyOf: [
    objectSchema({
      success: { const: true },
      dry_run: { const: true },
      response: { type: 'object', description: 'What the body would be answered with.' },
      changes: listSchema({
        table: { type: 'string' },
        key: { type: 'object' },
        before: { type: ['object', 'null'] },
        after: { type: ['object', 'null'] },
      }),
    }),
    {
      ...objectSchema({ success: { const: true }, dry_run: { const: true }, next: { type: 'string' } }),
      description: 'Of a workflow that calls the outside: what it would do first.',
      additionalProperties: true,
    },
  ],
};

const itemSchema: JsonSchema = {
  type: 'object',
  description:
    'What became of one of many bodies: its status, and the fields of the answer or of the problem.',
  required: ['status'],
  properties: {
    status: { type: 'integer' },
    workflow_status: { description: 'The field status of the answer, where it has one of its own.' },
  },
  additionalProperties: true,
};

/** Any guarded route may come to these. */
const guardedProblems: ProblemName[] = ['internal', 'unavailable', 'timeout'];

/** The OpenAPI 3.1 document of the fixed routes and of every workflow in the registry. */
export function openapiDocument(workflows: Workflow[], routes: Route[]): OpenApiObject {
  const paths: Record<string, OpenApiObject> = {};
  const schemas: Record<string, JsonSchema> = {
    Problem: problemSchema,
    Accepted: acceptedSchema,
    DryRun: dryRunSchema,
    Item: itemSchema,
  };
  for (const workflow of workflows) {
    schemas[`${workflow.slug}.request`] = localised(workflow.requestSchema, `${workflow.slug}.request`);
    schemas[`${workflow.slug}.response`] = localised(
      withWarnings(workflow.responseSchema),
      `${workflow.slug}.response`,
    );
    paths[workflow.path] = { post: runOperation(workflow) };
  }
  for (const route of routes) {
    if (route.tag === null) continue;
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: fixedOperation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'hq-master-data',
      version: apiVersion,
      description:
        'Payloads in, one trusted record per company and person out. Generated from the workflow registry of the running system.',
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { apiKey: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key.' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
      responses: Object.fromEntries(alone(paths).map((name) => [name, problemResponse([name])])),
      schemas,
    },
  };
}

/** What any answer to one body may have beside its own fields: what of the body was left out. */
function withWarnings(responseSchema: JsonSchema): JsonSchema {
  const { properties } = responseSchema;
  if (properties === undefined) return responseSchema;
  return { ...responseSchema, properties: { warnings: warningsSchema, ...properties } };
}

function runOperation(workflow: Workflow): OpenApiObject {
  const body = { $ref: `#/components/schemas/${workflow.slug}.request` };
  const asksOutside = producingTypes.has(workflow.type);
  const many = 'Or many: a JSON array of such objects, or one per line as application/x-ndjson.';
  return {
    operationId: workflow.slug,
    tags: [`${workflow.entityType}: ${workflow.type}`],
    summary: workflow.description.split(/(?<=[.:;])\s/)[0]?.replace(/[.:;]$/, ''),
    description: workflowDescription(workflow),
    ...(workflow.isActive ? {} : { deprecated: true }),
    ...(workflow.otherPaths.length > 0 ? { 'x-older-paths': workflow.otherPaths } : {}),
    parameters: runParameters,
    requestBody: {
      required: true,
      description: `${many} At most ${workflow.maxBodyBytes} bytes per object.`,
      content: {
        'application/json': {
          schema: { anyOf: [body, { type: 'array', items: body }] },
          examples: { one: { summary: 'One body', value: workflow.exampleRequest } },
        },
        ...(workflow.takesFile ? { 'multipart/form-data': { schema: uploadSchema(workflow) } } : {}),
        'application/x-ndjson': {
          schema: { type: 'string' },
          example: `${JSON.stringify(workflow.exampleRequest)}\n`,
        },
      },
    },
    responses: {
      '200': {
        description: 'Done. For many bodies: one answer each, in order, with its own status.',
        content: {
          'application/json': {
            schema: {
              anyOf: [
                { $ref: `#/components/schemas/${workflow.slug}.response` },
                { $ref: '#/components/schemas/DryRun' },
                // A backfill that was waited for is the job that has ended.
                ...(workflow.type === 'backfill' ? [{ $ref: '#/components/schemas/Accepted' }] : []),
                { type: 'array', items: { $ref: '#/components/schemas/Item' } },
              ],
            },
          },
          'application/x-ndjson': { schema: { $ref: '#/components/schemas/Item' } },
        },
      },
      '202': {
        description: 'Stored, or a job was started; status_url shows how far it is.',
        headers: { Location: { description: 'The status_url.', schema: { type: 'string' } } },
        content: {
          'application/json': {
            schema: {
              anyOf: [
                { $ref: '#/components/schemas/Accepted' },
                { $ref: `#/components/schemas/${workflow.slug}.response` },
                { type: 'array', items: { $ref: '#/components/schemas/Item' } },
              ],
            },
          },
          'application/x-ndjson': { schema: { $ref: '#/components/schemas/Item' } },
        },
      },
      ...problemResponses(asksOutside ? [...runProblems, ...outsideProblems] : runProblems),
    },
  };
}

/** The form of a workflow that takes a file: the fields of its body, and the file in place of the rows. */
function uploadSchema({ requestSchema }: Workflow): JsonSchema {
  const { rows: _rows, ...fields } = (requestSchema.properties ?? {}) as JsonSchema;
  return {
    type: 'object',
    required: [...((requestSchema.required ?? []) as string[]), 'file'],
    properties: {
      ...fields,
      file: {
        type: 'string',
        contentMediaType: 'text/csv',
        description:
          'TSV or CSV with a header line, in UTF-8, UTF-16 or Windows-1252, of any size. The delimiter is found out.',
      },
    },
  };
}

function workflowDescription(workflow: Workflow): string {
  const facts = [
    workflow.description,
    workflow.coreTables.length === 0 ? '' : `Writes ${workflow.coreTables.join(', ')}.`,
    `Time limit: ${workflow.timeoutMs / 1000} seconds.`,
    workflow.isActive ? '' : `Not active: ${workflow.inactiveReason ?? 'no reason was given'}.`,
  ];
  return facts.filter(Boolean).join('\n\n');
}

function fixedOperation(route: Route): OpenApiObject {
  const { success } = route;
  const isConditional = route.parameters?.some(({ name }) => name === 'If-None-Match');
  const files = Object.entries(success.files ?? {}).map(([type, schema]) => [type, { schema }] as const);
  const content = success.schema && {
    [success.contentType ?? 'application/json']: { schema: success.schema },
    ...Object.fromEntries(files),
  };
  const answered = { description: success.description, ...(content ? { content } : {}) };
  return {
    operationId: `${route.method}${route.path.replaceAll(/[^a-z0-9]+/gi, '_')}`,
    tags: [route.tag],
    summary: route.summary,
    ...(route.scopes.length === 0
      ? { security: [] }
      : { description: `Needs the scope ${route.scopes.join(' or ')}.` }),
    ...(route.parameters ? { parameters: route.parameters } : {}),
    ...(route.requestSchema
      ? { requestBody: { required: true, content: { 'application/json': { schema: route.requestSchema } } } }
      : {}),
    responses: {
      [String(success.status)]: answered,
      ...(success.orStatus ? { [String(success.orStatus)]: answered } : {}),
      ...(isConditional ? { '304': { description: 'Nothing has changed since that ETag.' } } : {}),
      ...problemResponses([
        ...(route.scopes.length > 0 ? guardedProblems : []),
        ...(route.scopes.length > 0 && route.method !== 'post' ? (['unprocessable'] as const) : []),
        ...route.problems,
      ]),
    },
  };
}

/** The problems that operations refer to as a response of their own. */
function alone(paths: OpenApiObject): ProblemName[] {
  const text = JSON.stringify(paths);
  return (Object.keys(problemKinds) as ProblemName[]).filter((name) =>
    text.includes(`"#/components/responses/${name}"`),
  );
}

/** Several problems may share a status, and are one response then. */
function problemResponses(names: ProblemName[]): OpenApiObject {
  const byStatus = Map.groupBy(new Set(names), (name) => problemKinds[name].status);
  return Object.fromEntries(
    [...byStatus].map(([status, [name, ...others]]) => [
      String(status),
      others.length === 0
        ? { $ref: `#/components/responses/${name}` }
        : problemResponse([name as ProblemName, ...others]),
    ]),
  );
}

function problemResponse(names: ProblemName[]): OpenApiObject {
  return {
    description: names
      .map((name) => `${problemKinds[name].title}. ${problemKinds[name].meaning}`)
      .join(' Or: '),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

/** The schema with its own references (`#/$defs/x`) pointing at its place in the document. */
function localised(schema: JsonSchema, name: string): JsonSchema {
  const kept = Object.entries(schema).filter(([keyword]) => keyword !== '$schema' && keyword !== '$id');
  return moved(Object.fromEntries(kept), `#/components/schemas/${name}`) as JsonSchema;
}

function moved(value: unknown, to: string): unknown {
  if (Array.isArray(value)) return value.map((element) => moved(element, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === '$ref' && typeof member === 'string' && member.startsWith('#')
        ? to + member.slice(1)
        : moved(member, to),
    ]),
  );
}
