import type { Sql } from '../src/database/connect.ts';

/** An ordinary table or partition that holds rows. */
export type Table = { name: string; columns: string };

const schemas = ['raw_partitions', 'extracted', 'core', 'reference', 'etl'];

/** All tables of the system with their writable columns; `name` and `columns` are quoted for use in SQL. */
async function allTables(sql: Sql): Promise<Table[]> {
  return sql<Table[]>`
    select format('%I.%I', space.nspname, stored.relname) as name,
           string_agg(quote_ident(attribute.attname), ', ' order by attribute.attnum) as columns
      from pg_class as stored
      join pg_namespace as space on space.oid = stored.relnamespace
      join pg_attribute as attribute on attribute.attrelid = stored.oid
     where stored.relkind = 'r'
       and space.nspname = any (${schemas})
       and attribute.attnum > 0
       and not attribute.attisdropped
       and attribute.attgenerated = ''
     group by space.nspname, stored.relname
     order by space.nspname, stored.relname`;
}

/** The tables that a database just migrated leaves empty: all that payloads fill. */
export async function emptyTables(sql: Sql): Promise<string[]> {
  const empty: string[] = [];
  for (const { name } of await allTables(sql)) {
    const [row] = await sql.unsafe<{ filled: boolean }[]>(`select exists (select from ${name}) as filled`);
    if (!row?.filled) empty.push(name);
  }
  return empty;
}

/** Empties tables. */
export async function truncate(sql: Sql, tables: string[]): Promise<void> {
  await sql.unsafe(`truncate ${tables.join(', ')} cascade`);
}

/** Tables that hold the same rows as some tables of the system. */
export type Copies = { table: string; staged: string; target: string; columns: string; rows: number }[];

/** The id of the newest transaction: what is written from now on has a higher one. */
export async function transactionMark(sql: Sql): Promise<string> {
  const [row] = await sql<{ id: string }[]>`select pg_current_xact_id()::text as id`;
  return row?.id ?? '0';
}

/**
 * For every table written since the mark, wherever in the system: an unlogged copy of just those rows in the order
 * they were written (schema staged), and an empty table with the same columns, constraints and indexes (schema floor).
 */
export async function copyWritten(sql: Sql, mark: string): Promise<Copies> {
  await sql.unsafe('drop schema if exists staged, floor cascade; create schema staged; create schema floor');
  const copies: Copies = [];
  for (const { name, columns } of await allTables(sql)) {
    const written = `from ${name} where xmin::text::bigint > ${mark}`;
    const [row] = await sql.unsafe<{ rows: number }[]>(`select count(*)::int as rows ${written}`);
    if (!row || row.rows === 0) continue;
    const staged = `staged.t${copies.length}`;
    const target = `floor.t${copies.length}`;
    await sql.unsafe(`create unlogged table ${staged} as select ${columns} ${written}`);
    await sql.unsafe(`create table ${target} (like ${name} including all)`);
    // A first reading marks the rows as committed, so that the measured one does not have to.
    await sql.unsafe(`select count(*) from ${staged}`);
    copies.push({ table: name, staged, target, columns, rows: row.rows });
  }
  return copies;
}

/** Inserts all staged rows into the empty tables: one statement per table, one transaction, one message. */
export async function insertCopies(sql: Sql, copies: Copies): Promise<void> {
  const statements = copies.map(
    ({ staged, target, columns }) =>
      `insert into ${target} (${columns}) overriding system value select ${columns} from ${staged};`,
  );
  await sql.unsafe(`begin; ${statements.join('\n')} commit`).simple();
}
