import { z } from 'zod';

import { productionStates } from '../produce/states.ts';
import { checkExistenceHandler, existenceAnswer, existenceQuestion } from './check-existence.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { docsAssetHandler, docsHandler, problemPageHandler } from './docs.ts';
import { healthHandler, metricsHandler, readyHandler, rootHandler } from './health.ts';
import { createKeyHandler, listKeysHandler, newKey, revokeKeyHandler } from './keys.ts';
import { cancelJobHandler, jobHandler, payloadHandler, productionHandler } from './progress.ts';
import { readingRoutes } from './reading-routes.ts';
import {
  batchHandler,
  companyKey,
  explainHandler,
  personKey,
  recordBatch,
  recordHandler,
} from './records.ts';
import type { JsonSchema } from './registry.ts';
import {
  countSchema,
  idParameter,
  jobSchema,
  listSchema,
  objectSchema,
  type Parameter,
  readProblems,
  type Route,
  type RouteParts,
  textSchema,
  timeSchema,
  uuidSchema,
} from './route.ts';

const asOf: Parameter = {
  name: 'as_of',
  in: 'query',
  description: 'Shows the record as it was known at this time (ISO 8601 with offset, or a date).',
  schema: { type: 'string' },
  example: '2026-01-31T12:00:00Z',
};
const fields: Parameter = {
  name: 'fields',
  in: 'query',
  description: 'Only these tables or columns, between commas, such as company_locations,companies.name.',
  schema: { type: 'string' },
};
const explain: Parameter = {
  name: 'explain',
  in: 'query',
  description: 'Adds where every value comes from.',
  schema: { type: 'boolean', default: false },
};
const ifNoneMatch: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  description: 'The ETag of an earlier answer: 304 when nothing has changed.',
  schema: { type: 'string' },
};
const domain: Parameter = {
  name: 'domain',
  in: 'path',
  description: 'Domain of the company; any spelling that is normalised to it.',
  required: true,
  schema: { type: 'string' },
  example: 'example.com',
};
const linkedinUrl: Parameter = {
  name: 'linkedin_url',
  in: 'query',
  description: 'LinkedIn URL of the person; any spelling that is normalised to it.',
  required: true,
  schema: { type: 'string' },
  example: 'https://www.linkedin.com/in/example',
};
const origin = {
  source: textSchema,
  raw_payload_id: { type: ['string', 'null'], format: 'uuid' },
  observed_at: textSchema,
  workflow_slug: textSchema,
};
const explanation: JsonSchema = objectSchema({
  entity: { type: 'string', enum: ['company', 'person'] },
  key: { type: 'string' },
  tables: listSchema(
    {
      table: { type: 'string' },
      rows: listSchema(
        {
          key: { type: 'object' },
          values: { type: 'object', description: 'By column.' },
          ...origin,
          losers: {
            type: 'array',
            items: { type: 'object' },
            description: 'Values, and where they came from.',
          },
        },
        { lineage: { type: ['object', 'null'], description: 'By column, where each has its own origin.' } },
      ),
    },
    { rule: { type: 'string' }, kept_by: { type: 'string' } },
  ),
  payloads: listSchema(
    {
      payload_id: uuidSchema,
      workflow_slug: { type: 'string' },
      observed_at: { type: 'string', format: 'date-time' },
      landed_at: { type: 'string', format: 'date-time' },
      state: { type: 'string' },
    },
    {
      model: { description: 'Of what a model answered.' },
      sources: { description: 'That it cites.' },
      pages: { type: 'array', description: 'That it was shown.' },
    },
  ),
});
const recordRows: JsonSchema = {
  type: 'object',
  description: 'By table: its row, or its rows where there can be several.',
  additionalProperties: {
    anyOf: [{ type: 'object' }, { type: 'array', items: { type: 'object' } }],
  },
};
/** The fields of the old answers about one company or person, beside the record; left out with ?fields=. */
const headlines = {
  company: {
    id: { type: ['string', 'null'], format: 'uuid' },
    domain: { type: 'string' },
    name: textSchema,
    linkedin_url: textSchema,
    company_city: textSchema,
    company_state: textSchema,
    company_country: textSchema,
    matched_industry: textSchema,
    employee_range: textSchema,
    description: textSchema,
    tagline: textSchema,
    lead_count: { ...countSchema, description: 'Leads who work there.' },
  },
  person: {
    id: { type: ['string', 'null'], format: 'uuid' },
    linkedin_url: { type: 'string' },
    linkedin_slug: textSchema,
    full_name: textSchema,
    person_city: textSchema,
    person_state: textSchema,
    person_country: textSchema,
    matched_cleaned_job_title: textSchema,
    matched_job_function: textSchema,
    matched_seniority: textSchema,
    job_start_date: { type: ['string', 'null'], format: 'date' },
    company_name: textSchema,
    company_domain: textSchema,
  },
};
const entitySchema = { type: 'string', enum: ['company', 'person'] };
function record(entity: keyof typeof headlines): JsonSchema {
  return objectSchema(
    { entity: entitySchema, key: { type: 'string' }, record: recordRows },
    { ...headlines[entity], explain: { ...explanation, description: 'With ?explain=true.' } },
  );
}
function recordItem(entity: keyof typeof headlines): JsonSchema {
  return objectSchema(
    { status: { type: 'integer', enum: [200, 404, 422] }, asked: { description: 'The key as it was sent.' } },
    {
      key: { type: 'string' },
      entity: entitySchema,
      record: recordRows,
      ...headlines[entity],
      code: { type: 'string' },
      error: { type: 'string' },
    },
  );
}
function recordItems(entity: keyof typeof headlines): JsonSchema {
  return objectSchema({
    data: { type: 'array', items: recordItem(entity) },
    meta: objectSchema({
      asked: countSchema,
      found: countSchema,
      unknown: countSchema,
      refused: countSchema,
    }),
  });
}
const keySchema = {
  id: uuidSchema,
  name: { type: 'string' },
  scopes: { type: 'array', items: { type: 'string' } },
  tenant: textSchema,
  key_prefix: { type: 'string' },
  created_at: { type: 'string', format: 'date-time' },
};
/** All routes but those of the workflows. */
export function fixedRoutes(parts: RouteParts): Route[] {
  const { calls, metrics, log, settings, openapi } = parts;
  return [
    ...readingRoutes(parts),
    {
      method: 'get',
      path: '/api/companies/:domain',
      scopes: ['read'],
      handler: recordHandler(calls, companyKey),
      tag: 'records',
      summary: 'The golden record of a company',
      parameters: [domain, fields, explain, asOf, ifNoneMatch],
      success: { status: 200, description: 'The record: its rows by core table.', schema: record('company') },
      problems: readProblems,
    },
    {
      method: 'get',
      path: '/api/companies/:domain/explain',
      scopes: ['read'],
      handler: explainHandler(calls, companyKey),
      tag: 'records',
      summary: 'Where every value of a company comes from',
      parameters: [domain, ifNoneMatch],
      success: {
        status: 200,
        description: 'Winner, rule, source, payload, time and losers of every value.',
        schema: explanation,
      },
      problems: readProblems,
    },
    {
      method: 'get',
      path: '/api/people/record',
      scopes: ['read'],
      handler: recordHandler(calls, personKey),
      tag: 'records',
      summary: 'The golden record of a person',
      parameters: [linkedinUrl, fields, explain, asOf, ifNoneMatch],
      success: { status: 200, description: 'The record: its rows by core table.', schema: record('person') },
      problems: readProblems,
    },
    {
      method: 'get',
      path: '/api/people/record/explain',
      scopes: ['read'],
      handler: explainHandler(calls, personKey),
      tag: 'records',
      summary: 'Where every value of a person comes from',
      parameters: [linkedinUrl, ifNoneMatch],
      success: {
        status: 200,
        description: 'Winner, rule, source, payload, time and losers of every value.',
        schema: explanation,
      },
      problems: readProblems,
    },
    ...(['company', 'person'] as const).map((entity): Route => ({
      method: 'post',
      path: entity === 'company' ? '/api/companies/batch' : '/api/people/batch',
      scopes: ['read'],
      handler: batchHandler(calls, entity),
      tag: 'records',
      summary: `The golden records of up to 1,000 ${entity === 'company' ? 'companies' : 'people'}`,
      requestSchema: z.toJSONSchema(recordBatch) as JsonSchema,
      success: {
        status: 200,
        description: 'One item per key, in order: the record, or status 404 (unknown) or 422 (no key).',
        schema: recordItems(entity),
        files: { 'application/x-ndjson': recordItem(entity) },
      },
      problems: ['bad-request', 'too-large', 'unsupported-media-type', ...readProblems],
    })),
    {
      method: 'post',
      path: '/read/companies/db/check-existence',
      scopes: ['read'],
      handler: checkExistenceHandler(calls),
      tag: 'records',
      summary: 'Whether a table has a row about a domain',
      requestSchema: z.toJSONSchema(existenceQuestion) as JsonSchema,
      success: {
        status: 200,
        description: 'Whether there is one; the names and the value as they were compared.',
        schema: existenceAnswer,
      },
      problems: ['bad-request', 'unauthorized', 'forbidden', 'not-open', 'not-found', 'unprocessable'],
    },
    {
      method: 'get',
      path: '/payloads/:id',
      scopes: ['ingest', 'read'],
      handler: payloadHandler(calls),
      tag: 'progress',
      summary: 'How far a landed payload is',
      parameters: [idParameter('payload')],
      success: {
        status: 200,
        description: 'Its state (pending, processed, failed), or that of the production it is; its error.',
        schema: {
          type: 'object',
          required: ['payload_id', 'workflow_slug', 'state'],
          properties: {
            payload_id: uuidSchema,
            workflow_slug: { type: 'string' },
            entity_key: { type: 'string' },
            state: { type: 'string' },
            observed_at: { type: 'string', format: 'date-time' },
            landed_at: { type: 'string', format: 'date-time' },
            status_url: { type: 'string' },
            error: { type: 'object' },
          },
        },
      },
      problems: ['unauthorized', 'forbidden', 'not-found'],
    },
    {
      method: 'get',
      path: '/productions/:id',
      scopes: ['ingest', 'read'],
      handler: productionHandler(calls),
      tag: 'progress',
      summary: 'How far a call to a model or another outside service is',
      parameters: [idParameter('production')],
      success: {
        status: 200,
        description: 'Its state (pending, running, done, failed, cancelled), its response or its error.',
        schema: {
          type: 'object',
          required: ['id', 'workflow_slug', 'state', 'attempts', 'created_at'],
          properties: {
            id: uuidSchema,
            workflow_slug: { type: 'string' },
            entity_key: { type: ['string', 'null'] },
            state: { type: 'string', enum: [...productionStates] },
            attempts: { type: 'integer' },
            created_at: { type: 'string', format: 'date-time' },
            started_at: timeSchema,
            finished_at: timeSchema,
            next_attempt_at: timeSchema,
            payload_id: uuidSchema,
            job_id: uuidSchema,
            error: { type: 'object' },
            response: { type: 'object' },
          },
        },
      },
      problems: ['unauthorized', 'forbidden', 'not-found'],
    },
    {
      method: 'get',
      path: '/jobs/:id',
      scopes: ['ingest', 'read'],
      handler: jobHandler(calls),
      tag: 'progress',
      summary: 'How far a job is',
      parameters: [idParameter('job')],
      success: {
        status: 200,
        description: 'Its state, how much is done and how much there is.',
        schema: jobSchema,
      },
      problems: ['unauthorized', 'forbidden', 'not-found'],
    },
    {
      method: 'post',
      path: '/jobs/:id/cancel',
      scopes: ['ingest'],
      handler: cancelJobHandler(calls),
      tag: 'progress',
      summary: 'Cancel a job',
      parameters: [idParameter('job')],
      success: { status: 200, description: 'The job. What it had done stays done.', schema: jobSchema },
      problems: ['unauthorized', 'forbidden', 'not-found'],
    },
    ...deliveryRoutes(calls),
    {
      method: 'get',
      path: '/admin/keys',
      scopes: ['admin'],
      handler: listKeysHandler(calls),
      tag: 'API keys',
      summary: 'All API keys, without the keys themselves',
      success: {
        status: 200,
        description: 'Oldest first.',
        schema: listSchema({ ...keySchema, revoked_at: timeSchema, last_used_at: timeSchema }),
      },
      problems: ['unauthorized', 'forbidden'],
    },
    {
      method: 'post',
      path: '/admin/keys',
      scopes: ['admin'],
      handler: createKeyHandler(calls),
      tag: 'API keys',
      summary: 'Make an API key',
      requestSchema: z.toJSONSchema(newKey) as JsonSchema,
      success: {
        status: 201,
        description: 'The key, shown this once.',
        schema: objectSchema({ ...keySchema, key: { type: 'string' } }),
      },
      problems: ['bad-request', 'unauthorized', 'forbidden', 'unprocessable'],
    },
    {
      method: 'delete',
      path: '/admin/keys/:id',
      scopes: ['admin'],
      handler: revokeKeyHandler(calls),
      tag: 'API keys',
      summary: 'Revoke an API key',
      parameters: [idParameter('key')],
      success: { status: 204, description: 'Revoked.' },
      problems: ['unauthorized', 'forbidden', 'not-found'],
    },
    {
      method: 'get',
      path: '/',
      scopes: [],
      handler: rootHandler(),
      tag: 'operation',
      summary: 'What this is',
      success: {
        status: 200,
        description: 'Name, version, and where the documentation is.',
        schema: {
          type: 'object',
          required: ['name', 'version', 'docs'],
          properties: {
            name: { type: 'string' },
            version: { type: 'string' },
            docs: { type: 'string', format: 'uri-reference' },
          },
        },
      },
      problems: [],
    },
    {
      method: 'get',
      path: '/health',
      scopes: [],
      handler: healthHandler(),
      tag: 'operation',
      summary: 'Whether the process is up',
      success: {
        status: 200,
        description: 'It is.',
        schema: { type: 'object', required: ['status'], properties: { status: { const: 'healthy' } } },
      },
      problems: [],
    },
    {
      method: 'get',
      path: '/ready',
      scopes: [],
      handler: readyHandler(calls, log),
      tag: 'operation',
      summary: 'Whether database, migrations, registry and a worker are there',
      success: {
        status: 200,
        description: 'All are; 503 with the same body names what is missing.',
        schema: {
          type: 'object',
          required: ['status', 'checks'],
          properties: {
            status: { type: 'string', enum: ['ready', 'not ready'] },
            checks: { type: 'object' },
          },
        },
        orStatus: 503,
      },
      problems: [],
    },
    {
      method: 'get',
      path: '/metrics',
      scopes: settings.metricsPublic ? [] : ['read'],
      handler: metricsHandler(metrics, calls, log),
      tag: 'operation',
      summary: 'Metrics for Prometheus',
      success: {
        status: 200,
        description: 'Text exposition format.',
        contentType: 'text/plain',
        schema: { type: 'string' },
      },
      problems: settings.metricsPublic ? [] : ['unauthorized', 'forbidden'],
    },
    {
      method: 'get',
      path: '/openapi.json',
      scopes: [],
      handler: openapi,
      tag: null,
      summary: 'This document',
      success: { status: 200, description: 'OpenAPI 3.1.' },
      problems: [],
    },
    {
      method: 'get',
      path: '/docs',
      scopes: [],
      handler: docsHandler(),
      tag: null,
      summary: 'Interactive documentation',
      success: { status: 200, description: 'A page.' },
      problems: [],
    },
    {
      method: 'get',
      path: '/docs/:asset',
      scopes: [],
      handler: docsAssetHandler(),
      tag: null,
      summary: 'Parts of the documentation page',
      success: { status: 200, description: 'A file.' },
      problems: [],
    },
    {
      method: 'get',
      path: '/problems/:name',
      scopes: [],
      handler: problemPageHandler(),
      tag: null,
      summary: 'What a problem type means',
      success: { status: 200, description: 'A text.' },
      problems: [],
    },
  ];
}
