import { exitCodes } from '../errors.ts';
import { line } from './output.ts';
import type { Context } from './program.ts';

type Step = { processed: number; failed: number; remaining: boolean };

/** `hq process`: everything pending, batch by batch; exit code 1 when a payload failed. */
export async function processCommand(
  { config, database, output }: Context,
  workflow?: string,
): Promise<number> {
  const { processed, failed } = await processPending({ config, database, output }, workflow);
  output.result({ processed, failed }, () => {
    line(`${processed} payloads processed, ${failed} failed.`);
    if (failed > 0) line('See "hq failures".');
  });
  return failed === 0 ? exitCodes.ok : exitCodes.data;
}

/** Processes until nothing is pending, or what is pending is in the hands of workers. */
export async function processPending({ config, database }: Context, workflow?: string) {
  const total = { processed: 0, failed: 0 };
  for (let remaining = true; remaining;) {
    const [row] = await database.sql<{ step: Step }[]>`
      select etl.process(workflow_slug => ${workflow ?? null}, max_payloads => ${config.batchSize}) as step`;
    const step = row?.step ?? { processed: 0, failed: 0, remaining: false };
    total.processed += step.processed;
    total.failed += step.failed;
    remaining = step.remaining && step.processed + step.failed > 0;
  }
  return total;
}
