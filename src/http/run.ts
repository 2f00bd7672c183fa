import { createHash } from 'node:crypto';

import type { Sql } from '../database/connect.ts';
import { type Answer, itemText, outcomeClass, problemOfOutcome } from './answers.ts';
import type { Batcher, RunMode } from './batcher.ts';
import { bodyLines } from './body-lines.ts';
import type { Outbound } from '../clients/outbound.ts';
import type { Calls, Outcome } from './calls.ts';
import { checkBody } from './check-body.ts';
import {
  type AppContext,
  answer,
  answerJson,
  answerProblem,
  booleanParameter,
  unprocessable,
} from './context.ts';
import { destinationRefusal } from './destination.ts';
import { isUnavailable, problemOf } from './faults.ts';
import { arrayElementTexts, parseJson } from './json-text.ts';
import type { Log } from '../log.ts';
import type { Producer } from '../produce/producer.ts';
import type { Metrics } from '../metrics.ts';
import { finish, produce, productionsAtATime, producingTypes, productionOptions } from './produce.ts';
import { nearest } from './nearest.ts';
import { Problem } from './problems.ts';
import type { Workflow, WorkflowRegistry } from './registry.ts';
import { bodyChunks, bodyFormat, decodeUtf8, readBytes } from './request-body.ts';
import type { HttpSettings } from './settings.ts';
import { Signal } from './signal.ts';
import { isUpload, runUpload } from './upload.ts';
import { uploadedBody } from './uploaded-body.ts';

export type RunParts = {
  registry: WorkflowRegistry;
  batcher: Batcher;
  calls: Calls;
  producer: Producer;
  metrics: Metrics;
  settings: HttpSettings;
  log: Log;
  /** for uploads, which copy rows in as they come */
  sql: Sql;
  outbound: Outbound;
};

/** One body that may be run, as JSON text, or the problem that stands in its place. */
type Body = string | Problem;

// Bodies of one request under way at a time: enough to fill two calls, few enough to let other requests in between.
const mostUnderWay = 400;
// Answers a streaming caller has not read yet; past this the server stops taking more lines.
const mostUnreadBytes = 16 * 1024 * 1024;

/** Handles every path under /run: finds the workflow, checks the bodies, runs them, answers. */
export function runHandler(parts: RunParts): (c: AppContext) => Promise<Response> {
  return async function run(c) {
    const workflow = findWorkflow(c, parts.registry);
    const isForm = isUpload(c);
    if (isForm && !producingTypes.has(workflow.type)) return runUpload(c, parts, workflow);
    const mode = runMode(c);
    const key = idempotencyKey(c, mode);
    if (isForm) {
      return answerOne(c, parts, workflow, await runForm(c, parts, workflow, mode), false);
    }
    const format = bodyFormat(c);
    if (format === 'ndjson') return runLines(c, parts, workflow, mode, key);

    const bytes = await readBytes(c, Math.max(workflow.maxBodyBytes, parts.settings.maxRequestBytes));
    const text = decodeUtf8(bytes);
    const value = parseJson(text);
    if (Array.isArray(value)) return runArray(c, parts, workflow, mode, key, text, value, bytes);

    if (bytes.length > workflow.maxBodyBytes) throw bodyTooLarge(workflow);
    const refusal = await refusalOf(parts, workflow, value, text);
    if (refusal) {
      count(parts.metrics, workflow, refusal);
      throw refusal;
    }
    if (key !== undefined) {
      const { answers, replayed } = await runOnce(c, parts, workflow, mode, key, bytes, [text]);
      return answerOne(c, parts, workflow, answers[0] as Answer, replayed);
    }
    return answerOne(c, parts, workflow, await submit(parts, workflow, mode, text), false);
  };
}

function findWorkflow(c: AppContext, registry: WorkflowRegistry): Workflow {
  const path = c.req.path.length > 1 && c.req.path.endsWith('/') ? c.req.path.slice(0, -1) : c.req.path;
  const workflow = registry.find(path);
  if (!workflow) {
    const suggestion = nearest(
      path,
      registry.all().map((known) => known.path),
    );
    const advice =
      suggestion === undefined ? '/openapi.json lists all paths.' : `Did you mean "${suggestion}"?`;
    throw new Problem('unknown-workflow', `No workflow has the path "${path}". ${advice}`, { code: 'UNKWF' });
  }
  c.set('route', workflow.path);
  if (c.req.method !== 'POST') {
    throw new Problem(
      'method-not-allowed',
      `"${workflow.path}" takes POST, not ${c.req.method}.`,
      {},
      { Allow: 'POST' },
    );
  }
  if (!workflow.isActive) {
    const reason = workflow.inactiveReason ?? 'no reason was given';
    throw new Problem('inactive-workflow', `The workflow "${workflow.slug}" is not active: ${reason}.`, {
      code: 'INAWF',
    });
  }
  return workflow;
}

function runMode(c: AppContext): RunMode {
  if (booleanParameter(c, 'dry_run')) return 'dry_run';
  const preferences = (c.req.header('prefer') ?? '').toLowerCase().split(',');
  return preferences.some((preference) => preference.split(';')[0]?.trim() === 'respond-async')
    ? 'async'
    : 'sync';
}

