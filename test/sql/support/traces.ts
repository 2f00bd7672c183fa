import type { AnySql } from './calls.ts';

/** Tables of our schemas that hold any of the texts, in any column. */
export async function traces(sql: AnySql, ...texts: string[]): Promise<string[]> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('raw', 'extracted', 'core', 'etl', 'reference', 'api')`;
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await sql`
      select from ${sql.unsafe(name)} as stored
       where exists (select from unnest(${texts}::text[]) as text where position(text in stored::text) > 0) limit 1`;
    if (row) found.push(name);
  }
  return found;
}
