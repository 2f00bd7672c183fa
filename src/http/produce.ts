import { errorMessage } from '../errors.ts';
import { OutsideError } from '../produce/outside-error.ts';
import type { Producer } from '../produce/producer.ts';
import type { Answer } from './answers.ts';
import type { RunMode } from './batcher.ts';
import type { Calls, Outcome, RunOptions } from './calls.ts';
import type { Log } from '../log.ts';
import { problemOf } from './faults.ts';
import { Problem, problemOfSqlstate } from './problems.ts';
import type { Workflow } from './registry.ts';

/** How long workers leave a production alone whose caller is waiting: time enough to claim it. */
const heldSeconds = 5;
/** What is left of a workflow's time for landing and answering. */
const reserveMs = 3_000;
/** Productions of one request under way at a time; the providers' own limits come on top. */
export const productionsAtATime = 8;

export const producingTypes: ReadonlySet<string> = new Set(['inference', 'fetch']);

/** The options under which etl.run_batch accepts a body of a producing workflow. */
export function productionOptions(mode: RunMode): RunOptions {
  return { only_requests: true, ...(mode === 'sync' ? { held_seconds: heldSeconds } : {}) };
}

export type ProduceParts = { calls: Calls; producer: Producer; log: Log };

/** Runs one body of a producing workflow: stores it, and in sync mode works on it within the workflow's time. */
export async function produce(
  parts: ProduceParts,
  workflow: Workflow,
  mode: RunMode,
  text: string,
): Promise<Answer> {
  try {
    if (mode === 'dry_run') return await preview(parts, workflow, text);
    const [accepted] = await parts.calls.runBatch(
      workflow.slug,
      [text],
      productionOptions(mode),
      workflow.timeoutMs,
    );
    if (accepted === undefined) throw new Error(`${workflow.slug}: a body gave no outcome`);
    return mode === 'async' ? accepted : await finish(parts, workflow, accepted);
  } catch (error) {
    return problemOfOutside(error) ?? problemOf(error);
  }
}

/** Works on a production that was accepted (202), for the caller that waits; gives any other outcome as it is. */
export async function finish(parts: ProduceParts, workflow: Workflow, accepted: Outcome): Promise<Answer> {
  if (accepted.status !== 202 || accepted.payloadId === null) return accepted;
  const id = accepted.payloadId;
  try {
    const limit = AbortSignal.timeout(Math.max(1_000, workflow.timeoutMs - reserveMs));
    const outcome = await parts.producer.workFor(id, limit);
    return outcome.status === 202 ? late(workflow, id) : outcome;
  } catch (error) {
    parts.log.error({ err: error, production: id, workflow: workflow.slug }, 'a production was broken off');
    const statusUrl = `/productions/${id}`;
    return new Problem(
      'processing-delayed',
      `The request is stored, but could not be worked on now (${errorMessage(error)}). The worker does it: GET ${statusUrl} shows how far it is. Do not send it again.`,
      ids(id),
      { Location: statusUrl },
    );
  }
}

function late(workflow: Workflow, id: string): Problem {
  const statusUrl = `/productions/${id}`;
  return new Problem(
    'timeout',
    `The ${workflow.timeoutMs / 1000} seconds of "${workflow.slug}" have passed. The request is stored and a worker finishes it: GET ${statusUrl} shows how far it is. Do not send it again.`,
    ids(id),
    { Location: statusUrl },
  );
}

function ids(id: string): Record<string, string> {
  return { production_id: id, raw_id: id, raw_payload_id: id, status_url: `/productions/${id}` };
}

/** What would be asked: pages are read (and kept, as always), nothing else is called or stored. */
async function preview({ calls, producer }: ProduceParts, workflow: Workflow, text: string): Promise<Answer> {
  const accepted = await calls.acceptance(workflow.slug, text);
  if (accepted.refused !== null) return accepted.refused;
  const { do: next, ...step } = await producer.preview(
    workflow.slug,
    accepted.key,
    text,
    AbortSignal.timeout(workflow.timeoutMs),
  );
  const body = JSON.stringify({ success: true, dry_run: true, next, ...step });
  return { status: 200, body, payloadId: null };
}

function problemOfOutside(error: unknown): Problem | null {
  return error instanceof OutsideError
    ? new Problem(problemOfSqlstate(error.code), error.message, { code: error.code })
    : null;
}
