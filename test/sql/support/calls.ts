import type postgres from 'postgres';

import type { Sql } from '../../../src/database/connect.ts';

export type AnySql = Sql | postgres.TransactionSql;

/** What etl.run answers. */
export type Outcome = {
  status: number;
  body: Record<string, unknown> & { warnings?: { field: string; problem: string; found: string }[] };
  payload_id: string | null;
};

/** When (ISO 8601) and under which id a payload is landed; by default now and a new one. */
export type At = { at?: string; id?: string };

/** Ids in a stated order: id(1) < id(2). */
export function id(number: number): string {
  return `0190a000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** One body, given as a JavaScript value. */
export async function run(sql: AnySql, slug: string, body: unknown, { at, id }: At = {}): Promise<Outcome> {
  const options = { ...(at ? { observed_at: at } : {}), ...(id ? { payload_ids: [id] } : {}) };
  const [row] = await sql<{ outcome: Outcome }[]>`
    select etl.run(${slug}, ${sql.json(body as never)}, ${sql.json(options)}) as outcome`;
  if (!row) throw new Error('no outcome');
  return row.outcome;
}

/** A CompanyEnrich payload about acme.example that must go through. */
export async function companyenrich(
  sql: AnySql,
  payload: Record<string, unknown>,
  { domain = 'acme.example', ...at }: At & { domain?: string } = {},
): Promise<Outcome> {
  return succeeded(await run(sql, 'companyenrich', { domain, raw_payload: payload }, at));
}

export const ada = 'https://www.linkedin.com/in/ada-example';

/** A profile of Ada Example that must go through. */
export async function profile(
  sql: AnySql,
  payload: Record<string, unknown>,
  { linkedinUrl = ada, ...at }: At & { linkedinUrl?: string } = {},
): Promise<Outcome> {
  const body = { linkedin_url: linkedinUrl, workflow_slug: 'clay-person-profile', raw_payload: payload };
  return succeeded(await run(sql, 'clay-person-profile', body, at));
}

/** Facts of core-company-full-upsert about acme.example that must go through. */
export async function companyFacts(
  sql: AnySql,
  facts: Record<string, unknown>,
  at: At = {},
): Promise<Outcome> {
  const body = { domain: 'acme.example', company_name: 'Acme', ...facts };
  return succeeded(await run(sql, 'core-company-full-upsert', body, at));
}

function succeeded(outcome: Outcome): Outcome {
  if (outcome.status !== 200) throw new Error(JSON.stringify(outcome));
  return outcome;
}

/** All rows of a table as JSON without ids, lineage and times, in a stable order. */
export async function rowsOf(sql: AnySql, table: string): Promise<Record<string, unknown>[]> {
  const rows = await sql<{ row: Record<string, unknown> }[]>`
    select to_jsonb(stored) - '{id,source_id,raw_payload_id,observed_at,lineage,created_at,updated_at}'::text[] as row
      from ${sql(table)} as stored
     order by (to_jsonb(stored) - '{id,source_id,raw_payload_id,observed_at,lineage,created_at,updated_at}'::text[])::text collate "C"`;
  return rows.map(({ row }) => row);
}

/** The SQLSTATE that a statement is refused with; the transaction goes on. */
export async function sqlstate(
  sql: postgres.TransactionSql,
  statement: (sql: postgres.TransactionSql) => Promise<unknown>,
) {
  try {
    await sql.savepoint(statement);
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
}

export async function fingerprint(sql: AnySql): Promise<string> {
  const [row] = await sql<{ fingerprint: string }[]>`select etl.fingerprint(true) as fingerprint`;
  return row?.fingerprint ?? '';
}

/** The only value of the only row. */
export async function value(query: PromiseLike<readonly Record<string, unknown>[]>): Promise<unknown> {
  const [row] = await query;
  return row && Object.values(row)[0];
}
