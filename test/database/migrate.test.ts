import { chmod, mkdir, mkdtemp, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, inject } from 'vitest';

import { commitCurrent } from '../../src/database/commit-current.ts';
import { migrate } from '../../src/database/migrate.ts';
import { ExitError } from '../../src/errors.ts';
import { createTestDatabase, test } from '../support/database.ts';

/** An empty database, and a folder of migrations of its own. */
async function setup() {
  const database = await createTestDatabase({ empty: true });
  const folder = await mkdtemp(join(tmpdir(), 'hq-migrations-'));
  await mkdir(join(folder, 'committed'));
  await writeFile(join(folder, 'current.sql'), '-- nothing yet\n');
  await symlink('.', join(folder, 'fixtures'));
  return {
    database,
    folder,
    async commit(sql: string, message: string) {
      await writeFile(join(folder, 'current.sql'), sql);
      await commitCurrent(inject('adminUrl'), message, folder);
    },
    [Symbol.asyncDispose]: () => database.drop(),
  };
}

async function problemOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ExitError)) throw error;
  expect(error.exitCode).toBe(3);
  expect(error.message).not.toContain('\n');
  return error.message;
}

describe('migrate', () => {
  test('runs the committed migrations in order, once', async () => {
    await using at = await setup();
    await at.commit('create table if not exists public.first (id int);', 'First');
    await at.commit('alter table public.first add column if not exists name text;', 'Second');

    expect(await migrate(at.database.url, { folder: at.folder })).toEqual({
      ran: ['000001.sql', '000002.sql'],
      ranCurrent: false,
    });
    expect(await migrate(at.database.url, { folder: at.folder })).toEqual({ ran: [], ranCurrent: false });
  });

  test('runs current.sql in dev mode only, and again when it has changed', async () => {
    await using at = await setup();
    await writeFile(join(at.folder, 'current.sql'), 'create table if not exists public.in_work (id int);');
    const sql = at.database.connect(1);

    await migrate(at.database.url, { folder: at.folder });
    expect(await sql`select to_regclass('public.in_work') as found`).toEqual([{ found: null }]);

    expect(await migrate(at.database.url, { folder: at.folder, dev: true })).toMatchObject({
      ranCurrent: true,
    });
    expect(await migrate(at.database.url, { folder: at.folder, dev: true })).toMatchObject({
      ranCurrent: false,
    });
    await writeFile(
      join(at.folder, 'current.sql'),
      'alter table public.in_work add column if not exists n int;',
    );
    expect(await migrate(at.database.url, { folder: at.folder, dev: true })).toMatchObject({
      ranCurrent: true,
    });
  });

  test('lets processes that start at the same time wait for each other', async () => {
    await using at = await setup();
    await at.commit('create table public.only_once (id int);', 'Only once');

    const results = await Promise.all(
      Array.from({ length: 4 }, () => migrate(at.database.url, { folder: at.folder })),
    );

    expect(results.map(({ ran }) => ran.length).sort()).toEqual([0, 0, 0, 1]);
  });

  test('keeps what was done before a migration failed, and goes on from there', async () => {
    await using at = await setup();
    await at.commit('create table public.kept (id int);', 'Kept');
    await at.commit(
      `do $$ begin if current_database() not like 'hq_commit_%' and to_regclass('public.wanted') is null then
         raise exception 'public.wanted is missing'; end if; end $$;`,
      'Wants a table',
    );
    const sql = at.database.connect(1);

    expect(await problemOf(migrate(at.database.url, { folder: at.folder }))).toBe(
      'A committed migration failed and was rolled back (public.wanted is missing): the database is as it was before; correct the cause and run "hq migrate" again.',
    );
    await sql`create table public.wanted (id int)`;
    expect(await migrate(at.database.url, { folder: at.folder })).toEqual({
      ran: ['000002.sql'],
      ranCurrent: false,
    });
  });

  test('says in which file and line current.sql failed', async () => {
    await using at = await setup();
    await writeFile(join(at.folder, 'broken.sql'), '-- fine\nselect 1;\nselect nothing_such();\n');
    await writeFile(join(at.folder, 'current.sql'), 'select 1;\n--!include broken.sql\n');

    expect(await problemOf(migrate(at.database.url, { folder: at.folder, dev: true }))).toMatch(
      /function nothing_such\(\) does not exist, in broken\.sql line 3/,
    );
  });

  test('refuses a database that a newer hq has set up', async () => {
    await using at = await setup();
    await at.commit('select 1;', 'One');
    await migrate(at.database.url, { folder: at.folder });
    await at.database.connect(1)`
      insert into graphile_migrate.migrations (hash, filename) values ('sha1:later', '000099.sql')`;

    expect(await problemOf(migrate(at.database.url, { folder: at.folder }))).toMatch(
      /newer hq, so update this one/,
    );
  });

  test('refuses a committed migration that was edited after it ran', async () => {
    await using at = await setup();
    await at.commit('select 1;', 'One');
    await migrate(at.database.url, { folder: at.folder });
    const [name = ''] = (await readdir(join(at.folder, 'committed'))).filter((file) => file.endsWith('.sql'));
    const path = join(at.folder, 'committed', name);
    await chmod(path, 0o644);
    await writeFile(path, (await readFile(path, 'utf8')).replace(/^--! Hash: .*$/m, '--! Hash: sha1:other'));

    expect(await problemOf(migrate(at.database.url, { folder: at.folder }))).toMatch(
      /000001\.sql differs from the one the database was set up with/,
    );
  });

  test('refuses tables of hq that came without the record of their migrations', async ({ ownDatabase }) => {
    await ownDatabase.connect(1)`drop schema graphile_migrate cascade`;

    expect(await problemOf(migrate(ownDatabase.url))).toMatch(/no record of its migrations/);
  });
});
