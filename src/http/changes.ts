import type { Log } from '../log.ts';
import type { Calls, ChangePage } from './calls.ts';
import { type AppContext, answer, unprocessable } from './context.ts';
import { listParameter, wholeNumber } from './query.ts';
import { Signal } from './signal.ts';

const mostChanges = 10_000;
const longestWaitSeconds = 60;
/** A notification wakes who waits; this is for when none comes, because no worker runs. */
const lookAgainMs = 1_000;
const heartbeatMs = 15_000;
const eventsPerRead = 500;

/** Wakes those who wait for changes. */
export class ChangeSignal {
  #signal = new Signal();
  #stopped = false;

  /** There are new changes. */
  notify(): void {
    this.#signal.happen();
    this.#signal = new Signal();
  }

  /** The server stops: nobody shall wait any more. */
  stop(): void {
    this.#stopped = true;
    this.notify();
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Resolves at the next notification, or after `ms`. */
  async wait(ms: number): Promise<void> {
    if (this.#stopped) return;
    const pause = new Signal();
    const timer = setTimeout(() => pause.happen(), ms);
    await Promise.race([this.#signal.happened, pause.happened]);
    clearTimeout(timer);
  }
}

type Parts = { calls: Calls; changes: ChangeSignal; log: Log };

/**
 * The change feed after a cursor: one page as NDJSON, which `wait` lets arrive as soon as there is one; or with
 * `Accept: text/event-stream` all changes from there on as server-sent events, for as long as the caller listens.
 */
export function changesHandler(parts: Parts): (c: AppContext) => Promise<Response> {
  return async function changes(c) {
    const format = c.req.query('format');
    if (format !== undefined && format !== 'ndjson' && format !== 'sse') {
      throw unprocessable([{ parameter: 'format', detail: `must be ndjson or sse, not "${format}"` }]);
    }
    const tables = listParameter(c, 'table') ?? null;
    const limit = wholeNumber(c, 'limit', { least: 1, most: mostChanges, fallback: 1_000 });
    const wait = wholeNumber(c, 'wait', { least: 0, most: longestWaitSeconds, fallback: 0 });
    const wantsEvents = format === 'sse' || /\btext\/event-stream\b/.test(c.req.header('accept') ?? '');
    const after = (wantsEvents ? c.req.header('last-event-id') : undefined) ?? c.req.query('after');
    if (after?.includes('\0'))
      throw unprocessable([{ parameter: 'after', detail: 'holds a null character' }]);
    const cursor = after === undefined || after === '' ? null : after;

    const read = (from: string | null, most: number) => parts.calls.changePage(from, tables, most);
    if (wantsEvents) return streamEvents(c, parts, await read(cursor, eventsPerRead), read);

    const until = Date.now() + wait * 1_000;
    let page = await read(cursor, limit);
    while (page.changes.length === 0 && Date.now() < until && !parts.changes.stopped) {
      await parts.changes.wait(Math.min(lookAgainMs, until - Date.now()));
      page = await read(page.nextCursor, limit);
    }
    return answer(c, 200, page.changes.map((change) => `${change}\n`).join(''), 'application/x-ndjson', {
      'Next-Cursor': page.nextCursor,
      'Cache-Control': 'no-store',
    });
  };
}

function streamEvents(
  c: AppContext,
  { changes, log }: Parts,
  first: ChangePage,
  read: (after: string, most: number) => Promise<ChangePage>,
): Response {
  const encoder = new TextEncoder();
  let page: ChangePage | null = first;
  let cursor = first.nextCursor;
  let isGone = false;
  let saidAt = Date.now();

  async function next(): Promise<string | null> {
    for (;;) {
      const found = page ?? (await read(cursor, eventsPerRead));
      page = null;
      const moved = found.nextCursor !== cursor || found === first;
      cursor = found.nextCursor;
      if (found.changes.length > 0) return found.changes.map(eventOf).join('') + positionEvent(cursor);
      if (changes.stopped || isGone) return null;
      if (moved) return positionEvent(cursor);
      if (Date.now() - saidAt >= heartbeatMs) return ': nothing new\n\n';
      await changes.wait(lookAgainMs);
      if (isGone) return null;
    }
  }

  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const text = await next();
          if (isGone) return;
          if (text === null) return controller.close();
          saidAt = Date.now();
          controller.enqueue(encoder.encode(text));
        } catch (error) {
          log.error({ err: error, request: c.get('requestId') }, 'a stream of changes was broken off');
          controller.error(error);
        }
      },
      cancel() {
        isGone = true;
      },
    },
    { highWaterMark: 0 },
  );
  return answer(c, 200, stream, 'text/event-stream', {
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
}

/** The cursor of a change is its own position: who reconnects with Last-Event-ID goes on behind it. */
function eventOf(change: string): string {
  const { cursor } = JSON.parse(change) as { cursor: string };
  return `id: ${cursor}\nevent: change\ndata: ${change}\n\n`;
}

/** Moves the caller's Last-Event-ID on, past changes of tables that were not asked for. */
function positionEvent(cursor: string): string {
  return `id: ${cursor}\nevent: position\ndata: {"cursor":"${cursor}"}\n\n`;
}
