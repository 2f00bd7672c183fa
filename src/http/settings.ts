/** Everything about the HTTP server that can be set. */
export type HttpSettings = {
  /** address to listen on */
  host: string;
  /** port to listen on; 0 picks a free one */
  port: number;
  /** largest request with an array of bodies, in bytes; one body is limited by its workflow's `max_body_bytes` */
  maxRequestBytes: number;
  /** how long an answer is kept for its Idempotency-Key */
  idempotencyHours: number;
  /** whether /metrics answers without an API key */
  metricsPublic: boolean;
  /** origins of the web pages that may call from a browser */
  corsOrigins: readonly string[];
  /** how long a stop waits for requests under way, in milliseconds */
  closeTimeoutMs: number;
};

/** What a caller gives; the rest has defaults. */
export type HttpConfig = Pick<HttpSettings, 'host' | 'port'> & Partial<HttpSettings>;

/** Fills in what the caller left out. */
export function httpSettings(config: HttpConfig): HttpSettings {
  return {
    host: config.host,
    port: config.port,
    maxRequestBytes: config.maxRequestBytes ?? 32 * 1024 * 1024,
    idempotencyHours: config.idempotencyHours ?? 24,
    metricsPublic: config.metricsPublic ?? false,
    corsOrigins: config.corsOrigins ?? [],
    closeTimeoutMs: config.closeTimeoutMs ?? 30_000,
  };
}
