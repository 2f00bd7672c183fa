import { createHash } from 'node:crypto';

import type { Outbound } from '../clients/outbound.ts';
import type { Sql } from '../database/connect.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Producer } from '../produce/producer.ts';
import { type Answer, outcomeClass } from './answers.ts';
import type { Batcher, RunMode } from './batcher.ts';
import type { Calls, Outcome } from './calls.ts';
import { checkBody } from './check-body.ts';
import type { AppContext } from './context.ts';
import { destinationRefusal } from './destination.ts';
import { isUnavailable, problemOf } from './faults.ts';
import { Problem } from './problems.ts';
import { finish, produce, producingTypes, productionOptions } from './produce.ts';
import type { Workflow, WorkflowRegistry } from './registry.ts';
import type { HttpSettings } from './settings.ts';

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

/** A request to run a workflow. */
export type Run = {
  c: AppContext;
  parts: RunParts;
  workflow: Workflow;
  mode: RunMode;
  /** the Idempotency-Key */
  key: string | undefined;
};

/** One body that may be run, as JSON text, or the problem that stands in its place. */
export type Body = string | Problem;

/** The problem of a body over the limit of its workflow. */
export function bodyTooLarge(workflow: Workflow): Problem {
  return new Problem(
    'too-large',
    `The body is larger than the ${workflow.maxBodyBytes} bytes that "${workflow.slug}" takes.`,
    { limit_bytes: workflow.maxBodyBytes },
  );
}

/** Why a body is not run: what it is, or where a delivery of it would go. */
export async function refusalOf(
  { registry, outbound }: Pick<RunParts, 'registry' | 'outbound'>,
  workflow: Workflow,
  value: unknown,
  text: string,
): Promise<Problem | null> {
  return (
    checkBody(value, text, registry.validator(workflow)) ?? destinationRefusal(outbound, workflow, value)
  );
}

/**
 * One body on its way: to the batcher, or, for a workflow that calls the outside, to the producer.
 * `patient`: waiting for a turn does not count towards the workflow's timeout.
 */
export async function submit(
  parts: RunParts,
  workflow: Workflow,
  mode: RunMode,
  body: string,
  patient = false,
): Promise<Answer> {
  if (producingTypes.has(workflow.type)) return produce(parts, workflow, mode, body);
  try {
    return await parts.batcher.submit(workflow, mode, body, patient);
  } catch (error) {
    return problemOf(error);
  }
}

/** Runs the bodies in one transaction with the claim of the key, or gets the answer that was stored for it. */
export async function runOnce(
  { c, parts, workflow, mode }: Run,
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

/** Counts an answer for the metrics. */
export function count(metrics: Metrics, workflow: Workflow, result: Answer): void {
  metrics.payloads.inc({ workflow: workflow.slug, outcome: outcomeClass(result) });
}
