import type { Sql } from '../database/connect.ts';

/** A web page that a model says its answer rests on. */
export type WebSource = { url: string; title?: string };

/** A production and the right to work on it. */
export type Claim = { id: string; claim: string };

export type ProviderCall = {
  name: string;
  provider: string;
  method?: string;
  /** behind the provider's base URL */
  path: string;
  body?: unknown;
  /** jsonpath: only this of the answer is kept */
  keep_path?: string;
  /** the result, where no call is needed for it */
  known?: unknown;
};

export type CallResult = { status: number; body: unknown; keep_path?: string } | { known: unknown };

export type Question = {
  model: string | null;
  settings: {
    temperature?: number;
    max_output_tokens?: number;
    search?: boolean;
    /** the answer comes in pieces, for long ones */
    stream?: boolean;
    /** for one answer; 60 unless set */
    timeout_seconds?: number;
  };
  schema: Record<string, unknown>;
  instructions: string;
  prompt: string;
  prompt_version: string;
  /** files that go with the prompt */
  attachments: { attachment: string; content_type: string }[];
};

/** What etl.plan says is next. */
export type Step =
  | { do: 'read_pages'; urls: string[]; kept_for_seconds: number }
  | { do: 'call'; calls: ProviderCall[] }
  | ({ do: 'ask' } & Question)
  | { do: 'land'; answer?: unknown }
  | { do: 'fail'; code: string; detail: string }
  | { do: 'stop' };

/** An outcome as etl.outcome makes it. */
export type ProducedOutcome = { status: number; body: string; payloadId: string | null };

export type PageReference = { url: string; content_hash: string | null } & Record<string, unknown>;

export type PageContent = {
  title: string | null;
  description: string | null;
  text: string;
  links: { text: string; href: string }[];
  is_cut: boolean;
};

export type PageClaim =
  | { do: 'use'; page: PageReference }
  | { do: 'fetch'; etag: string | null; last_modified: string | null }
  | { do: 'wait' };

export type Slot = { granted?: true; wait_ms?: number; rests?: boolean; refused?: string; detail?: string };

export type CallRecord = {
  provider: string;
  outcome: 'ok' | 'invalid' | 'failed';
  durationMs: number;
  holder: string;
  model?: string;
  status?: number | undefined;
  inputTokens?: number | undefined;
  outputTokens?: number | undefined;
  problem?: string | undefined;
  restsForMs?: number | undefined;
};

type OutcomeRow = { status: number; body: string; payload_id: string | null };

