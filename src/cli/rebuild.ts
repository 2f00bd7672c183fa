import type { Sql } from '../database/connect.ts';
import { exitCodes } from '../errors.ts';
import { line } from './output.ts';
import type { Context } from './program.ts';

/** Records rebuilt in one transaction: enough to work in sets, few enough to hold their locks briefly. */
const batch = 500;

/** `hq rebuild`: one record, or all in small transactions, so that readers and writers go on meanwhile. */
export async function rebuildCommand({ database, output }: Context, key?: string): Promise<number> {
  const records = key === undefined ? await rebuildAll(database.sql) : await rebuildOne(database.sql, key);
  output.result({ records }, () =>
    line(`${records} record${records === 1 ? '' : 's'} rebuilt from raw payloads.`),
  );
  return exitCodes.ok;
}

async function rebuildOne(sql: Sql, key: string): Promise<number> {
  const [row] = await sql<{ records: number }[]>`select (etl.rebuild(${key}) ->> 'records')::int as records`;
  return row?.records ?? 0;
}

async function rebuildAll(sql: Sql): Promise<number> {
  let records = 0;
  await sql`select etl.delete_unknown_rows()`;
  for (let last: string | null = ''; last !== null;) {
    const [row]: { rebuilt: number; last: string | null }[] = await sql`
      with batch as materialized (
        select entity_key from etl.records where entity_key > ${last} order by entity_key limit ${batch}
      )
      select etl.rebuild_keys_patiently(array(select entity_key from batch)) as rebuilt, (select max(entity_key) from batch) as last`;
    records += row?.rebuilt ?? 0;
    last = row?.last ?? null;
    if (process.stderr.isTTY) process.stderr.write(`\r${records} records`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r');
  return records;
}
