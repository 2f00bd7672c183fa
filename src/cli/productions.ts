import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

import { ExitError, errorCode, errorMessage, exitCodes } from '../errors.ts';
import { isUuid } from '../uuid.ts';
import { line, outline, table } from './output.ts';
import type { Context } from './program.ts';

type Listed = {
  id: string;
  workflow_slug: string;
  entity_key: string | null;
  state: string;
  attempts: number;
  code: string | null;
  detail: string | null;
};

/** `hq productions`: calls to models and other outside services, newest first; those that failed unless told otherwise. */
export async function listProductions(
  { database, output }: Context,
  { workflow, state, limit }: { workflow?: string; state: string; limit: number },
): Promise<number> {
  const { sql } = database;
  const wanted = sql`state = ${state} and workflow_slug = coalesce(${workflow ?? null}::text, workflow_slug)`;
  const productions = await sql<Listed[]>`
    select id, workflow_slug, entity_key, state, attempts, error ->> 'code' as code, error ->> 'detail' as detail
      from etl.productions
     where ${wanted}
     order by id desc
     limit ${limit}`;
  const [count] = await sql<
    { total: number }[]
  >`select count(*)::int as total from etl.productions where ${wanted}`;
  const total = count?.total ?? 0;
  output.result({ total, productions: [...productions] }, () => {
    if (total === 0) return line(`None ${state}.`);
    line(
      table(productions, ['id', 'workflow_slug', 'entity_key', 'state', 'attempts', 'code', 'detail'], 60),
    );
    line(
      `${productions.length} of ${total}.${state === 'failed' ? ' After a fix: hq productions retry' : ''}`,
    );
  });
  return state === 'failed' && total > 0 ? exitCodes.data : exitCodes.ok;
}

/** `hq productions show`: everything about one, the answer or the failure with its evidence included. */
export async function showProduction({ database, output }: Context, id: string): Promise<number> {
  requireUuid(id);
  const [row] = await database.sql<{ production: Record<string, unknown> | null }[]>`
    select etl.production(${id}::uuid) || jsonb_build_object(
             'body', production.body, 'error', production.error,
             'calls', (select jsonb_agg(to_jsonb(call) order by call.id) from etl.provider_calls as call where call.production_id = production.id)
           ) as production
      from etl.productions as production
     where production.id = ${id}`;
  if (!row?.production) throw new ExitError(`There is no production ${id}.`, exitCodes.data);
  const { production } = row;
  output.result(production, () => line(outline(production)));
  return exitCodes.ok;
}

/** `hq productions retry`: puts failed ones back in line; a worker does them. */
export async function retryProductions(
  { database, output }: Context,
  ids: string[],
  options: { workflow?: string },
): Promise<number> {
  for (const id of ids) requireUuid(id);
  const [row] = await database.sql<{ retried: number }[]>`
    select etl.retry_productions(
      production_ids => ${ids.length > 0 ? ids : null}::uuid[], workflow_slug => ${options.workflow ?? null}) as retried`;
  const retried = row?.retried ?? 0;
  output.result({ retried }, () => line(`${retried} put back in line; a worker does them.`));
  return exitCodes.ok;
}

/** `hq productions start`: one production per line of a file (a domain, or a body in JSON), as a job that workers do. */
export async function startProductions(
  { database, output }: Context,
  workflow: string,
  file: string,
  options: { name?: string },
): Promise<number> {
  const bodies = await bodiesOf(file);
  const [row] = await database.sql<{ job: { id: string; total: number; errors: number } }[]>`
    select api.start_job(jsonb_build_object(
      'workflow_slug', ${workflow}::text, 'name', ${options.name ?? null}::text, 'bodies', ${JSON.stringify(bodies)}::text::jsonb)) as job`.catch(
    (error: unknown) => {
      if (/^(BADRQ|UNKWF|INAWF)$/.test(errorCode(error) ?? ''))
        throw new ExitError(errorMessage(error), exitCodes.data);
      throw error;
    },
  );
  if (!row) throw new Error('The job was not started.');
  const { job } = row;
  output.result(job, () =>
    line(
      `Job ${job.id}: ${job.total} to do${job.errors > 0 ? `, ${job.errors} of them refused` : ''}. GET /jobs/${job.id} shows how far it is.`,
    ),
  );
  return job.errors > 0 ? exitCodes.data : exitCodes.ok;
}

async function bodiesOf(file: string): Promise<unknown[]> {
  const bodies: unknown[] = [];
  const input = file === '-' ? process.stdin : createReadStream(file);
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      const trimmed = text.trim();
      if (trimmed !== '') bodies.push(trimmed.startsWith('{') ? JSON.parse(trimmed) : { domain: trimmed });
    }
  } catch (error) {
    throw new ExitError(
      `Line ${bodies.length + 1} of ${file} cannot be read: ${errorMessage(error)}`,
      exitCodes.usage,
    );
  }
  return bodies;
}

function requireUuid(id: string): void {
  if (!isUuid(id)) {
    throw new ExitError(`"${id}" is no id: ids are listed by "hq productions".`, exitCodes.usage);
  }
}
