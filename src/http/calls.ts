import type { ExportFormat } from './exports.ts';
import { Lanes, type Sql } from './lanes.ts';
import type { Values } from './parameters.ts';

/** What became of one body: the answer's status and its JSON text, ready to pass on. */
export interface Outcome {
  status: number;
  body: string;
  payloadId: string | null;
}

export interface RunOptions {
  async?: boolean;
  dry_run?: boolean;
}

export interface IdempotentRequest {
  owner: string;
  key: string;
  requestHash: Buffer;
  hours: number;
}

export interface Principal {
  id: string;
  name: string;
  scopes: string[];
  /** domain of the client whose rows of tenants the caller sees, and no others; null: those of all */
  tenant: string | null;
}

/** Names a record: the domain of a company, the LinkedIn URL of a person, in any spelling. */
export type RecordKey = { entity: 'company' | 'person'; key: string };

export interface Backlog {
  pending: number;
  failed: number;
  stale: number;
  open_jobs: number;
}

interface OutcomeRow {
  status: number;
  body: string;
  payload_id: string | null;
}

// JSON text never holds U+001E unescaped, so it can stand between texts (RFC 7464 uses it likewise).
const recordSeparator = '\x1e';
const readTimeoutMs = 30_000;
const shortTimeoutMs = 5_000;

/** One method per SQL function the HTTP API calls. Every method rejects with what the database raises. */
export class Calls {
  readonly #lanes: Lanes;

  constructor(sql: Sql, connections: number) {
    this.#lanes = new Lanes(sql, connections);
  }

