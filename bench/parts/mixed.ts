import { connect } from '../../src/database/connect.ts';
import { mixedWorkflows } from '../catalogue-payloads.ts';
import type { Context } from '../context.ts';
import type { ApiReady, ApiStart } from '../processes/api.ts';
import { startChild } from '../processes/child.ts';
import type { MixedLoad } from '../processes/mixed-load.ts';
import type { Row } from '../report.ts';
import type { Sent } from '../send.ts';

const key = 'hq_bench_0123456789';

/**
 * g. Twenty workflows at a time over HTTP, synchronously: payloads of one company and one person from twenty
 * providers, eight such pairs at a time, sent by callers that do not wait for one another, so that they meet at them.
 */
export async function mixed({ postgres, sizes, progress }: Context): Promise<Row[]> {
  const databaseUrl = await postgres.createDatabase('g');
  const sql = connect(databaseUrl, { max: 1, applicationName: 'hq bench' });
  await using running = new AsyncDisposableStack();
  running.defer(() => sql.end());
  const start = async <Question, Answer, Ready>(file: string, given: unknown) => {
    const child = await startChild<Question, Answer, Ready>(file, given);
    running.defer(() => child.stop());
    return child;
  };
  const workflows = await sql<MixedLoad['workflows']>`
    select api_endpoint_url as path, example_request::text as example
      from reference.enrichment_workflow_registry
     where workflow_slug = any (${mixedWorkflows}::text[])
     order by workflow_slug`;
  if (workflows.length !== mixedWorkflows.length) throw new Error('A workflow of the mix is not registered.');
  const api = await start<never, never, ApiReady>('api.ts', {
    databaseUrl,
    pool: 10,
    key,
  } satisfies ApiStart);
  const client = await start<MixedLoad, Sent, unknown>('mixed-load.ts', {});

  let first = 0;
  const load = async (seconds: number) => {
    const sent = await client.ask({
      url: api.ready.url,
      headers: { authorization: `Bearer ${key}` },
      connections: sizes.callers,
      seconds,
      first,
      workflows: [...workflows],
    });
    first += 8 * Math.ceil(sent.sent / workflows.length / 8);
    return sent;
  };
  progress('warming up');
  await load(2);
  const measured: Sent[] = [];
  for (let repetition = 1; repetition <= sizes.repetitions; repetition += 1) {
    progress(`repetition ${repetition} of ${sizes.repetitions}`);
    measured.push(await load(sizes.seconds));
  }
  const failed =
    await sql`select workflow_slug, sqlstate, message, detail, context from etl.failures limit 20`;
  if (failed.length > 0) throw new Error(`Payloads failed: ${JSON.stringify(failed, null, 2)}`);
  const values = (of: (sent: Sent) => number) => measured.map(of);
  return [
    {
      what: `POST of ${workflows.length} workflows, ${sizes.callers} callers`,
      values: values(({ perSecond }) => perSecond),
      unit: 'payloads per second',
    },
    { what: 'time to the answer, median', values: values(({ latency }) => latency.median), unit: 'ms' },
    { what: 'time to the answer, 99 of 100', values: values(({ latency }) => latency.p99), unit: 'ms' },
  ];
}
