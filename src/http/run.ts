import { type Answer, problemOfOutcome } from './answers.ts';
import type { RunMode } from './batcher.ts';
import type { Outcome } from './calls.ts';
import { checkBody } from './check-body.ts';
import { type AppContext, answerJson, answerProblem, booleanParameter, unprocessable } from './context.ts';
import { parseJson } from './json-text.ts';
import { nearest } from './nearest.ts';
import { Problem } from './problems.ts';
import { producingTypes } from './produce.ts';
import type { Workflow, WorkflowRegistry } from './registry.ts';
import { bodyFormat, decodeUtf8, readBytes } from './request-body.ts';
import { bodyTooLarge, count, refusalOf, type Run, runOnce, type RunParts, submit } from './run-body.ts';
import { runArray, runLines } from './run-many.ts';
import { isUpload, runUpload } from './upload.ts';
import { uploadedBody } from './uploaded-body.ts';

/** Handles every path under /run: finds the workflow, checks the bodies, runs them, answers. */
export function runHandler(parts: RunParts): (c: AppContext) => Promise<Response> {
  return async function run(c) {
    const workflow = findWorkflow(c, parts.registry);
    const isForm = isUpload(c);
    if (isForm && !producingTypes.has(workflow.type)) return runUpload(c, parts, workflow);
    const mode = runMode(c);
    const asked: Run = { c, parts, workflow, mode, key: idempotencyKey(c, mode) };
    if (isForm) return answerOne(asked, await runForm(asked));
    if (bodyFormat(c) === 'ndjson') return runLines(asked);

    const bytes = await readBytes(c, Math.max(workflow.maxBodyBytes, parts.settings.maxRequestBytes));
    const text = decodeUtf8(bytes);
    const value = parseJson(text);
    return Array.isArray(value) ? runArray(asked, value, text, bytes) : runOne(asked, value, text, bytes);
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

async function runOne(run: Run, value: unknown, text: string, bytes: Uint8Array): Promise<Response> {
  const { parts, workflow, mode, key } = run;
  if (bytes.length > workflow.maxBodyBytes) throw bodyTooLarge(workflow);
  const refusal = await refusalOf(parts, workflow, value, text);
  if (refusal) {
    count(parts.metrics, workflow, refusal);
    throw refusal;
  }
  if (key === undefined) return answerOne(run, await submit(parts, workflow, mode, text));
  const { answers, replayed } = await runOnce(run, key, bytes, [text]);
  return answerOne(run, answers[0] as Answer, replayed);
}

/** A form with files: checked like any other body, and its files are kept only when it is accepted. */
async function runForm({ c, parts, workflow, mode, key }: Run): Promise<Answer> {
  if (key !== undefined) {
    throw unprocessable([{ header: 'Idempotency-Key', detail: 'goes with a JSON body, not with a form' }]);
  }
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

function answerOne({ c, parts, workflow }: Run, result: Answer, replayed = false): Response {
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
