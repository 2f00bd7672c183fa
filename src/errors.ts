import postgres from 'postgres';

/** What the exit code of every hq command means; `hq --help` prints this list. */
export const exitCodes = {
  ok: 0,
  /** the command ran, and some of the data is not right: rows failed, the audit is not clean, the record is unknown */
  data: 1,
  /** wrong command, argument or setting */
  usage: 2,
  /** the database cannot be reached, started or migrated */
  database: 3,
  /** this process cannot do its work: the port is taken, a fault inside hq */
  failure: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An end that was foreseen: the message is one sentence that says what to do, and is all that is printed. */
export class ExitError extends Error {
  override name = 'ExitError';
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The code of a system or Postgres error (`ECONNREFUSED`, `28P01`), or undefined. */
export function errorCode(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The message of anything that was thrown. */
export function errorMessage(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return errorMessage(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

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
  'ENETUNREACH',
]);

/** Whether the connection is gone, or was not had: FATAL is what a server says that lets nobody in or puts us out. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof postgres.PostgresError) return error.severity === 'FATAL';
  return connectionCodes.has(errorCode(error) ?? '');
}

/**
 * Whether the same call may succeed later: the connection was lost, or Postgres said so by its class of error
 * (08 connection, 40 rollback, 53 resources, 55P03 lock, 57 operator, 58 system).
 */
export function isTransient(error: unknown): boolean {
  return isConnectionLoss(error) || /^(08|40|53|57|58)...$|^55P03$/.test(errorCode(error) ?? '');
}
