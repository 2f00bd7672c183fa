/** Codes of failed productions; etl.production_status gives each its HTTP status, docs/errors.md its meaning. */
export type OutsideCode = 'OUTFL' | 'OUTTM' | 'OUTRF' | 'BADAN' | 'NOTXT' | 'BUDGT' | 'NOCFG';

export type OutsideDetails = {
  /** whether trying again later can help */
  transient?: boolean;
  /** when, where the service said so */
  retryAfterMs?: number | undefined;
  /** what the service really answered, kept with the production */
  evidence?: unknown;
};

/** Why something outside could not be had: one sentence for people, and what a program needs to know. */
export class OutsideError extends Error {
  override name = 'OutsideError';
  readonly code: OutsideCode;
  readonly transient: boolean;
  readonly retryAfterMs: number | undefined;
  readonly evidence: unknown;

  constructor(code: OutsideCode, message: string, details: OutsideDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.transient = details.transient ?? false;
    this.retryAfterMs = details.retryAfterMs;
    this.evidence = details.evidence;
  }
}
