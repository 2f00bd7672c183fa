import type { PendingQuery, Row } from 'postgres';

import type { Sql } from '../database/connect.ts';
import type { Format } from './formats.ts';
import { Lanes } from './lanes.ts';
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
  /** producing workflows: no caller may bring its own answer */
  only_requests?: boolean;
  /** producing workflows: how long workers leave it to the caller that waits */
  held_seconds?: number;
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
  /** normalised domain of the tenant whose rows the key sees; null: of none, with scope admin or ingest of all */
  tenant: string | null;
}

export interface RecordOptions {
  /** table or table.column; undefined: all */
  fields?: string[] | undefined;
  /** time at which the record was known so */
  at?: string | undefined;
  explain?: boolean;
}

/** What api.table_query takes. */
export interface TableRequest {
  columns?: string[] | undefined;
  sort?: string[] | undefined;
  filters: { column: string; operator: string; value: string | string[] | boolean }[];
  after?: { sort: string[]; values: (string | null)[] } | undefined;
  limit?: number;
  offset?: number;
  /** json: the page query gives rows as JSON texts, and the place of each; csv, ndjson: it writes a file */
  format?: Format;
}

/** What it gives: SQL made of names of the catalogue and quoted values only. */
export interface TableQuery {
  pageQuery: string;
  countQuery: string;
  sort: string[];
}

/** Names a record: the domain of a company, the LinkedIn URL of a person, in any spelling. */
export type RecordKey = { entity: 'company' | 'person'; key: string };

/** Changes of golden records as JSON texts, and the cursor to go on from. */
export interface ChangePage {
  nextCursor: string;
  changes: string[];
}

export type DeliveryAction = 'pause' | 'resume' | 'cancel' | 'retry';

export interface Backlog {
  pending: number;
  failed: number;
  stale: number;
  open_jobs: number;
}

export interface ProducerFigures {
  productions: Record<string, number>;
  /** of this month (UTC) */
  month: {
    workflow: string;
    provider: string;
    calls: number;
    input_tokens: number;
    output_tokens: number;
    cost_usd: number;
  }[];
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
const mostNotes = 500;

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

