/**
 * Problem details (RFC 9457): one table of the problems this API answers with, and one from SQLSTATE to problem.
 */
export interface ProblemKind {
  status: number;
  title: string;
  meaning: string;
}

export const problemKinds = {
  'bad-request': {
    status: 400,
    title: 'The request cannot be read',
    meaning:
      'The body is not UTF-8 or not JSON, or the request line or headers are malformed. Nothing was stored.',
  },
  unauthorized: {
    status: 401,
    title: 'A valid API key is needed',
    meaning:
      'Send the key as "Authorization: Bearer <key>" or "X-API-Key: <key>". A revoked key is refused like an unknown one.',
  },
  forbidden: {
    status: 403,
    title: 'The API key lacks a scope',
    meaning:
      'The key is valid but may not do this. An admin can make a key with the scope that the detail names.',
  },
  'not-open': {
    status: 403,
    title: 'What was asked for is not open to callers',
    meaning:
      'The question is understood, but is not answered for this part of the database. The detail says for which it is.',
  },
  'not-found': {
    status: 404,
    title: 'Nothing is here',
    meaning: 'There is no such route, record, payload or job.',
  },
  'unknown-workflow': {
    status: 404,
    title: 'No workflow has this path',
    meaning:
      'The path is not in the workflow registry. The detail names the nearest one; /openapi.json lists all.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The path does not take this method',
    meaning: 'The Allow header lists the methods the path takes.',
  },
  'inactive-workflow': {
    status: 409,
    title: 'The workflow is switched off',
    meaning: 'The workflow is known but not active; the detail gives the reason. Nothing was stored.',
  },
  conflict: {
    status: 409,
    title: 'The state does not allow it',
    meaning:
      'What was asked does not go with the state that the thing is in; the detail names the state. Nothing was changed.',
  },
  forgotten: {
    status: 410,
    title: 'The record was erased on request',
    meaning: 'The company or person is on the suppression list. Nothing was stored.',
  },
  'cursor-expired': {
    status: 410,
    title: 'The change feed no longer goes back that far',
    meaning:
      'Changes are kept for a time. Take a cursor with after=latest, copy the tables again, and go on from that cursor.',
  },
  'too-large': {
    status: 413,
    title: 'The body is too large',
    meaning:
      'One body, or the whole request, is over its limit; the detail gives the limit. Nothing of that body was stored.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The content type is not taken',
    meaning:
      'Send application/json (one object, or an array of them) or application/x-ndjson (one object per line), in UTF-8, uncompressed.',
  },
  unprocessable: {
    status: 422,
    title: 'The content is refused',
    meaning:
      'The request is readable, but a value in it cannot be accepted; errors names each. Nothing was stored.',
  },
  'idempotency-conflict': {
    status: 422,
    title: 'The Idempotency-Key belongs to another request',
    meaning: 'The key was used before with another path or body. Use a new key for a new request.',
  },
  'outside-failed': {
    status: 502,
    title: 'A page or service outside could not be had',
    meaning:
      'A website, a provider or a model did not answer, or answered with an error. The request is stored with the failure under production_id, nothing was written to extracted or core, and it can be retried.',
  },
  'outside-timeout': {
    status: 504,
    title: 'A page or service outside did not answer in time',
    meaning: 'As outside-failed: the request is stored with the failure, and can be retried.',
  },
  'outside-refused': {
    status: 422,
    title: 'The address may not be called',
    meaning:
      'The address that was given, or one that it redirects to, is private, or not one of http or https, or answers with too much. HQ_OUTBOUND_ALLOW can allow it.',
  },
  'answer-invalid': {
    status: 502,
    title: 'The model gave no usable answer',
    meaning:
      'What the model answered does not fit the schema, nor did it after the mistake was shown to it. The answers are kept with the failure; extracted and core are untouched.',
  },
  'page-unreadable': {
    status: 502,
    title: 'The page has no readable text',
    meaning:
      'The page is there, but holds no text that a model could judge (drawn by scripts, or no web page). The model was not asked.',
  },
  'budget-exhausted': {
    status: 503,
    title: 'The budget of this month is used up',
    meaning:
      'Models are not called before HQ_MONTHLY_BUDGET_USD is raised or the next month begins. The request is stored and can be retried.',
  },
  'not-configured': {
    status: 503,
    title: 'A setting for this service is missing',
    meaning:
      'The detail names it, most often an API key. The request is stored and can be retried once it is set.',
  },
  cancelled: {
    status: 409,
    title: 'The work was cancelled',
    meaning: 'The job it belongs to was cancelled before it was done.',
  },
  'processing-failed': {
    status: 500,
    title: 'The payload is stored, but processing it failed',
    meaning:
      'The payload is kept with its error, listed under failures, and can be retried after a fix. Do not send it again.',
  },
  internal: {
    status: 500,
    title: 'A fault in the server',
    meaning: 'The log has the cause under the request id that instance gives.',
  },
  unavailable: {
    status: 503,
    title: 'Not available at the moment',
    meaning:
      'The database cannot be reached or the server is stopping. Try again after the seconds in Retry-After.',
  },
  'processing-delayed': {
    status: 503,
    title: 'The payload is stored, but could not be processed yet',
    meaning:
      'Something passing was in the way (a lock, a lack of resources). A worker tries again by itself. Do not send it again.',
  },
  timeout: {
    status: 504,
    title: 'The work took too long',
    meaning:
      'The time limit of the workflow has passed. Where payload_id is given, the payload is stored and the worker will process it.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemName = keyof typeof problemKinds;

/** One thing that is wrong: where (JSON pointer into the body, or query parameter, or header) and what. */
export interface ProblemError {
  pointer?: string;
  parameter?: string;
  header?: string;
  detail: string;
}

export interface ProblemExtras {
  errors?: ProblemError[];
  code?: string;
  payload_id?: string;
  [field: string]: unknown;
}

/** An answer other than success, thrown or returned by any part of the API. */
export class Problem extends Error {
  readonly kind: ProblemName;
  readonly detail: string;
  readonly extras: ProblemExtras;
  readonly headers: Record<string, string>;

  constructor(
    kind: ProblemName,
    detail: string,
    extras: ProblemExtras = {},
    headers: Record<string, string> = {},
    options: ErrorOptions = {},
  ) {
    super(detail, options);
    this.name = 'Problem';
    this.kind = kind;
    this.detail = detail;
    this.extras = extras;
    this.headers = headers;
  }

  get status(): number {
    return problemKinds[this.kind].status;
  }

  /** The same problem with more headers on its answer. */
  withHeaders(headers: Record<string, string>): Problem {
    return new Problem(
      this.kind,
      this.detail,
      this.extras,
      { ...this.headers, ...headers },
      { cause: this.cause },
    );
  }

  /** The members of application/problem+json. `success` and `error` are what callers of the old system look at. */
  body(requestId: string): Record<string, unknown> {
    return {
      type: `/problems/${this.kind}`,
      title: problemKinds[this.kind].title,
      status: this.status,
      detail: this.detail,
      instance: requestId,
      ...this.extras,
      success: false,
      error: this.detail,
    };
  }
}

/** SQLSTATE → problem. Own codes first; five characters match exactly, two match a class. */
const sqlstates: Record<string, ProblemName> = {
  UNKWF: 'unknown-workflow',
  UNKEY: 'not-found',
  NOTOP: 'not-open',
  INAWF: 'inactive-workflow',
  BADRQ: 'unprocessable',
  BADKY: 'unprocessable',
  FORGT: 'forgotten',
  OLDCR: 'cursor-expired',
  DLVST: 'conflict',
  IDEMP: 'idempotency-conflict',
  OUTFL: 'outside-failed',
  OUTTM: 'outside-timeout',
  OUTRF: 'outside-refused',
  BADAN: 'answer-invalid',
  NOTXT: 'page-unreadable',
  BUDGT: 'budget-exhausted',
  NOCFG: 'not-configured',
  CANCD: 'cancelled',
  '22': 'unprocessable', // data exception: a value that jsonb or a type cannot hold
  '40': 'unavailable', // serialization failure, deadlock
  '53': 'unavailable', // insufficient resources, too many connections
  '08': 'unavailable', // connection exception
  '57014': 'timeout', // cancelled
  '57': 'unavailable', // operator intervention, shutdown
  '55P03': 'unavailable', // lock not available
  '25006': 'unavailable', // read only: a failed-over server
};

/** Which problem an SQLSTATE stands for; `internal` when it is none a caller can do something about. */
export function problemOfSqlstate(code: string): ProblemName {
  return sqlstates[code] ?? sqlstates[code.slice(0, 2)] ?? 'internal';
}