/** One method per SQL function of sql/etl/produce. Every method rejects with what the database raises. */
export class ProductionStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** etl.claim_productions */
  async claimMany(most: number): Promise<(Claim & { workflow_slug: string })[]> {
    return await this.#sql<(Claim & { workflow_slug: string })[]>`
      select id, claim, workflow_slug from etl.claim_productions(max_productions => ${most})`;
  }

  /** etl.claim_production; null when another holds it or it has ended. */
  async claim(id: string): Promise<Claim | null> {
    const [row] = await this.#sql<{ claim: string | null }[]>`
      select etl.claim_production(production_id => ${id}::uuid) as claim`;
    return row?.claim ? { id, claim: row.claim } : null;
  }

  /** etl.release_production */
  async release({ id, claim }: Claim, delayMs = 0): Promise<void> {
    await this.#sql`
      select etl.release_production(${id}::uuid, ${claim}::uuid, make_interval(secs => ${delayMs / 1000}::double precision))`;
  }

  /** etl.renew_lease */
  async renew({ id, claim }: Claim): Promise<void> {
    await this.#sql`select etl.renew_lease(${id}::uuid, ${claim}::uuid)`;
  }

  /** etl.next_step */
  async nextStep({ id, claim }: Claim): Promise<Step> {
    const [row] = await this.#sql<{ step: Step }[]>`
      select etl.next_step(${id}::uuid, ${claim}::uuid) as step`;
    return row?.step as Step;
  }

  /** etl.plan for a body that is no production (a dry run). */
  async plan(
    workflow: string,
    key: string | null,
    body: string,
    pages: PageReference[],
    results: Record<string, unknown> = {},
  ): Promise<Step> {
    const [row] = await this.#sql<{ step: Step }[]>`
      select etl.plan(
        ${workflow}, ${key}, ${body}::text::jsonb, etl.page_documents(${JSON.stringify(pages)}::text::jsonb),
        ${JSON.stringify(results)}::text::jsonb) as step`;
    return row?.step as Step;
  }

  /** etl.add_gathered */
  async addGathered(
    { id, claim }: Claim,
    gathered: { pages?: PageReference[]; results?: Record<string, unknown> },
  ): Promise<void> {
    await this.#sql`
      select etl.add_gathered(
        ${id}::uuid, ${claim}::uuid,
        pages => ${JSON.stringify(gathered.pages ?? [])}::text::jsonb,
        results => ${JSON.stringify(gathered.results ?? {})}::text::jsonb)`;
  }

  /** etl.land_production */
  async land(
    { id, claim }: Claim,
    answer: unknown,
    model: string | null,
    sources: WebSource[] = [],
  ): Promise<ProducedOutcome> {
    const pages = sources.length === 0 ? null : JSON.stringify(sources);
    const text = answer === undefined ? null : JSON.stringify(answer);
    return this.#outcome(
      this.#sql<OutcomeRow[]>`
        select outcome ->> 'status' as status, outcome ->> 'body' as body, outcome ->> 'payload_id' as payload_id
          from etl.land_production(${id}::uuid, ${claim}::uuid, ${text}::text::jsonb, ${model}, ${pages}::text::jsonb) as outcome`,
    );
  }

  /** etl.fail_production */
  async fail(
    { id, claim }: Claim,
    failure: {
      code: string;
      detail: string;
      transient: boolean;
      evidence?: unknown;
      mayRetry: boolean;
      delayMs?: number | undefined;
    },
  ): Promise<ProducedOutcome> {
    const evidence = failure.evidence === undefined ? null : JSON.stringify(failure.evidence);
    const seconds = failure.delayMs === undefined ? null : failure.delayMs / 1000;
    return this.#outcome(
      this.#sql<OutcomeRow[]>`
        select outcome ->> 'status' as status, outcome ->> 'body' as body, outcome ->> 'payload_id' as payload_id
          from etl.fail_production(
            ${id}::uuid, ${claim}::uuid, ${failure.code}, ${failure.detail}, ${failure.transient},
            evidence => ${evidence}::text::jsonb, may_retry => ${failure.mayRetry},
            delay => make_interval(secs => ${seconds}::double precision)) as outcome`,
    );
  }

  /** etl.production_outcome; null for an unknown production. */
  async outcome(id: string): Promise<ProducedOutcome | null> {
    const rows = await this.#sql<OutcomeRow[]>`
      select outcome ->> 'status' as status, outcome ->> 'body' as body, outcome ->> 'payload_id' as payload_id
        from etl.production_outcome(${id}::uuid) as outcome
       where outcome is not null`;
    return rows[0] ? outcomeOf(rows[0]) : null;
  }

  /** etl.claim_page; `production`: what it is read for, whose claim is then the fetcher */
  async claimPage(
    url: string,
    fetcher: string,
    keptForSeconds: number,
    production: string | null = null,
  ): Promise<PageClaim> {
    const [row] = await this.#sql<{ claim: PageClaim }[]>`
      select etl.claim_page(
        ${url}, ${fetcher}::uuid, make_interval(secs => ${keptForSeconds}::double precision),
        production_id => ${production}::uuid) as claim`;
    return row?.claim as PageClaim;
  }

  /** etl.keep_page */
  async keepPage(
    url: string,
    fetcher: string,
    page: {
      finalUrl: string;
      status: number;
      content: PageContent | null;
      etag: string | null;
      lastModified: string | null;
    },
  ): Promise<PageReference> {
    const content = page.content === null ? null : JSON.stringify(page.content);
    const [row] = await this.#sql<{ page: PageReference }[]>`
      select etl.keep_page(
        ${url}, ${fetcher}::uuid, ${page.finalUrl}, ${page.status}::int, ${content}::text::jsonb,
        etag => ${page.etag}, last_modified => ${page.lastModified}) as page`;
    return row?.page as PageReference;
  }

  /** etl.drop_page_claim */
  async dropPageClaim(url: string, fetcher: string): Promise<void> {
    await this.#sql`select etl.drop_page_claim(${url}, ${fetcher}::uuid)`;
  }

  /** A file that is kept; null when its time is over. */
  async attachment(id: string): Promise<Uint8Array | null> {
    const [row] = await this.#sql<
      { content: Uint8Array }[]
    >`select content from etl.attachments where id = ${id}`;
    return row?.content ?? null;
  }

  /** etl.keep_attachment: the id of a file that is kept from now on. */
  async keepAttachment(content: Uint8Array, contentType: string): Promise<string> {
    const [row] = await this.#sql<{ id: string }[]>`
      select etl.keep_attachment(${Buffer.from(content)}::bytea, ${contentType}) as id`;
    if (row === undefined) throw new Error('The database kept no file.');
    return row.id;
  }

  /** What etl.provider declares; null when it declares nothing. */
  async provider(name: string): Promise<{ base_url: string | null; headers: Record<string, string> } | null> {
    const [row] = await this.#sql<{ base_url: string | null; headers: Record<string, string> }[]>`
      select base_url, headers from etl.providers where provider = ${name}`;
    return row ?? null;
  }

  /** etl.take_slot */
  async takeSlot(
    provider: string,
    holder: string,
    leaseMs: number,
    budgetUsd: number | undefined,
  ): Promise<Slot> {
    const [row] = await this.#sql<{ slot: Slot }[]>`
      select etl.take_slot(
        ${provider}, ${holder}::uuid, make_interval(secs => ${leaseMs / 1000}::double precision),
        monthly_budget_usd => ${budgetUsd ?? null}::numeric) as slot`;
    return row?.slot ?? {};
  }

  /** etl.record_call */
  async recordCall(production: string, call: CallRecord): Promise<void> {
    const rests = call.restsForMs === undefined ? null : call.restsForMs / 1000;
    await this.#sql`
      select etl.record_call(
        ${production}::uuid, ${call.provider}, ${call.outcome}, ${Math.round(call.durationMs)}::int, holder => ${call.holder}::uuid,
        model => ${call.model ?? null}, status => ${call.status ?? null}::int,
        input_tokens => ${call.inputTokens ?? null}::int, output_tokens => ${call.outputTokens ?? null}::int,
        problem => ${call.problem ?? null}, rests_for => make_interval(secs => ${rests}::double precision))`;
  }

  async #outcome(query: PromiseLike<readonly OutcomeRow[]>): Promise<ProducedOutcome> {
    const [row] = await query;
    if (row === undefined) throw new Error('The database gave no outcome.');
    return outcomeOf(row);
  }
}

function outcomeOf(row: OutcomeRow): ProducedOutcome {
  return { status: Number(row.status), body: row.body, payloadId: row.payload_id };
}
