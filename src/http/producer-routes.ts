import { z } from 'zod';

import { problemOfOutcome } from './answers.ts';
import type { Calls } from './calls.ts';
import { type AppContext, answerJson, booleanParameter, unprocessable } from './context.ts';
import { jsonBody } from './json-body.ts';
import { Problem } from './problems.ts';
import { type ProduceParts, produce } from './produce.ts';
import { wholeNumber } from './query.ts';
import type { JsonSchema, WorkflowRegistry } from './registry.ts';
import { isUuid } from '../uuid.ts';
import { countSchema, jobSchema, objectSchema, type Route, textSchema, timeSchema } from './route.ts';

const mostBytes = 10 * 1024 * 1024;
const single = '/run/companies/companyenrich/similar/fetch';

const enqueueRequest = z.object({
  batch_size: z.int().min(1).max(2_000).nullish().describe('200 unless given.'),
  similarity_weight: z
    .number()
    .min(-1)
    .max(1)
    .nullish()
    .describe('From -1 (more established) to 1 (more similar); 0 unless given.'),
  country_code: z
    .string()
    .regex(/^[A-Za-z]{2}$/)
    .nullish()
    .describe('Two letters: only companies of this country.'),
});

const jobRequest = z.object({
  workflow_slug: z.string().min(1).describe('A workflow that calls the outside: inference or fetch.'),
  domains: z.array(z.string()).optional().describe('One body {"domain": …} each.'),
  bodies: z
    .array(z.record(z.string(), z.unknown()))
    .optional()
    .describe('In place of domains: whole bodies.'),
  with: z.record(z.string(), z.unknown()).optional().describe('Fields that all bodies share.'),
  name: z.string().optional().describe('What the job is called.'),
});

const similarCompany = objectSchema({
  company_name: textSchema,
  company_domain: textSchema,
  company_industry: textSchema,
  company_description: textSchema,
  similarity_score: { type: ['number', 'null'] },
});

const batchStatus = objectSchema(
  {
    success: { const: true },
    batch_id: { type: 'string', format: 'uuid' },
    batch_name: textSchema,
    status: {
      type: 'string',
      enum: ['pending', 'processing', 'completed', 'completed_with_errors', 'cancelled', 'failed'],
    },
    total_domains: countSchema,
    processed_domains: { ...countSchema, description: 'Those that failed among them.' },
    progress_percent: { type: 'number' },
    created_at: { type: 'string', format: 'date-time' },
    completed_at: timeSchema,
    error_message: textSchema,
  },
  {
    similar_companies_found: { ...countSchema, description: 'Once it has ended.' },
    results_summary: objectSchema({
      total_similar_companies: countSchema,
      domains_with_results: countSchema,
      per_domain_counts: { type: 'object', additionalProperties: countSchema },
    }),
  },
);

