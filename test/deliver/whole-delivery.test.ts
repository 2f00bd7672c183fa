import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'vitest';

import { test } from '../support/database.ts';
import { startServe } from '../support/hq.ts';
import { upload } from './support/upload.ts';

/** The full proof: WHOLE_DELIVERY_ROWS=200000 WHOLE_DELIVERY_RATE=1000; one row follows the other, so it takes half an hour. */
const rows = Number(process.env.WHOLE_DELIVERY_ROWS ?? 1_500);
const rate = process.env.WHOLE_DELIVERY_RATE ?? '120';
const everyMs = rows > 10_000 ? 1_000 : 200;

type Progress = {
  state: string;
  total: number;
  sent: number;
  failed: number;
  waiting: number;
  rate: number | null;
  seconds_left: number | null;
};

/** What was told, and what had come at the receiver before and after it was asked. */
type Sample = { at: number; told: Progress; before: number; after: number };

/** A receiver that counts, and keeps nothing but the times: in order of the rows, each once. */
async function startCounter() {
  const times: number[] = [];
  const outOfOrder: number[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      const { _row_index: index } = JSON.parse(text) as { _row_index: number };
      if (index !== times.length) outOfOrder.push(index);
      times.push(performance.now());
      response.end('ok');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    times,
    outOfOrder,
    close: () => server.close(),
  };
}

/** Slowest and fastest stretch of five seconds or a little more in the last minute, in rows a second: between them is a rate that is smoothed. */
function paceOf(times: number[], at: number): [number, number] {
  const until = (time: number) => {
    let [low, high] = [0, times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((times[middle] as number) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const paces: number[] = [];
  for (let end = Math.max(at - 60_000, (times[0] as number) + 5_500); end <= at; end += 100) {
    for (const length of [5_000, 5_250, 5_500]) {
      paces.push(((until(end) - until(end - length)) * 1_000) / length);
    }
  }
  return [Math.min(...paces), Math.max(...paces)];
}

test(
  `the progress of a delivery of ${rows} rows is right from its first row to its last: counts, rate and time left`,
  { timeout: 120_000 + rows * 30 },
  async ({ ownDatabase }) => {
    const receiver = await startCounter();
    const serving = await startServe([], {
      DATABASE_URL: ownDatabase.url,
      HQ_OUTBOUND_ALLOW: '127.0.0.1',
      HQ_DELIVERY_RATE: rate,
    });
    const address = serving.address as string;
    const made = await upload(address, serving.apiKey, receiver.url, rows);
    const ask = async (): Promise<Progress> => {
      const answer = await fetch(`${address}/deliveries/${made.delivery_id}`, {
        headers: { 'x-api-key': serving.apiKey },
      });
      return (await answer.json()) as Progress;
    };

    const samples: Sample[] = [];
    let slowest = 0;
    do {
      await sleep(everyMs);
      const before = receiver.times.length;
      const at = performance.now();
      const told = await ask();
      slowest = Math.max(slowest, performance.now() - at);
      samples.push({ at, told, before, after: receiver.times.length });
    } while (samples.at(-1)?.told.state !== 'done');
    await serving.stop();
    receiver.close();

    expect(receiver.times).toHaveLength(rows);
    expect(receiver.outOfOrder).toEqual([]);
    const first = receiver.times[0] as number;
    const last = receiver.times.at(-1) as number;
    const errors: number[] = [];
    for (const { at, told, before, after } of samples) {
      const where = JSON.stringify({ ...told, at, before, after });
      expect(told, where).toMatchObject({ total: rows, failed: 0, waiting: rows - told.sent });
      // One row is in flight: it has come, and is not counted yet.
      expect(told.sent, where).toBeGreaterThanOrEqual(before - 1);
      expect(told.sent, where).toBeLessThanOrEqual(after);
      if (told.state === 'done') continue;
      expect(told.seconds_left, where).toBe(told.rate ? Math.ceil(told.waiting / told.rate) : null);
      // The rate is measured over stretches of five seconds that are over.
      if (told.rate === null || at - first < 12_000) continue;
      const [least, most] = paceOf(receiver.times, at);
      expect(told.rate, where).toBeGreaterThanOrEqual(least * 0.95 - 0.1);
      expect(told.rate, where).toBeLessThanOrEqual(most * 1.05 + 0.1);
      errors.push(Math.abs((told.seconds_left as number) - (last - at) / 1_000));
    }
    if (rows >= 1_500) expect(errors.length).toBeGreaterThan(1);
    const seconds = (last - first) / 1_000;
    // How good an estimate is depends on how evenly the machine goes on: half of them are good.
    const usual = errors.sort((one, other) => one - other)[errors.length >> 1] as number;
    if (process.env.WHOLE_DELIVERY_ROWS) {
      console.info(
        `${rows} rows in ${seconds.toFixed(0)} s (${(rows / seconds).toFixed(0)} a second), asked ${samples.length} times, ` +
          `slowest answer ${slowest.toFixed(0)} ms; the time left was off by ${usual.toFixed(0)} s in the median, ${errors.at(-1)?.toFixed(0)} s at most.`,
      );
    }
    expect(usual).toBeLessThan(seconds / 2);
  },
);
