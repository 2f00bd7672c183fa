import postgres from 'postgres';

import { isConnectionLoss } from '../errors.ts';
import { Problem, problemOfSqlstate } from './problems.ts';

const retryAfterSeconds = '5';

/** Whether the same call may succeed in a moment: the server was unreachable, restarting, deadlocked or full. */
export function isUnavailable(error: unknown): boolean {
  if (isConnectionLoss(error)) return true;
  return error instanceof postgres.PostgresError && problemOfSqlstate(error.code) === 'unavailable';
}

/** The problem to answer with for anything thrown. What is not a known refusal becomes `internal` or `unavailable`, without its text. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  if (isUnavailable(error)) {
    return new Problem(
      'unavailable',
      'The database did not answer; try again in a few seconds.',
      {},
      {
        'Retry-After': retryAfterSeconds,
      },
    );
  }
  if (error instanceof postgres.PostgresError) {
    const kind = problemOfSqlstate(error.code);
    if (kind === 'timeout') {
      return new Problem('timeout', 'The database call took too long and was cancelled; it changed nothing.');
    }
    if (kind !== 'internal') {
      const advice = error.hint === undefined ? '' : ` ${error.hint}`;
      return new Problem(kind, `${error.message}.${advice}`.replace('..', '.'), {
        code: error.code,
        // our functions give the place in the body as detail
        ...(error.detail?.startsWith('/')
          ? { errors: [{ pointer: error.detail, detail: error.message }] }
          : {}),
      });
    }
  }
  return new Problem(
    'internal',
    'The server met an unexpected fault; its log has the cause under this request id.',
  );
}