/** The Idempotency-Key, where there is something to repeat: a dry run changes nothing. */
function idempotencyKey(c: AppContext, mode: RunMode): string | undefined {
  const key = c.req.header('idempotency-key');
  if (key === undefined || mode === 'dry_run') return undefined;
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw unprocessable([
      { header: 'Idempotency-Key', detail: 'must have 1 to 255 printable ASCII characters' },
    ]);
  }
  return key;
}

function bodyTooLarge(workflow: Workflow): Problem {
  return new Problem(
    'too-large',
    `The body is larger than the ${workflow.maxBodyBytes} bytes that "${workflow.slug}" takes.`,
    { limit_bytes: workflow.maxBodyBytes },
  );
}

function answerOne(
  c: AppContext,
  parts: RunParts,
  workflow: Workflow,
  result: Answer,
  replayed: boolean,
): Response {
  count(parts.metrics, workflow, result);
  const headers: Record<string, string> = replayed ? { 'Idempotency-Replayed': 'true' } : {};
  const problem = result instanceof Problem ? result : problemOfOutcome(result);
  if (problem) return answerProblem(c, problem.withHeaders(headers));
  const { status, body } = result as Outcome;
  if (status === 202) {
    const { status_url: location } = JSON.parse(body) as { status_url?: string };
    if (location !== undefined) headers.Location = location;
    if (c.req.header('prefer') !== undefined) headers['Preference-Applied'] = 'respond-async';
  }
  return answerJson(c, status, body, headers);
}

async function runArray(
  c: AppContext,
  parts: RunParts,
  workflow: Workflow,
  mode: RunMode,
  key: string | undefined,
  text: string,
  values: unknown[],
  bytes: Uint8Array,
): Promise<Response> {
  const bodies = await Promise.all(
    arrayElementTexts(text).map(async (element, i): Promise<Body> => {
      if (element.length > workflow.maxBodyBytes) return bodyTooLarge(workflow);
      return (await refusalOf(parts, workflow, values[i], element)) ?? element;
    }),
  );
  const items: string[] = [];
  const headers = manyHeaders(mode);
  const requestId = c.get('requestId');
  if (key !== undefined) {
    const { answers, replayed } = await runOnce(c, parts, workflow, mode, key, bytes, bodies);
    if (replayed) headers['Idempotency-Replayed'] = 'true';
    for (const result of answers) items.push(itemOf(parts, workflow, result, requestId));
  } else {
    for await (const result of runMany(parts, workflow, mode, bodies)) {
      items.push(itemOf(parts, workflow, result, requestId));
    }
  }
  return answerJson(c, mode === 'async' ? 202 : 200, `[${items.join(',\n')}]`, headers);
}

async function runLines(
  c: AppContext,
  parts: RunParts,
  workflow: Workflow,
  mode: RunMode,
  key: string | undefined,
): Promise<Response> {
  const headers = manyHeaders(mode);
  const status = mode === 'async' ? 202 : 200;
  const requestId = c.get('requestId');
  if (key !== undefined) {
    const bytes = await readBytes(c, parts.settings.maxRequestBytes);
    const bodies: Body[] = [];
    for await (const body of lineBodies(parts, workflow, once(bytes))) bodies.push(body);
    const { answers, replayed } = await runOnce(c, parts, workflow, mode, key, bytes, bodies);
    if (replayed) headers['Idempotency-Replayed'] = 'true';
    const text = answers.map((result) => `${itemOf(parts, workflow, result, requestId)}\n`).join('');
    return answer(c, status, text, 'application/x-ndjson', headers);
  }

  const bodies = lineBodies(parts, workflow, bodyChunks(c));
  const results = runMany(parts, workflow, mode, bodies);
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await results.next();
          if (done) controller.close();
          else controller.enqueue(encoder.encode(`${itemOf(parts, workflow, value, requestId)}\n`));
        } catch (error) {
          if (c.env?.incoming?.errored) return controller.close(); // the caller has gone: nobody reads this
          parts.log.error({ err: error, request: requestId }, 'a stream of answers was broken off');
          controller.error(error);
        }
      },
      async cancel() {
        await results.return(undefined);
      },
    },
    // Answers are made although the caller may not read before it has sent everything: many clients do not.
    new ByteLengthQueuingStrategy({ highWaterMark: mostUnreadBytes }),
  );
  return answer(c, status, stream, 'application/x-ndjson', headers);
}