/** Jobs of many bodies for workflows that call the outside, and all about similar companies. */
export function producerRoutes(parts: ProduceParts & { registry: WorkflowRegistry }): Route[] {
  const { calls } = parts;
  return [
    {
      method: 'post',
      path: '/jobs',
      scopes: ['ingest'],
      handler: startJob(calls),
      tag: 'progress',
      summary: 'Run a workflow that calls the outside for a list of domains or bodies',
      requestSchema: z.toJSONSchema(jobRequest) as JsonSchema,
      success: {
        status: 202,
        description: 'The job; GET /jobs/{id} shows how far it is.',
        schema: jobSchema,
      },
      problems: [
        'bad-request',
        'unauthorized',
        'forbidden',
        'not-found',
        'inactive-workflow',
        'unprocessable',
        'too-large',
        'unsupported-media-type',
      ],
    },
    {
      method: 'get',
      path: '/api/companies/:domain/similar',
      scopes: ['read'],
      handler: similar(parts),
      tag: 'records',
      summary:
        'Similar companies of a domain; CompanyEnrich is asked when nobody has yet, or refresh says so',
      parameters: [
        {
          name: 'domain',
          in: 'path',
          description: 'Domain of the company.',
          required: true,
          schema: { type: 'string' },
        },
        {
          name: 'refresh',
          in: 'query',
          description: 'true asks the provider again; asking needs the scope ingest.',
          schema: { type: 'boolean' },
        },
        {
          name: 'limit',
          in: 'query',
          description: 'Most companies.',
          schema: { type: 'integer', minimum: 1, maximum: 100, default: 25 },
        },
      ],
      success: {
        status: 200,
        description: 'The current set, best first.',
        schema: objectSchema({
          success: { const: true },
          domain: { type: 'string' },
          source: { type: 'string', enum: ['api', 'cache'] },
          similar_companies: { type: 'array', items: similarCompany },
          count: countSchema,
        }),
      },
      problems: ['unauthorized', 'forbidden', 'inactive-workflow', 'unprocessable', 'outside-failed'],
    },
    {
      method: 'get',
      path: '/api/enrichment/similar-companies/pending',
      scopes: ['read'],
      handler: async (c) =>
        answerJson(
          c,
          200,
          (await calls.similarPending(
            wholeNumber(c, 'limit', { least: 1, most: 2_000, fallback: 500 }),
            wholeNumber(c, 'offset', { least: 0, most: 2_147_483_647, fallback: 0 }),
          )) ?? '{}',
        ),
      tag: 'records',
      summary: 'Customer domains whose similar companies nobody has asked about',
      parameters: [
        {
          name: 'limit',
          in: 'query',
          description: 'Most domains.',
          schema: { type: 'integer', minimum: 1, maximum: 2_000, default: 500 },
        },
        {
          name: 'offset',
          in: 'query',
          description: 'Domains to leave out.',
          schema: { type: 'integer', minimum: 0, default: 0 },
        },
      ],
      success: {
        status: 200,
        description: 'Sorted.',
        schema: objectSchema({
          success: { const: true },
          pending_domains: { type: 'array', items: { type: 'string' } },
          total: countSchema,
          limit: { type: 'integer' },
          offset: { type: 'integer' },
          has_more: { type: 'boolean' },
        }),
      },
      problems: ['unauthorized', 'forbidden', 'unprocessable'],
    },
    {
      method: 'post',
      path: '/api/enrichment/similar-companies/batch',
      scopes: ['ingest'],
      handler: async (c) => {
        const { value } = await jsonBody(c, enqueueRequest, { mostBytes, mayBeEmpty: true });
        return answerJson(c, 200, (await calls.enqueueSimilar(value)) ?? '{}');
      },
      tag: 'progress',
      summary: 'Queue customer domains and start a batch that fetches their similar companies',
      requestSchema: z.toJSONSchema(enqueueRequest) as JsonSchema,
      success: {
        status: 200,
        description: 'What was queued, and the batch.',
        schema: objectSchema(
          {
            success: { const: true },
            queued_domains: countSchema,
            remaining_pending: countSchema,
            batch_id: { ...textSchema, format: 'uuid' },
            domains_processing: countSchema,
            estimated_time_seconds: { type: 'number' },
          },
          { message: { type: 'string', description: 'Only where there was nothing to do.' } },
        ),
      },
      problems: [
        'bad-request',
        'unauthorized',
        'forbidden',
        'inactive-workflow',
        'unprocessable',
        'unsupported-media-type',
      ],
    },
    {
      method: 'get',
      path: '/api/enrichment/similar-companies/batch/:batch_id/status',
      scopes: ['read'],
      handler: async (c) => {
        const id = c.req.param('batch_id') ?? '';
        if (!isUuid(id)) throw unprocessable([{ parameter: 'batch_id', detail: 'is no UUID' }]);
        return answerJson(c, 200, (await calls.similarBatchStatus(id)) ?? '{}');
      },
      tag: 'progress',
      summary: 'How far a batch of similar companies is',
      parameters: [
        {
          name: 'batch_id',
          in: 'path',
          description: 'Id of the batch.',
          required: true,
          schema: { type: 'string', format: 'uuid' },
        },
      ],
      success: {
        status: 200,
        description: 'Its progress, and what it found once it has ended.',
        schema: batchStatus,
      },
      problems: ['unauthorized', 'forbidden', 'not-found', 'unprocessable'],
    },
    {
      method: 'delete',
      path: '/api/enrichment/similar-companies/queue/clear',
      scopes: ['admin'],
      handler: async (c) =>
        answerJson(
          c,
          200,
          (await calls.clearSimilarQueue(booleanParameter(c, 'include_processing'))) ?? '{}',
        ),
      tag: 'progress',
      summary: 'Empty the queue of similar companies',
      parameters: [
        {
          name: 'include_processing',
          in: 'query',
          description: 'true also deletes what is being processed.',
          schema: { type: 'boolean' },
        },
      ],
      success: {
        status: 200,
        description: 'How many rows were deleted.',
        schema: objectSchema({ success: { const: true }, message: { type: 'string' }, deleted: countSchema }),
      },
      problems: ['unauthorized', 'forbidden', 'unprocessable'],
    },
    {
      method: 'get',
      path: '/api/enrichment/similar-companies/queue/status',
      scopes: ['read'],
      handler: async (c) => answerJson(c, 200, (await calls.similarQueueStatus()) ?? '{}'),
      tag: 'progress',
      summary: 'The queue of similar companies, counted by status',
      success: {
        status: 200,
        description: 'Counts.',
        schema: objectSchema({
          success: { const: true },
          total: countSchema,
          pending: countSchema,
          processing: countSchema,
          done: countSchema,
          error: countSchema,
        }),
      },
      problems: ['unauthorized', 'forbidden'],
    },
  ];
}

