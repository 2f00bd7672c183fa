import type { Outcome } from './calls.ts';
import {
  Problem,
  type ProblemExtras,
  type ProblemName,
  problemKinds,
  problemOfSqlstate,
} from './problems.ts';

/** What one body came to: an outcome of the database, or a problem met before or around it. */
export type Answer = Outcome | Problem;

const kindOfStatus: Record<number, ProblemName> = {
  400: 'bad-request',
  404: 'not-found',
  409: 'inactive-workflow',
  410: 'forgotten',
  413: 'too-large',
  422: 'unprocessable',
  503: 'unavailable',
  504: 'timeout',
};

/** The problem an outcome with an error status stands for; null for a success. */
export function problemOfOutcome(outcome: Outcome): Problem | null {
  if (outcome.status < 400) return null;
  const { detail, ...fields } = JSON.parse(outcome.body) as ProblemExtras & { detail?: string };
  const kind = kindOfOutcome(outcome, fields.code);
  const said = detail ?? problemKinds[kind].title;
  if (outcome.payloadId === null) return new Problem(kind, said, fields);
  const statusUrl = `/payloads/${outcome.payloadId}`;
  const extras = { ...fields, payload_id: outcome.payloadId, status_url: statusUrl };
  return new Problem(kind, said, extras, { Location: statusUrl });
}

function kindOfOutcome(outcome: Outcome, code: string | undefined): ProblemName {
  if (outcome.status >= 500 && outcome.payloadId !== null) {
    if (code !== undefined && problemOfSqlstate(code) === 'timeout') return 'timeout';
    return outcome.status === 503 ? 'processing-delayed' : 'processing-failed';
  }
  const byCode = code === undefined ? 'internal' : problemOfSqlstate(code);
  if (problemKinds[byCode].status === outcome.status) return byCode;
  return kindOfStatus[outcome.status] ?? 'internal';
}

/**
 * One item of an answer to many bodies: a JSON object that begins with the item's status. An answer that has a field of that
 * name itself ("inserted") has it as workflow_status.
 */
export function itemText(answer: Answer, requestId: string): string {
  const problem = answer instanceof Problem ? answer : problemOfOutcome(answer);
  if (problem) {
    const { status, ...rest } = problem.body(requestId);
    return JSON.stringify({ status, ...rest });
  }
  const { status, body } = answer as Outcome;
  if (body.includes('"status"')) {
    const { status: own, ...fields } = JSON.parse(body) as Record<string, unknown>;
    // Elsewhere in the body the name may stand as often as it likes.
    if (own !== undefined) return JSON.stringify({ status, workflow_status: own, ...fields });
  }
  const fields = body.slice(body.indexOf('{') + 1).trimStart();
  return fields === '}' ? `{"status":${status}}` : `{"status":${status},${fields}`;
}

/** Class of an answer for the metrics. */
export function outcomeClass(answer: Answer): 'ok' | 'accepted' | 'refused' | 'failed' {
  if (answer.status === 202) return 'accepted';
  if (answer.status < 400) return 'ok';
  return answer.status < 500 ? 'refused' : 'failed';
}