function manyHeaders(mode: RunMode): Record<string, string> {
  return mode === 'async' ? { 'Preference-Applied': 'respond-async' } : {};
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Why a body is not run: what it is, or where a delivery of it would go. */
async function refusalOf(
  { registry, outbound }: Pick<RunParts, 'registry' | 'outbound'>,
  workflow: Workflow,
  value: unknown,
  text: string,
): Promise<Problem | null> {
  return (
    checkBody(value, text, registry.validator(workflow)) ?? destinationRefusal(outbound, workflow, value)
  );
}

async function* lineBodies(
  parts: RunParts,
  workflow: Workflow,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Body> {
  for await (const line of bodyLines(chunks, workflow.maxBodyBytes)) {
    yield line instanceof Problem ? line : await lineBody(parts, workflow, line);
  }
}

async function lineBody(parts: RunParts, workflow: Workflow, line: string): Promise<Body> {
  try {
    return (await refusalOf(parts, workflow, parseJson(line), line)) ?? line;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** Answers of many bodies in their order, each as soon as it and those before it are there; a bounded number under way. */
async function* runMany(
  parts: RunParts,
  workflow: Workflow,
  mode: RunMode,
  bodies: Iterable<Body> | AsyncIterable<Body>,
): AsyncGenerator<Answer> {
  const most = producingTypes.has(workflow.type) && mode !== 'async' ? productionsAtATime : mostUnderWay;
  const underWay: Promise<Answer>[] = [];
  let arrival = new Signal();
  let departure = new Signal();
  let isComplete = false;
  let isStopped = false;

  async function submitAll(): Promise<void> {
    try {
      for await (const body of bodies) {
        if (isStopped) return;
        const refused = body instanceof Problem;
        underWay.push(refused ? Promise.resolve(body) : submit(parts, workflow, mode, body, true));
        arrival.happen();
        while (underWay.length >= most && !isStopped) await departure.happened;
      }
    } finally {
      isComplete = true;
      arrival.happen();
    }
  }

  const submitting = submitAll();
  submitting.catch(() => undefined); // awaited below, but it may fail long before
  try {
    for (;;) {
      const next = underWay[0];
      if (next !== undefined) {
        yield await next;
        void underWay.shift();
        departure.happen();
        departure = new Signal();
      } else if (isComplete) {
        return await submitting;
      } else {
        await arrival.happened;
        arrival = new Signal();
      }
    }
  } finally {
    isStopped = true;
    departure.happen();
  }
}

/** Runs the bodies in one transaction with the claim of the key, or gets the answer that was stored for it. */
async function runOnce(
  c: AppContext,
  parts: RunParts,
  workflow: Workflow,
  mode: RunMode,
  key: string,
  bytes: Uint8Array,
  bodies: Body[],
): Promise<{ answers: Answer[]; replayed: boolean }> {
  const texts = bodies.filter((body) => typeof body === 'string');
  if (texts.length === 0)
    return { answers: bodies.filter((body) => body instanceof Problem), replayed: false };
  const request = {
    owner: c.get('principal').id,
    key,
    requestHash: createHash('sha256').update(`${workflow.path}\n`).update(bytes).digest(),
    hours: parts.settings.idempotencyHours,
  };
  const produces = producingTypes.has(workflow.type);
  const options = produces ? productionOptions(mode) : mode === 'async' ? { async: true } : {};
  const run = () => parts.calls.runIdempotent(request, workflow.slug, texts, options, workflow.timeoutMs);
  const { outcomes, replayed } = await run().catch((error: unknown) => {
    if (isUnavailable(error)) return run();
    throw error;
  });
  let next = 0;
  const accepted = bodies.map((body): Answer =>
    body instanceof Problem ? body : (outcomes[next++] as Outcome),
  );
  if (!produces || mode !== 'sync') return { answers: accepted, replayed };
  // The key stands for the production that was accepted; who repeats the request gets what that one comes to.
  const answers = await Promise.all(
    accepted.map(async (item) => (item instanceof Problem ? item : finish(parts, workflow, item))),
  );
  return { answers, replayed };
}

/** A form with files: checked like any other body, and its files are kept only when it is accepted. */
async function runForm(c: AppContext, parts: RunParts, workflow: Workflow, mode: RunMode): Promise<Answer> {
  const { text, files } = await uploadedBody(c, workflow);
  const refusal = checkBody(JSON.parse(text), text, parts.registry.validator(workflow));
  if (refusal) return refusal;
  const { refused } = await parts.calls.acceptance(workflow.slug, text);
  if (refused) return refused;
  if (mode !== 'dry_run') {
    for (const { content, contentType } of files)
      await parts.producer.store.keepAttachment(content, contentType);
  }
  return submit(parts, workflow, mode, text);
}

/** One body on its way: to the batcher, or, for a workflow that calls the outside, to the producer. */
function submit(
  parts: RunParts,
  workflow: Workflow,
  mode: RunMode,
  body: string,
  patient = false,
): Promise<Answer> {
  if (producingTypes.has(workflow.type)) return produce(parts, workflow, mode, body);
  return settled(parts.batcher.submit(workflow, mode, body, patient));
}

async function settled(outcome: Promise<Outcome>): Promise<Answer> {
  try {
    return await outcome;
  } catch (error) {
    return problemOf(error);
  }
}

function itemOf(parts: RunParts, workflow: Workflow, result: Answer, requestId: string): string {
  count(parts.metrics, workflow, result);
  return itemText(result, requestId);
}

function count(metrics: Metrics, workflow: Workflow, result: Answer): void {
  metrics.payloads.inc({ workflow: workflow.slug, outcome: outcomeClass(result) });
}