function startJob(calls: Calls): (c: AppContext) => Promise<Response> {
  return async function start(c) {
    const { value } = await jsonBody(c, jobRequest, { mostBytes });
    const job = (await calls.startJob(value)) ?? '{}';
    const { id } = JSON.parse(job) as { id: string };
    return answerJson(c, 202, job, { Location: `/jobs/${id}` });
  };
}

function similar(parts: ProduceParts & { registry: WorkflowRegistry }): (c: AppContext) => Promise<Response> {
  type Known = {
    domain: string;
    checked_at: string | null;
    similar_companies: unknown[];
    count: number;
  };
  return async function similarCompanies(c) {
    const limit = wholeNumber(c, 'limit', { least: 1, most: 100, fallback: 25 });
    // Without a value it is no filter, as everywhere: a column that is empty must not cost anything.
    const refresh = c.req.query('refresh') !== '' && booleanParameter(c, 'refresh');
    const named = c.req.param('domain') ?? '';
    const read = async () => {
      const text = await parts.calls.similarCompanies(named, limit);
      if (text === null)
        throw unprocessable([{ parameter: 'domain', detail: `"${named}" is not a domain name` }], 'BADKY');
      return JSON.parse(text) as Known;
    };
    let known = await read();
    const asks = refresh || known.checked_at === null;
    if (asks) {
      allowAsking(c, known.domain);
      const workflow = parts.registry.find(single);
      if (!workflow?.isActive)
        throw new Problem(
          'inactive-workflow',
          'Similar companies cannot be fetched: the workflow is not active.',
        );
      const answer = await produce(parts, workflow, 'sync', JSON.stringify({ domain: known.domain }));
      if (answer instanceof Problem) throw answer;
      if (answer.status >= 400) throw problemOfOutcome(answer) ?? new Error(answer.body);
      known = await read();
    }
    const { domain, checked_at, similar_companies, count } = known;
    return answerJson(
      c,
      200,
      JSON.stringify({ success: true, domain, source: asks ? 'api' : 'cache', similar_companies, count }),
      {
        ...(checked_at === null ? {} : { 'Last-Modified': new Date(checked_at).toUTCString() }),
        'Cache-Control': 'private, no-cache',
      },
    );
  };
}

/** Asking costs credits of the provider and stores its answer, which a key that only reads may not. */
function allowAsking(c: AppContext, domain: string): void {
  const { name, scopes } = c.get('principal');
  if (scopes.includes('ingest') || scopes.includes('admin')) return;
  throw new Problem(
    'forbidden',
    `Asking the provider for companies similar to ${domain} needs the scope ingest; the API key "${name}" has ${scopes.join(', ')}. Without refresh, it is shown what is stored.`,
  );
}
