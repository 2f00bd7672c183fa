import { z } from 'zod';

import { problemOfOutcome } from './answers.ts';
import type { Calls, Principal } from './calls.ts';
import { type AppContext, answerJson, booleanParameter, unprocessable } from './context.ts';
import { jsonBody } from './json-body.ts';
import { type DeclaredParameter, openapiParameter, readQuery } from './parameters.ts';
import { Problem } from './problems.ts';
import { type ProduceParts, produce } from './produce.ts';
import { wholeNumber } from './query.ts';
import type { JsonSchema, WorkflowRegistry } from './registry.ts';
import { type Route, jobSchema } from './route.ts';

const mostBytes = 10 * 1024 * 1024;
const single = '/run/companies/companyenrich/similar/fetch';

const enqueueRequest = z.object({
  batch_size: z.int().min(1).max(10_000).optional(),
  similarity_weight: z.number().min(-1).max(1).optional(),
  country_code: z
    .string()
    .regex(/^[A-Za-z]{2}$/)
    .optional(),
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

function object(properties: Record<string, unknown> = {}): JsonSchema {
  return { type: 'object', required: Object.keys(properties), properties };
}

const similarParameters: DeclaredParameter[] = [
  {
    name: 'domain',
    in: 'path',
    type: 'text',
    description: 'Domain of the company, in any spelling.',
    required: true,
  },
  {
    name: 'refresh',
    in: 'query',
    type: 'boolean',
    description: 'true asks the provider again; asking needs the scope ingest.',
    default: false,
  },
  {
    name: 'limit',
    in: 'query',
    type: 'integer',
    description: 'Most companies.',
    default: 25,
    minimum: 1,
    maximum: 100,
  },
];
const textOrNull = { type: ['string', 'null'] };
const similarAnswer: JsonSchema = {
  type: 'object',
  required: ['success', 'domain', 'source', 'checked_at', 'similar_companies', 'count'],
  properties: {
    success: { type: 'boolean' },
    domain: { type: 'string' },
    source: { type: 'string', enum: ['cache', 'api'] },
    checked_at: {
      type: ['string', 'null'],
      format: 'date-time',
      description: 'When the provider answered last.',
    },
    similar_companies: {
      type: 'array',
      items: object({
        company_name: textOrNull,
        company_domain: textOrNull,
        company_industry: textOrNull,
        company_description: textOrNull,
        similarity_score: { type: ['number', 'null'] },
      }),
    },
    count: { type: 'integer' },
  },
};

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
      parameters: similarParameters.map(openapiParameter),
      success: {
        status: 200,
        description: 'The current set, best first.',
        schema: similarAnswer,
      },
      problems: ['unauthorized', 'forbidden', 'unprocessable', 'outside-failed', 'timeout'],
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
          description: '1 to 2000; 500 unless given.',
          schema: { type: 'integer' },
        },
        { name: 'offset', in: 'query', description: '0 unless given.', schema: { type: 'integer' } },
      ],
      success: { status: 200, description: 'Sorted.', schema: object() },
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
      success: { status: 200, description: 'What was queued, and the batch.', schema: object() },
      problems: ['bad-request', 'unauthorized', 'forbidden', 'unprocessable', 'unsupported-media-type'],
    },
    {
      method: 'get',
      path: '/api/enrichment/similar-companies/batch/:id/status',
      scopes: ['read'],
      handler: async (c) =>
        answerJson(c, 200, (await calls.similarBatchStatus(c.req.param('id') ?? '')) ?? '{}'),
      tag: 'progress',
      summary: 'How far a batch of similar companies is',
      parameters: [
        {
          name: 'id',
          in: 'path',
          description: 'Id of the batch.',
          required: true,
          schema: { type: 'string', format: 'uuid' },
        },
      ],
      success: {
        status: 200,
        description: 'Its progress, and what it found once it has ended.',
        schema: object(),
      },
      problems: ['unauthorized', 'forbidden', 'not-found'],
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
      success: { status: 200, description: 'How many rows were deleted.', schema: object() },
      problems: ['unauthorized', 'forbidden', 'unprocessable'],
    },
    {
      method: 'get',
      path: '/api/enrichment/similar-companies/queue/status',
      scopes: ['read'],
      handler: async (c) => answerJson(c, 200, (await calls.similarQueueStatus()) ?? '{}'),
      tag: 'progress',
      summary: 'The queue of similar companies, counted by status',
      success: { status: 200, description: 'Counts.', schema: object() },
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
    is_known: boolean;
    checked_at: string | null;
    similar_companies: unknown[];
    count: number;
  };
  return async function similarCompanies(c) {
    const query = new URL(c.req.url).searchParams;
    const inQuery = similarParameters.filter((parameter) => parameter.in === 'query');
    const { limit, refresh } = readQuery(inQuery, query) as { limit: number; refresh: boolean };
    const named = c.req.param('domain') ?? '';
    const read = async () => {
      const answered = named.includes('\0') ? null : await parts.calls.similarCompanies(named, limit);
      if (answered === null)
        throw unprocessable([{ parameter: 'domain', detail: `"${named}" is not a domain name` }], 'BADKY');
      return JSON.parse(answered) as Known;
    };
    let known = await read();
    const asks = refresh || !known.is_known;
    if (asks) {
      allowAsking(c.get('principal'), known.domain);
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
    const { is_known: _, ...rest } = known;
    return answerJson(c, 200, JSON.stringify({ success: true, source: asks ? 'api' : 'cache', ...rest }));
  };
}

/** Asking costs credits of the provider and stores its answer, which a key that only reads may not. */
function allowAsking({ name, scopes }: Principal, domain: string): void {
  if (scopes.includes('ingest') || scopes.includes('admin')) return;
  throw new Problem(
    'forbidden',
    `Asking the provider for companies similar to ${domain} needs the scope ingest; the API key "${name}" has ${scopes.join(', ')}. Without refresh, it is shown what is stored.`,
  );
}
