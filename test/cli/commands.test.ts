import { describe, expect } from 'vitest';

import { test } from '../support/database.ts';
import { runHq } from '../support/hq.ts';
import { companyBody } from '../support/payloads.ts';

describe('hq', () => {
  test('lists its commands and exit codes', async () => {
    const { code, stdout } = await runHq(['--help'], {});
    expect(code).toBe(0);
    for (const command of [
      'serve',
      'migrate',
      'url',
      'load',
      'explain',
      'rebuild|replay',
      'dry-run',
      'workflows',
      'audit',
      'process',
      'failures',
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${command.replace('|', '\\|')} `, 'm'));
    }
    expect(stdout).toContain('Exit codes:');
  });

  test.for([
    [['nonsense']],
    [['load', 'companyenrich']],
    [['load', '--wrong', 'a', 'b']],
    [['failures', 'show', 'x']],
  ])('ends with 2 for %j', async ([args], { database }) => {
    const { code, stderr } = await runHq(args as string[], { DATABASE_URL: database.url });
    expect(code).toBe(2);
    expect(stderr.trim()).not.toBe('');
  });

  test('ends with 3 and one sentence when the database does not answer', async () => {
    const result = await runHq(['workflows'], { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/d' });
    expect(result).toEqual({
      code: 3,
      stdout: '',
      stderr: 'Nothing answers as Postgres at 127.0.0.1:1: start the server, or correct DATABASE_URL.\n',
    });
  });

  test('prints the URL of the database', async ({ database }) => {
    const result = await runHq(['url'], { DATABASE_URL: database.url });
    expect(result).toEqual({ code: 0, stdout: `${database.url}\n`, stderr: '' });
  });

  test('finds the database up to date after migrate', async ({ database }) => {
    const result = await runHq(['migrate', '--json'], { DATABASE_URL: database.url });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(result.stdout)).toEqual({ ran: [], ranCurrent: false });
  });

  test('lists the workflows for people and for machines', async ({ database, pool }) => {
    const [row] = await pool`select count(*)::int as count from reference.enrichment_workflow_registry`;
    const human = await runHq(['workflows'], { DATABASE_URL: database.url });
    expect(human.stdout).toMatch(
      /^companyenrich\s+ingest\s+company\s+\/run\/companies\/companyenrich\/ingest$/m,
    );
    const machine = await runHq(['--json', 'workflows'], { DATABASE_URL: database.url });
    expect(JSON.parse(machine.stdout)).toHaveLength(row?.count as number);
  });

  test('shows one workflow, and ends with 2 for one that does not exist', async ({ database }) => {
    const known = await runHq(['workflows', 'companyenrich', '--json'], { DATABASE_URL: database.url });
    expect(JSON.parse(known.stdout)).toMatchObject({ workflow_slug: 'companyenrich' });
    const unknown = await runHq(['workflows', 'nothing'], { DATABASE_URL: database.url });
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('"nothing"') });
  });

  test('ends audit with 0 exactly when every workflow is clean', async ({ database, pool }) => {
    const findings = await pool<{ ok: boolean }[]>`select ok from etl.audit()`;
    const result = await runHq(['audit', '--json'], { DATABASE_URL: database.url });
    expect(result.code).toBe(findings.every(({ ok }) => ok) ? 0 : 1);
    expect(JSON.parse(result.stdout)).toHaveLength(findings.length);
  });

  test('dry-run shows what would change and writes nothing', async ({ database, pool }) => {
    const body = JSON.stringify(await companyBody(pool, 'dry.example.com'));
    const result = await runHq(['dry-run', 'companyenrich', '-'], { DATABASE_URL: database.url }, body);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/^\+ core\.companies /m);
    expect(await pool`select from raw.payloads where entity_key = 'dry.example.com'`).toHaveLength(0);

    const refused = await runHq(['dry-run', 'companyenrich', '-'], { DATABASE_URL: database.url }, '{}');
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringMatching(/^Refused \(BADRQ\): /) });
    const broken = await runHq(['dry-run', 'companyenrich', '-'], { DATABASE_URL: database.url }, '{');
    expect(broken).toMatchObject({ code: 2, stderr: expect.stringContaining('it is not JSON') });
  });

  test('loads a file from standard input, explains the record, and rebuilds it to the same', async ({
    ownDatabase,
  }) => {
    const sql = ownDatabase.connect(2);
    const env = { DATABASE_URL: ownDatabase.url };
    const body = JSON.stringify(await companyBody(sql, 'cli.example.com'));

    const loaded = await runHq(['load', 'companyenrich', '-', '--json'], env, `${body}\nnot json\n`);
    expect(loaded.code).toBe(1);
    expect(JSON.parse(loaded.stdout)).toMatchObject({
      lines_loaded: 1,
      lines_failed: 1,
      errors: [{ code: 'NOTJS', lines: 1, first_line: 2 }],
    });

    const explained = await runHq(['explain', 'https://www.CLI.example.com/'], env);
    expect(explained).toMatchObject({ code: 0, stderr: '' });
    expect(explained.stdout).toMatch(/^company cli\.example\.com, from 1 payload\n/);
    expect(explained.stdout).toMatch(/^core\.companies {2}\(/m);
    const inferred = {
      company_name: 'Acme Example',
      domain: 'cli.example.com',
      production: {
        answer: { linkedin_url: 'https://www.linkedin.com/company/acme-example' },
        model: 'google:gemini-3-flash-preview',
        sources: [{ url: 'https://news.example/acme', title: 'Acme on LinkedIn' }],
      },
    };
    const imported = await runHq(
      ['load', 'infer-company-linkedin-url', '-'],
      env,
      `${JSON.stringify(inferred)}\n`,
    );
    expect(imported.code).toBe(0);
    expect((await runHq(['explain', 'cli.example.com'], env)).stdout).toContain(
      'cites https://news.example/acme (Acme on LinkedIn)',
    );
    const unknown = await runHq(['explain', 'never-seen.example.com'], env);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('never-seen.example.com') });
    const noKey = await runHq(['explain', 'no key at all'], env);
    expect(noKey.code).toBe(2);

    const [before] = await sql`select etl.fingerprint(with_lineage => true) as print`;
    for (const args of [['rebuild'], ['replay', 'cli.example.com']]) {
      const rebuilt = await runHq([...args, '--json'], env);
      expect(rebuilt.code).toBe(0);
      expect(JSON.parse(rebuilt.stdout).records).toBeGreaterThan(0);
      expect(await sql`select etl.fingerprint(with_lineage => true) as print`).toEqual([before]);
    }
  });

  test('processes what is pending, lists what fails, and retries it after a fix', async ({ ownDatabase }) => {
    const sql = ownDatabase.connect(2);
    const env = { DATABASE_URL: ownDatabase.url };
    const body = await companyBody(sql, 'failing.example.com');
    await sql`select etl.run('companyenrich', ${sql.json(body as never)}::jsonb, '{"async": true}')`;
    await sql`
      alter table extracted.companyenrich_company
        add constraint broken_on_purpose check (domain <> 'failing.example.com') not valid`;

    const processed = await runHq(['process', '--json'], env);
    expect(processed.code).toBe(1);
    expect(JSON.parse(processed.stdout)).toEqual({ processed: 0, failed: 1 });

    const listed = await runHq(['failures', '--json'], env);
    expect(listed.code).toBe(1);
    const { total, failures } = JSON.parse(listed.stdout);
    expect(total).toBe(1);
    expect(failures[0]).toMatchObject({
      workflow_slug: 'companyenrich',
      entity_key: 'failing.example.com',
      sqlstate: '23514',
    });
    const shown = await runHq(['failures', 'show', failures[0].payload_id], env);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('broken_on_purpose') });

    await sql`alter table extracted.companyenrich_company drop constraint broken_on_purpose`;
    const retried = await runHq(['failures', 'retry', '--json'], env);
    expect(retried.code).toBe(0);
    expect(JSON.parse(retried.stdout)).toEqual({ retried: 1, processed: 1, failed: 0 });
    expect(await runHq(['failures'], env)).toMatchObject({ code: 0, stdout: 'No failures.\n' });
    expect(await sql`select from core.companies where domain = 'failing.example.com'`).toHaveLength(1);
  });
});
