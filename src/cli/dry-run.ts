import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import { ExitError, errorCode, errorMessage, exitCodes } from '../errors.ts';
import { line, outline } from './output.ts';
import type { Context } from './program.ts';

type Change = { table: string; key: unknown; before: unknown; after: unknown };
type Report = {
  changes?: Change[];
  code?: string;
  detail?: string;
  errors?: { pointer: string; detail: string }[];
};

/** `hq dry-run`: what a body would change in core; exit code 1 when it would be refused. */
export async function dryRunCommand(
  { database, output }: Context,
  workflow: string,
  file: string,
): Promise<number> {
  const body = await readBody(file);
  const [row] = await database.sql<{ outcome: { status: number; body: Report } }[]>`
    select etl.run(
      workflow_slug => ${workflow}, body => ${body}::text::jsonb, options => '{"dry_run": true}') as outcome`;
  const { status, body: report } = (row as { outcome: { status: number; body: Report } }).outcome;
  output.result(report, () => print(report));
  if (status === 404 || status === 409) return exitCodes.usage;
  return report.changes ? exitCodes.ok : exitCodes.data;
}

async function readBody(file: string): Promise<string> {
  try {
    const body = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
    JSON.parse(body);
    return body;
  } catch (error) {
    const reason =
      error instanceof SyntaxError ? `it is not JSON (${errorMessage(error)})` : errorCode(error);
    throw new ExitError(`Cannot use ${file}: ${reason}.`, exitCodes.usage, { cause: error });
  }
}

function print(report: Report): void {
  if (!report.changes) {
    line(`Refused (${report.code}): ${report.detail}`);
    for (const { pointer, detail } of report.errors ?? []) line(`  ${pointer || '/'}  ${detail}`);
    return;
  }
  line(report.changes.length === 0 ? 'Nothing would change.' : `${report.changes.length} rows would change:`);
  for (const { table, key, before, after } of report.changes) {
    line();
    line(`${before === null ? '+' : after === null ? '-' : '~'} ${table} ${JSON.stringify(key)}`);
    if (before !== null) line(outline(before, '    - '));
    if (after !== null) line(outline(after, '    + '));
  }
}
