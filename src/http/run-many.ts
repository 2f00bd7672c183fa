import { type Answer, itemText } from './answers.ts';
import type { RunMode } from './batcher.ts';
import { bodyLines } from './body-lines.ts';
import { answer, answerJson } from './context.ts';
import { arrayElementTexts, parseJson } from './json-text.ts';
import { Problem } from './problems.ts';
import { producingTypes, productionsAtATime } from './produce.ts';
import { bodyChunks, readBytes } from './request-body.ts';
import { type Body, bodyTooLarge, count, refusalOf, type Run, runOnce, submit } from './run-body.ts';
import { Signal } from './signal.ts';

// Bodies of one request under way at a time: enough to fill two calls, few enough to let other requests in between.
const mostUnderWay = 400;
// Answers a streaming caller has not read yet; past this the server stops taking more lines.
const mostUnreadBytes = 16 * 1024 * 1024;

/** Runs the elements of a JSON array, and answers with an array of their answers. */
export async function runArray(
  run: Run,
  values: unknown[],
  text: string,
  bytes: Uint8Array,
): Promise<Response> {
  const { c, parts, workflow, mode, key } = run;
  const bodies = await Promise.all(
    arrayElementTexts(text).map(async (element, i): Promise<Body> => {
      if (element.length > workflow.maxBodyBytes) return bodyTooLarge(workflow);
      return (await refusalOf(parts, workflow, values[i], element)) ?? element;
    }),
  );
  const items: string[] = [];
  const headers = manyHeaders(mode);
  if (key !== undefined) {
    const { answers, replayed } = await runOnce(run, key, bytes, bodies);
    if (replayed) headers['Idempotency-Replayed'] = 'true';
    for (const result of answers) items.push(itemOf(run, result));
  } else {
    for await (const result of runMany(run, bodies)) items.push(itemOf(run, result));
  }
  return answerJson(c, mode === 'async' ? 202 : 200, `[${items.join(',\n')}]`, headers);
}

/** Runs the lines of the body as they come, and answers line by line; with a key, when all of them have come. */
export async function runLines(run: Run): Promise<Response> {
  const { c, parts, mode, key } = run;
  const headers = manyHeaders(mode);
  const status = mode === 'async' ? 202 : 200;
  if (key !== undefined) {
    const bytes = await readBytes(c, parts.settings.maxRequestBytes);
    const bodies: Body[] = [];
    for await (const body of lineBodies(run, once(bytes))) bodies.push(body);
    const { answers, replayed } = await runOnce(run, key, bytes, bodies);
    if (replayed) headers['Idempotency-Replayed'] = 'true';
    const text = answers.map((result) => `${itemOf(run, result)}\n`).join('');
    return answer(c, status, text, 'application/x-ndjson', headers);
  }

  const results = runMany(run, lineBodies(run, bodyChunks(c)));
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await results.next();
          if (done) controller.close();
          else controller.enqueue(encoder.encode(`${itemOf(run, value)}\n`));
        } catch (error) {
          if (c.env?.incoming?.errored) return controller.close(); // the caller has gone: nobody reads this
          parts.log.error({ err: error, request: c.get('requestId') }, 'a stream of answers was broken off');
          controller.error(error);
        }
      },
      async cancel() {
        await results.return(undefined);
      },
    },
    // Answers are made although the caller may not read before it has sent everything: many clients do not.
    new ByteLengthQueuingStrategy({ highWaterMark: mostUnreadBytes }),
  );
  return answer(c, status, stream, 'application/x-ndjson', headers);
}

function manyHeaders(mode: RunMode): Record<string, string> {
  return mode === 'async' ? { 'Preference-Applied': 'respond-async' } : {};
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* lineBodies(run: Run, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Body> {
  for await (const line of bodyLines(chunks, run.workflow.maxBodyBytes)) {
    yield line instanceof Problem ? line : await lineBody(run, line);
  }
}

async function lineBody({ parts, workflow }: Run, line: string): Promise<Body> {
  try {
    return (await refusalOf(parts, workflow, parseJson(line), line)) ?? line;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** Answers of many bodies in their order, each as soon as it and those before it are there; a bounded number under way. */
async function* runMany(
  { parts, workflow, mode }: Run,
  bodies: Iterable<Body> | AsyncIterable<Body>,
): AsyncGenerator<Answer> {
  const most = producingTypes.has(workflow.type) && mode !== 'async' ? productionsAtATime : mostUnderWay;
  const underWay: Promise<Answer>[] = [];
  let arrival = new Signal();
  let departure = new Signal();
  let isComplete = false;
  let isStopped = false;

  async function submitAll(): Promise<void> {
    try {
      for await (const body of bodies) {
        if (isStopped) return;
        const refused = body instanceof Problem;
        underWay.push(refused ? Promise.resolve(body) : submit(parts, workflow, mode, body, true));
        arrival.happen();
        while (underWay.length >= most && !isStopped) await departure.happened;
      }
    } finally {
      isComplete = true;
      arrival.happen();
    }
  }

  const submitting = submitAll();
  submitting.catch(() => undefined); // awaited below, but it may fail long before
  try {
    for (;;) {
      const next = underWay[0];
      if (next !== undefined) {
        yield await next;
        void underWay.shift();
        departure.happen();
        departure = new Signal();
      } else if (isComplete) {
        return await submitting;
      } else {
        await arrival.happened;
        arrival = new Signal();
      }
    }
  } finally {
    isStopped = true;
    departure.happen();
  }
}

function itemOf({ c, parts, workflow }: Run, result: Answer): string {
  count(parts.metrics, workflow, result);
  return itemText(result, c.get('requestId'));
}
