import { describe, expect, inject } from 'vitest';

import { type Sql, checkServer, connect, connectionError } from '../../src/database/connect.ts';
import { freePort } from '../../src/database/embedded.ts';
import { test } from '../support/database.ts';

/** The one sentence a URL ends with. */
async function sentenceFor(url: string): Promise<string> {
  const sql = connect(url, { max: 1 });
  try {
    await checkServer(sql, url);
    return 'it can be used';
  } catch (error) {
    expect(error).toMatchObject({ name: 'ExitError', exitCode: 3 });
    return (error as Error).message;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function changed(change: (url: URL) => void): string {
  const url = new URL(inject('serverUrl'));
  change(url);
  return url.href;
}

test('keeps the session of an advisory lock however old it gets', async () => {
  const sql = connect(inject('serverUrl'), { max: 1, keepsSessions: true });
  expect(sql.options).toMatchObject({ max_lifetime: null, idle_timeout: null });
  await sql.end();
});

describe('checkServer', () => {
  test('passes a server that can be used', async () => {
    expect(await sentenceFor(inject('serverUrl'))).toBe('it can be used');
  });

  test('says that nothing answers', async () => {
    const port = await freePort();
    expect(await sentenceFor(`postgres://someone:secret@127.0.0.1:${port}/hq`)).toBe(
      `Nothing answers as Postgres at 127.0.0.1:${port}: start the server, or correct DATABASE_URL.`,
    );
  });

  test('says that the host is not known', async () => {
    expect(await sentenceFor('postgres://someone:secret@no-such-host.invalid:5432/hq')).toMatch(
      /^The host of no-such-host\.invalid:5432 is not known: correct the host name in DATABASE_URL\.$/,
    );
  });

  test('says that the password is wrong, and does not show it', async () => {
    const sentence = await sentenceFor(changed((url) => (url.password = 'wrong-secret')));
    expect(sentence).toMatch(
      /refuses the user "hq_test" .*: correct the user or password in DATABASE_URL\.$/,
    );
    expect(sentence).not.toContain('wrong-secret');
  });

  test('says that there is no such database', async () => {
    expect(await sentenceFor(changed((url) => (url.pathname = '/no_such_database')))).toMatch(
      /^There is no database "no_such_database" at .*: create it, or correct DATABASE_URL\.$/,
    );
  });

  test('refuses Postgres 14', async () => {
    const answersAs14 = (async () => [{ version: 140_012 }]) as unknown as Sql;
    await expect(checkServer(answersAs14, 'postgres://db.example:6432/hq')).rejects.toThrow(
      'Postgres at db.example:6432 is version 14, and hq needs 15 or newer: upgrade it, or set DATABASE_URL to another server.',
    );
  });

  test.for(['CONNECT_TIMEOUT', '53300', '57P03', 'XX000'])('has one sentence for %s', (code) => {
    const { message } = connectionError(
      Object.assign(new Error('reason'), { code }),
      'postgres://u:p@db.example/hq',
    );
    expect(message).toMatch(/^Postgres at db\.example:5432 .*: .*\.$/);
  });
});
