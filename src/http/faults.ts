import postgres from 'postgres';
import { Problem, problemOfSqlstate } from './problems.ts';

const retryAfterSeconds = '5';

// What postgres.js and the socket below it say when the server cannot be reached or has gone away.
const connectionCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
]);

/** The code of a database or socket error, or undefined for any other error. */
export function faultCode(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return undefined;
}

/** Whether the connection is gone, or was not had: FATAL is what a server says that lets nobody in or puts us out. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof postgres.PostgresError) return error.severity === 'FATAL';
  return connectionCodes.has(faultCode(error) ?? '');
}

/** Whether the same call may succeed in a moment: the server was unreachable, restarting, deadlocked or full. */
export function isTransient(error: unknown): boolean {
  if (isConnectionLoss(error)) return true;
  return error instanceof postgres.PostgresError && problemOfSqlstate(error.code) === 'unavailable';
}

/** The problem to answer with for anything thrown. What is not a known refusal becomes `internal` or `unavailable`, without its text. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  if (isTransient(error)) {
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
