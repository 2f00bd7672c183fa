import type { Sql } from '../src/database/connect.ts';
import { companyBody, type BodySize } from './payloads.ts';

export const workflow = 'companyenrich';

// JSON text never holds U+001E unescaped, so it can stand between texts.
const separator = '\x1e';

/** Process id of the backend behind a pool of one connection. */
export async function backendOf(sql: Sql): Promise<number> {
  const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  return row?.pid ?? 0;
}

/** The bodies of companies from (inclusive) to (exclusive), joined for ingestBatch. */
export function joinedBodies(from: number, to: number, size: BodySize = 'full'): string {
  const bodies: string[] = [];
  for (let n = from; n < to; n += 1) bodies.push(JSON.stringify(companyBody(n, size)));
  return bodies.join(separator);
}

/** Sends a batch to etl.run_batch, as the HTTP API does. Throws unless all `count` bodies went through. */
export async function ingestBatch(sql: Sql, joined: string, count: number): Promise<void> {
  const [row] = await sql<{ good: number }[]>`
    select count(*)::int as good
      from jsonb_array_elements(
        etl.run_batch(${workflow}::text, string_to_array(${joined}::text, ${separator}::text)::jsonb[])
      ) as outcome
     where outcome ->> 'status' = '200'`;
  if (row?.good !== count) throw new Error(`Only ${row?.good} of ${count} payloads went through.`);
}

/** Sends one body to etl.ingest. Throws unless it went through. */
export async function ingestOne(sql: Sql, body: string): Promise<void> {
  const [row] = await sql<{ answer: { success: boolean } }[]>`
    select etl.ingest(${workflow}::text, ${body}::text::jsonb) as answer`;
  if (row?.answer.success !== true) throw new Error(`A payload failed: ${JSON.stringify(row)}`);
}
