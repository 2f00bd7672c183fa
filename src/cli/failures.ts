import { ExitError, exitCodes } from '../errors.ts';
import { isUuid } from '../uuid.ts';
import { line, outline, table } from './output.ts';
import { processPending } from './process.ts';
import type { Context } from './program.ts';

type Failure = {
  payload_id: string;
  workflow_slug: string;
  entity_key: string;
  sqlstate: string;
  message: string;
  attempts: number;
  last_failed_at: Date;
  next_attempt_at: Date | null;
};

/** `hq failures`: payloads that are stored and could not be processed, newest first. */
export async function listFailures(
  { database, output }: Context,
  { workflow, limit }: { workflow?: string; limit: number },
): Promise<number> {
  const { sql } = database;
  const ofWorkflow = workflow ? sql`where workflow_slug = ${workflow}` : sql``;
  const failures = await sql<Failure[]>`
    select payload_id, workflow_slug, entity_key, sqlstate, message, attempts, last_failed_at, next_attempt_at
      from etl.failures ${ofWorkflow}
     order by last_failed_at desc, payload_id desc
     limit ${limit}`;
  const [count] = await sql<
    { total: number }[]
  >`select count(*)::int as total from etl.failures ${ofWorkflow}`;
  const total = count?.total ?? 0;
  output.result({ total, failures: [...failures] }, () => {
    if (total === 0) {
      line('No failures.');
      return;
    }
    line(
      table(failures, ['payload_id', 'workflow_slug', 'entity_key', 'sqlstate', 'attempts', 'message'], 60),
    );
    line(`${failures.length} of ${total}. After a fix: hq failures retry`);
  });
  return total === 0 ? exitCodes.ok : exitCodes.data;
}

/** `hq failures show`: everything about one failure, its payload included. */
export async function showFailure({ database, output }: Context, payloadId: string): Promise<number> {
  requireUuid(payloadId);
  const [failure] = await database.sql`
    select failure.*, payload.request, payload.payload
      from etl.failures as failure
      join raw.payloads as payload on payload.id = failure.payload_id
     where failure.payload_id = ${payloadId}`;
  if (!failure) throw new ExitError(`Payload ${payloadId} is not among the failures.`, exitCodes.data);
  output.result(failure, () => line(outline(JSON.parse(JSON.stringify(failure)))));
  return exitCodes.ok;
}

/** `hq failures retry`: processes failures again now; exit code 1 when some fail again. */
export async function retryFailures(
  context: Context,
  payloadIds: string[],
  options: { workflow?: string },
): Promise<number> {
  for (const id of payloadIds) requireUuid(id);
  const { sql } = context.database;
  const [row] = await sql<{ retried: number }[]>`
    select etl.retry(
      payload_ids => ${payloadIds.length > 0 ? payloadIds : null}::uuid[],
      workflow_slug => ${options.workflow ?? null}) as retried`;
  const retried = row?.retried ?? 0;
  const { processed, failed } = await processPending(context, options.workflow);
  context.output.result({ retried, processed, failed }, () => {
    line(
      `${retried} payloads tried again: ${failed} failed, ${processed} processed (others that were pending included).`,
    );
  });
  return failed === 0 ? exitCodes.ok : exitCodes.data;
}

function requireUuid(id: string): void {
  if (!isUuid(id)) {
    throw new ExitError(`"${id}" is no payload id: ids are listed by "hq failures".`, exitCodes.usage);
  }
}
