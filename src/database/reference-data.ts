import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parse } from 'csv-parse/sync';

import type { Sql } from './connect.ts';

/** One CSV file per table of schema reference; its header names the columns, an empty field is null. */
const folder = fileURLToPath(new URL('../../sql/reference/data', import.meta.url));

/**
 * Adds the rows of the versioned reference files that the database lacks, by etl.load_reference(): rows that people
 * have corrected stay as they are. Canonical values come before the lookups that refer to them.
 * Gives the number of rows added.
 */
export async function loadReferenceData(sql: Sql): Promise<number> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.csv')).sort(canonicalFirst);
  let added = 0;
  for (const file of files) {
    const rows: Record<string, string | null>[] = parse(await readFile(join(folder, file)), {
      bom: true,
      columns: true,
      cast: (value, { header }) => (value === '' && !header ? null : value),
    });
    if (rows.length === 0) continue;
    const [row] = await sql<{ added: number }[]>`
      select etl.load_reference(target => ${`reference.${file.replace(/\.csv$/, '')}`}, rows => ${sql.json(rows)}::jsonb) as added`;
    added += row?.added ?? 0;
  }
  return added;
}

function canonicalFirst(a: string, b: string): number {
  return Number(a.includes('_lookup')) - Number(b.includes('_lookup')) || a.localeCompare(b);
}
