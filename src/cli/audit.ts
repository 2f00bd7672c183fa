import { exitCodes } from '../errors.ts';
import { line, table } from './output.ts';
import type { Context } from './program.ts';

type Finding = { workflow_slug: string; ok: boolean; problem: string | null };

/** `hq audit`: exit code 1 unless every workflow writes exactly what the registry says. */
export async function auditCommand({ database, output }: Context): Promise<number> {
  const findings = await database.sql<Finding[]>`select workflow_slug, ok, problem from etl.audit()`;
  const problems = findings.filter(({ ok }) => !ok);
  output.result([...findings], () => {
    if (problems.length > 0) line(table(problems, ['workflow_slug', 'problem'], 200));
    line(`${findings.length - problems.length} workflows are clean, ${problems.length} problems.`);
  });
  return problems.length === 0 ? exitCodes.ok : exitCodes.data;
}
