import { expect } from 'vitest';

import { test } from '../support/database.ts';
import { startServe } from '../support/hq.ts';
import { frugalNode, megabyte, peakMemory } from '../support/memory.ts';

const people = 40_000;

/** Reads a file of people to its end and gives its size. */
async function download(
  address: string,
  key: string,
  query: string,
): Promise<{ lines: number; bytes: number }> {
  const response = await fetch(`${address}/api/people?${query}`, { headers: { 'x-api-key': key } });
  expect(response.status).toBe(200);
  let lines = 0;
  let bytes = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    for (const byte of chunk) if (byte === 10) lines += 1;
  }
  return { lines, bytes };
}

test(
  'an export uses no more memory the longer it is, as CSV and as NDJSON',
  { timeout: 120_000 },
  async ({ ownDatabase }) => {
    const sql = ownDatabase.connect(1);
    // Straight into the read table, as only what is read from it is of interest; long names, so that it is 80 MB.
    await sql`
    insert into api.lead_rows (linkedin_url, person_id, full_name, sort_name, search, created_at, updated_at, is_visible)
    select 'https://www.linkedin.com/in/person-' || n, gen_random_uuid(), repeat('Ada ', 500), 'ada ' || n, '', now(), now(), true
      from generate_series(1, ${people}) as n`;
    const api = await startServe(['--api-only'], { DATABASE_URL: ownDatabase.url, NODE_OPTIONS: frugalNode });
    const address = api.address as string;
    // After a short one of each, so that what grows is the length's doing, and not the warming up.
    for (const format of ['csv', 'ndjson'])
      await download(address, api.apiKey, `format=${format}&limit=5000`);
    const before = await peakMemory(api.child.pid);
    for (const [format, head] of [
      ['csv', 1],
      ['ndjson', 0],
    ] as const) {
      const { lines, bytes } = await download(address, api.apiKey, `format=${format}`);
      expect(lines).toBe(people + head);
      expect(bytes).toBeGreaterThan(80_000_000);
    }
    const after = await peakMemory(api.child.pid);
    await api.stop();
    if (before !== undefined && after !== undefined) expect(after - before).toBeLessThan(20 * megabyte);
  },
);
