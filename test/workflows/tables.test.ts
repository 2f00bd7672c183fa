import { readFile } from 'node:fs/promises';

import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';

import { test } from '../support/database.ts';

type Row = { table: string; columns: string; missing: string; reason: string };

/** The tables of the old system. missing: columns that are left out here, or * for the whole table; reason: why. */
const tables: Row[] = parse(await readFile(new URL('tables.csv', import.meta.url)), { columns: true });

const words = (text: string) => text.split(' ').filter((word) => word !== '');

test('every table that people query keeps its schema, name and columns, but for what the list leaves out with a reason', async ({
  sql,
}) => {
  const known = new Map<string, Set<string>>();
  for (const { name, columns } of await sql<{ name: string; columns: string[] }[]>`
    select format('%s.%s', table_schema, table_name) as name, array_agg(column_name::text) as columns
      from information_schema.columns
     group by table_schema, table_name`) {
    known.set(name, new Set(columns));
  }
  const found = tables.flatMap(({ table, columns, missing, reason }) => {
    const here = known.get(table);
    if (here === undefined) return missing === '*' ? [] : [`${table} is missing`];
    // What waits may have come meanwhile; then it has to be whole.
    if (missing === '*' && !reason.startsWith('waits for'))
      return [`${table} is there, and the list says it is not`];
    const left = new Set(words(missing));
    return words(columns).flatMap((column) => {
      if (!here.has(column)) return left.has(column) ? [] : [`${table}.${column} is missing`];
      return left.has(column) ? [`${table}.${column} is there, and the list says it is not`] : [];
    });
  });
  expect(found).toEqual([]);
});

test('what is left out has a reason', () => {
  expect(tables.filter(({ missing, reason }) => (missing === '') !== (reason === ''))).toEqual([]);
  expect(tables.length).toBeGreaterThan(300);
});