  /** api.record as JSON text; null for a record unknown (at that time). */
  record({ entity, key }: RecordKey, options: RecordOptions = {}): Promise<string | null> {
    return this.#text(
      (sql) => sql`
        select api.record(
          entity_type => ${entity}::text,
          key => ${key}::text,
          fields => string_to_array(${options.fields?.join(',') ?? null}::text, ','),
          at => ${options.at ?? null}::text::timestamptz,
          with_explanation => ${options.explain ?? false}::boolean
        )::text as answer`,
    );
  }

  /** api.records: one JSON text per key, in their order. `keys` is the text of a JSON array. */
  async records(
    entity: RecordKey['entity'],
    keys: string,
    fields: string[] | undefined,
  ): Promise<{ status: number; item: string }[]> {
    return this.#lanes.call(
      readTimeoutMs,
      (sql) => sql<{ status: number; item: string }[]>`
        select status, item::text as item
          from api.records(
            entity_type => ${entity}::text,
            keys => ${keys}::text::jsonb,
            fields => string_to_array(${fields?.join(',') ?? null}::text, ',')
          )`,
    );
  }

  /** etl.explain as JSON text; null for an unknown record. */
  explain({ entity, key }: RecordKey): Promise<string | null> {
    return this.#text(
      (sql) => sql`
        select etl.explain(key => api.record_key(${entity}::text, ${key}::text))::text as answer`,
    );
  }

  /** etl.sequence_changes, unless the worker has more of that to do than a caller should wait for; then api.change_page. */
  async changePage(after: string | null, tables: string[] | null, most: number): Promise<ChangePage> {
    await this.#lanes.call(
      readTimeoutMs,
      (sql) =>
        sql`select etl.sequence_changes(max_notes => ${mostNotes}::integer, max_rows => ${mostNotes}::bigint)`,
    );
    const rows = await this.#lanes.call(
      readTimeoutMs,
      (sql) => sql<{ next_cursor: string; changes: string }[]>`
        select next_cursor, array_to_string(changes, ${recordSeparator}) as changes
          from api.change_page(
            after => ${after}::text,
            tables => string_to_array(${tables?.join(',') ?? null}::text, ','),
            max_changes => ${most}::integer
          )`,
    );
    const { next_cursor: nextCursor = '0', changes = '' } = rows[0] ?? {};
    return { nextCursor, changes: changes === '' ? [] : changes.split(recordSeparator) };
  }

  /** api.tables as JSON text. */
  async tables(): Promise<string> {
    return (await this.#text((sql) => sql`select api.tables()::text as answer`)) ?? '[]';
  }

  /** api.table_columns as JSON text; null for an unknown table. */
  tableColumns(schema: string, table: string): Promise<string | null> {
    return this.#text(
      (sql) =>
        sql`select api.table_columns(schema_name => ${schema}::text, table_name => ${table}::text)::text as answer`,
    );
  }

  /** api.table_query. */
  tableQuery(schema: string, table: string, request: TableRequest): Promise<TableQuery> {
    return this.#tableQuery(
      schema,
      table,
      (sql) => sql`select ${JSON.stringify(request)}::text::jsonb as request`,
    );
  }

  /** api.table_query for parameters of the old paths (api.old_browse_request). */
  oldBrowseQuery(
    schema: string,
    table: string,
    parameters: Record<string, string>,
    limit: number,
    offset: number,
  ): Promise<TableQuery> {
    return this.#tableQuery(
      schema,
      table,
      (sql) => sql`
        select api.old_browse_request(
                 schema_name => ${schema}::text, table_name => ${table}::text, parameters => ${JSON.stringify(parameters)}::text::jsonb
               ) || ${JSON.stringify({ limit, offset })}::text::jsonb as request`,
    );
  }

  async #tableQuery(
    schema: string,
    table: string,
    request: (sql: Sql) => PendingQuery<Row[]>,
  ): Promise<TableQuery> {
    const rows = await this.#lanes.call(
      readTimeoutMs,
      (sql) => sql<{ page_query: string; count_query: string; sort: string[] }[]>`
        select query.page_query, query.count_query, to_jsonb(query.sort) as sort
          from (${request(sql)}) as asked
         cross join lateral api.table_query(
           schema_name => ${schema}::text, table_name => ${table}::text, request => asked.request
         ) as query`,
    );
    const [row] = rows;
    if (row === undefined) throw new Error('api.table_query gave no query.');
    return { pageQuery: row.page_query, countQuery: row.count_query, sort: row.sort };
  }

  /** api.coverage as JSON text. */
  coverage(entity: string | undefined, tables: string[] | undefined): Promise<string> {
    return this.#json(
      (sql) => sql`
        select api.coverage(
          entity_type => ${entity ?? null}::text,
          tables => string_to_array(${tables?.join(',') ?? null}::text, ',')
        )::text as answer`,
    );
  }

  /** api.list_gap_recipes as JSON text. */
  gapRecipes(): Promise<string> {
    return this.#json((sql) => sql`select api.list_gap_recipes()::text as answer`);
  }

  /** api.gap as JSON text; an empty country is none. */
  gap(recipeId: string, country: string, sampleSize: number | undefined): Promise<string> {
    return this.#json(
      (sql) => sql`
        select api.gap(
          recipe_id => ${recipeId}::text,
          country => nullif(${country}::text, ''),
          sample_size => ${sampleSize ?? null}::integer
        )::text as answer`,
    );
  }

  /** api.top_vcs as JSON text. */
  topVcs(): Promise<string> {
    return this.#json((sql) => sql`select api.top_vcs()::text as answer`);
  }

  /** api.top_vc_missing_customers_count as JSON text. */
  topVcCount(): Promise<string> {
    return this.#json((sql) => sql`select api.top_vc_missing_customers_count()::text as answer`);
  }

  /** etl.payload_status as JSON text; null for an unknown payload. */
  payloadStatus(id: string): Promise<string | null> {
    return this.#text(
      (sql) => sql`select etl.payload_status(payload_id => ${id}::text::uuid)::text as answer`,
    );
  }

  /** api.acceptance: the normalised key of a body, or the outcome that refuses it. */
  async acceptance(workflow: string, body: string): Promise<{ key: string | null; refused: Outcome | null }> {
    const [row] = await this.#lanes.call(
      readTimeoutMs,
      (sql) => sql<{ entity_key: string | null; status: number | null; refused: string | null }[]>`
        select entity_key, status, refused from api.acceptance(workflow_slug => ${workflow}, body => ${body})`,
    );
    const refused =
      row?.status == null ? null : { status: row.status, body: row.refused ?? '{}', payloadId: null };
    return { key: row?.entity_key ?? null, refused };
  }

  /** api.start_job: the job, as JSON text. */
  startJob(request: unknown): Promise<string | null> {
    return this.#text(
      (sql) => sql`select api.start_job(${JSON.stringify(request)}::text::jsonb)::text as answer`,
    );
  }

  /** core.similar_companies as JSON text; null for what is no domain. */
  similarCompanies(domain: string, most: number): Promise<string | null> {
    return this.#text(
      (sql) => sql`select core.similar_companies(${domain}::text, ${most}::int)::text as answer`,
    );
  }

  /** api.similar_pending as JSON text. */
  similarPending(most: number, after: number): Promise<string | null> {
    return this.#text((sql) => sql`select api.similar_pending(${most}::int, ${after}::int)::text as answer`);
  }

  /** core.enqueue_similar as JSON text. */
  enqueueSimilar(request: unknown): Promise<string | null> {
    return this.#text(
      (sql) => sql`select core.enqueue_similar(${JSON.stringify(request)}::text::jsonb)::text as answer`,
    );
  }

  /** core.similar_batch_status as JSON text. */
  similarBatchStatus(id: string): Promise<string | null> {
    return this.#text(
      (sql) =>
        sql`select core.similar_batch_status(jsonb_build_object('batch_id', ${id}::text))::text as answer`,
    );
  }

  /** core.clear_similar_queue as JSON text. */
  clearSimilarQueue(includeProcessing: boolean): Promise<string | null> {
    return this.#text(
      (sql) => sql`select core.clear_similar_queue(${includeProcessing}::boolean)::text as answer`,
    );
  }

  /** core.similar_queue_status as JSON text. */
  similarQueueStatus(): Promise<string | null> {
    return this.#text((sql) => sql`select core.similar_queue_status()::text as answer`);
  }

  /** etl.production as JSON text; null for an unknown production. */
  production(id: string): Promise<string | null> {
    return this.#text((sql) => sql`select etl.production(${id}::text::uuid)::text as answer`);
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

  /** api.check_existence as JSON text, from the request as JSON text. */
  checkExistence(request: string): Promise<string | null> {
    return this.#text(
      (sql) => sql`select api.check_existence(request => ${request}::text::jsonb)::text as answer`,
    );
  }

  /** etl.list_deliveries as JSON text. */
  async listDeliveries(state: string | null, before: string | null, most: number): Promise<string> {
    const text = await this.#text(
      (sql) => sql`
        select etl.list_deliveries(state => ${state}::text, before => ${before}::text::uuid, most => ${most}::int)::text as answer`,
    );
    return text ?? '[]';
  }

  /** etl.delivery as JSON text; null for an unknown delivery. */
  delivery(id: string, mostFailures: number): Promise<string | null> {
    return this.#text(
      (sql) => sql`
        select etl.delivery(delivery_id => ${id}::text::uuid, most_failures => ${mostFailures}::int)::text as answer`,
    );
  }

  /** etl.change_delivery as JSON text; null for an unknown delivery. */
  changeDelivery(id: string, action: DeliveryAction): Promise<string | null> {
    return this.#text(
      (sql) => sql`
        select etl.change_delivery(delivery_id => ${id}::text::uuid, action => ${action}::text)::text as answer`,
    );
  }

  /** api.page: a page of a declared list as JSON text. */
  async page(name: string, parameters: Values): Promise<string> {
    const text = await this.#text(
      (sql) => sql`
        select api.page(name => ${name}::text, parameters => ${JSON.stringify(parameters)}::text::jsonb) as answer`,
    );
    return text ?? '';
  }

  /** api.file_sql: the statement that writes all rows of a declared list as a file. */
  async fileSql(name: string, parameters: Values, format: Format): Promise<string> {
    const text = await this.#text(
      (sql) => sql`
        select api.file_sql(
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

  /** api.producer_figures: productions by state, and what this month's calls to the outside cost. */
  async producerFigures(): Promise<ProducerFigures> {
    const text = await this.#text(
      (sql) => sql`select api.producer_figures()::text as answer`,
      shortTimeoutMs,
    );
    return JSON.parse(text ?? '{"productions": {}, "month": []}') as ProducerFigures;
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

  /** For functions that always give an answer, or raise. */
  async #json(statement: (sql: Sql) => PromiseLike<readonly { answer?: string | null }[]>): Promise<string> {
    const answer = await this.#text(statement);
    if (answer === null) throw new Error('The database gave no answer.');
    return answer;
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
