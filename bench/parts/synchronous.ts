import type { Context } from '../context.ts';
import { ratios } from '../measure.ts';
import type { ApiReady, ApiStart } from '../processes/api.ts';
import type { CallersStart } from '../processes/callers.ts';
import { startChild } from '../processes/child.ts';
import type { Load, Rate } from '../processes/http-load.ts';
import type { Row } from '../report.ts';

const key = 'hq_bench_0123456789';
const path = '/run/companies/companyenrich/ingest';
// More than are done in a second, so that every body is of a company not stored before.
const bodiesPerSecond = 1500;

/**
 * c. POST of one payload at a time over HTTP, answered when core is updated, against etl.ingest called through the
 * same driver by as many callers. Server, HTTP client and callers are each a process of their own.
 */
export async function synchronous({ postgres, sizes, progress }: Context): Promise<Row[]> {
  const databaseUrl = await postgres.createDatabase('c');
  await using running = new AsyncDisposableStack();
  const start = async <Question, Answer, Ready>(file: string, given: unknown) => {
    const child = await startChild<Question, Answer, Ready>(file, given);
    running.defer(() => child.stop());
    return child;
  };
  const api = await start<never, never, ApiReady>('api.ts', {
    databaseUrl,
    pool: 10,
    key,
  } satisfies ApiStart);
  const client = await start<Load, Rate, unknown>('http-load.ts', {});
  const callers = await start<Load, Rate, unknown>('callers.ts', {
    databaseUrl,
    callers: sizes.callers,
  } satisfies CallersStart);

  let first = 0;
  const load = (seconds: number): Load => {
    const bodies = seconds * bodiesPerSecond;
    first += bodies;
    return {
      url: api.ready.url + path,
      headers: { authorization: `Bearer ${key}` },
      connections: sizes.callers,
      seconds,
      first,
      bodies,
      size: 'full',
    };
  };
  progress('warming up');
  await client.ask(load(2));
  await callers.ask(load(2));

  const overHttp: number[] = [];
  const direct: number[] = [];
  for (let repetition = 1; repetition <= sizes.repetitions; repetition += 1) {
    progress(`repetition ${repetition} of ${sizes.repetitions}`);
    overHttp.push((await client.ask(load(sizes.seconds))).perSecond);
    direct.push((await callers.ask(load(sizes.seconds))).perSecond);
  }
  return [
    { what: `POST, ${sizes.callers} callers`, values: overHttp, unit: 'payloads per second' },
    { what: `etl.ingest, ${sizes.callers} callers`, values: direct, unit: 'payloads per second' },
    {
      what: 'HTTP against direct calls',
      values: ratios(overHttp, direct),
      unit: 'times',
      aim: { least: 0.85 },
    },
  ];
}