  /** api.run_batch: one outcome per body, in order. `bodies` are JSON texts. */
  async runBatch(
    workflow: string,
    bodies: string[],
    options: RunOptions,
    timeoutMs: number,
  ): Promise<Outcome[]> {
    const rows = await this.#lanes.call(
      timeoutMs,
      (sql) => sql<OutcomeRow[]>`
        select status, body, payload_id
          from api.run_batch(
            workflow_slug => ${workflow}::text,
            bodies => ${bodies.join(recordSeparator)}::text,
            options => ${JSON.stringify(options)}::text::jsonb
          )`,
    );
    return rows.map(outcomeOf);
  }

  /** api.run_idempotent: as `runBatch`, once per key. `replayed` when the stored answer came back. */
  async runIdempotent(
    request: IdempotentRequest,
    workflow: string,
    bodies: string[],
    options: RunOptions,
    timeoutMs: number,
  ): Promise<{ outcomes: Outcome[]; replayed: boolean }> {
    const rows = await this.#lanes.call(
      timeoutMs,
      (sql) => sql<(OutcomeRow & { is_replayed: boolean })[]>`
        select status, body, payload_id, is_replayed
          from api.run_idempotent(
            owner => ${request.owner}::text::uuid,
            key => ${request.key}::text,
            request_hash => ${request.requestHash}::bytea,
            workflow_slug => ${workflow}::text,
            bodies => ${bodies.join(recordSeparator)}::text,
            options => ${JSON.stringify(options)}::text::jsonb,
            time_to_live => make_interval(secs => ${request.hours * 3600}::double precision)
          )`,
    );
    return { outcomes: rows.map(outcomeOf), replayed: rows[0]?.is_replayed ?? false };
  }

  /** etl.golden_record as JSON text; null for an unknown record. */
  goldenRecord({ entity, key }: RecordKey): Promise<string | null> {
    return this.#text(
      (sql) => sql`
        select etl.golden_record(key => api.record_key(${entity}::text, ${key}::text))::text as answer`,
    );
  }

  /** etl.as_of as JSON text; null for a record unknown at that time. */
  asOf({ entity, key }: RecordKey, at: string): Promise<string | null> {
    return this.#text(
      (sql) => sql`
        select etl.as_of(
          key => api.record_key(${entity}::text, ${key}::text),
          at => ${at}::text::timestamptz
        )::text as answer`,
    );
  }

  /** etl.explain as JSON text; null for an unknown record. */
  explain({ entity, key }: RecordKey): Promise<string | null> {
    return this.#text(
      (sql) => sql`
        select etl.explain(key => api.record_key(${entity}::text, ${key}::text))::text as answer`,
    );
  }

  /** etl.payload_status as JSON text; null for an unknown payload. */
  payloadStatus(id: string): Promise<string | null> {
    return this.#text(
      (sql) => sql`select etl.payload_status(payload_id => ${id}::text::uuid)::text as answer`,
    );
  }

  /** etl.job as JSON text; null for an unknown job. */
  job(id: string): Promise<string | null> {
    return this.#text((sql) => sql`select etl.job(${id}::text::uuid)::text as answer`);
  }

  /** etl.cancel_job, then etl.job as JSON text; null for an unknown job. */
  async cancelJob(id: string): Promise<string | null> {
    await this.#lanes.call(shortTimeoutMs, (sql) => sql`select etl.cancel_job(${id}::text::uuid)`);
    return this.job(id);
  }

  /** api.page: a page of a declared list as JSON text. */
  async page(name: string, parameters: Values): Promise<string> {
    const text = await this.#text(
      (sql) => sql`
        select api.page(name => ${name}::text, parameters => ${JSON.stringify(parameters)}::text::jsonb) as answer`,
    );
    return text ?? '';
  }

  /** api.export_sql: the query whose rows are all rows of a declared list, as texts. */
  async exportSql(name: string, parameters: Values, format: ExportFormat): Promise<string> {
    const text = await this.#text(
      (sql) => sql`
        select api.export_sql(
          name => ${name}::text,
          parameters => ${JSON.stringify(parameters)}::text::jsonb,
          format => ${format}::text
        ) as answer`,
    );
    return text ?? '';
  }

  /** api.answer: what a declared endpoint answers, as JSON text; null when there is nothing. */
  answer(name: string, parameters: Values): Promise<string | null> {
    return this.#text(
      (sql) => sql`
        select api.answer(name => ${name}::text, parameters => ${JSON.stringify(parameters)}::text::jsonb) as answer`,
    );
  }

  /** api.authenticate: the live key with this SHA-256. */
  async authenticate(keyHash: Buffer): Promise<Principal | null> {
    const rows = await this.#lanes.call(
      shortTimeoutMs,
      (sql) => sql<Principal[]>`
        select id, name, to_jsonb(scopes) as scopes, tenant from api.authenticate(key_hash => ${keyHash}::bytea)`,
    );
    const row = rows[0];
    return row === undefined ? null : { id: row.id, name: row.name, scopes: row.scopes, tenant: row.tenant };
  }

  /** api.create_key as JSON text, with the key itself. */
  createKey(name: string, scopes: string[], tenant: string | null): Promise<string | null> {
    return this.#text(
      (sql) => sql`
        select api.create_key(name => ${name}::text, scopes => array(select jsonb_array_elements_text(${JSON.stringify(scopes)}::text::jsonb)), tenant => ${tenant}::text)::text as answer`,
    );
  }

  /** api.list_keys as JSON text. */
  listKeys(): Promise<string | null> {
    return this.#text((sql) => sql`select api.list_keys()::text as answer`);
  }

  /** api.revoke_key: false when there is no such key. */
  async revokeKey(id: string): Promise<boolean> {
    const rows = await this.#lanes.call(
      shortTimeoutMs,
      (sql) => sql<{ revoked: boolean }[]>`select api.revoke_key(id => ${id}::text::uuid) as revoked`,
    );
    return rows[0]?.revoked ?? false;
  }

  /** api.readiness: named checks. */
  async readiness(): Promise<Record<string, { ok: boolean }>> {
    const text = await this.#text((sql) => sql`select api.readiness()::text as answer`, shortTimeoutMs);
    return JSON.parse(text ?? '{}') as Record<string, { ok: boolean }>;
  }

  /** api.backlog: how much work waits in the database. */
  async backlog(): Promise<Backlog> {
    const rows = await this.#lanes.call(
      shortTimeoutMs,
      (sql) => sql<Backlog[]>`
        select pending::int, failed::int, stale::int, open_jobs::int from api.backlog()`,
    );
    return rows[0] ?? { pending: 0, failed: 0, stale: 0, open_jobs: 0 };
  }

  /** api.purge_idempotency_keys: how many expired keys were deleted. */
  async purgeIdempotencyKeys(): Promise<number> {
    const rows = await this.#lanes.call(
      readTimeoutMs,
      (sql) => sql<{ purged: number }[]>`select api.purge_idempotency_keys() as purged`,
    );
    return rows[0]?.purged ?? 0;
  }

  /** Closes the connections; calls under way get up to `seconds` to end. */
  close(seconds: number): Promise<void> {
    return this.#lanes.close(seconds);
  }

  async #text(
    statement: (sql: Sql) => PromiseLike<readonly { answer?: string | null }[]>,
    timeoutMs = readTimeoutMs,
  ): Promise<string | null> {
    const rows = await this.#lanes.call(timeoutMs, statement);
    return rows[0]?.answer ?? null;
  }
}

function outcomeOf(row: OutcomeRow): Outcome {
  return { status: row.status, body: row.body, payloadId: row.payload_id };
}
