import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type DelivererSettings } from '../../../src/deliver/deliverer.ts';
import { parseAllowList } from '../../../src/clients/outbound.ts';

export type Arrival = { key: string; body: Record<string, unknown>; text: string; at: number };

export type Receiver = {
  /** the webhook, on 127.0.0.1 or the address asked for */
  url: string;
  /** everything that came, in order */
  arrivals: Arrival[];
  close(): void;
};

/** What a receiver does with the nth arrival (from 1); without one it answers 200. */
export type Reply = (
  arrival: Arrival,
  nth: number,
  response: ServerResponse,
  request: IncomingMessage,
) => void;

/** A real receiver of webhooks that remembers what came and when. */
export async function startReceiver(
  reply: Reply = (_arrival, _nth, response) => void response.end('ok'),
  address = '127.0.0.1',
): Promise<Receiver> {
  const arrivals: Arrival[] = [];
  const server = createServer((request, response) => {
    const at = performance.now();
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      const key = String(request.headers['idempotency-key']);
      const arrival = { key, text, at, body: JSON.parse(text) as Record<string, unknown> };
      arrivals.push(arrival);
      reply(arrival, arrivals.length, response, request);
    });
  }).listen(0, address);
  await once(server, 'listening');
  return {
    url: `http://${address}:${(server.address() as AddressInfo).port}/hooks/secret`,
    arrivals,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Settings of a deliverer that is not held up. */
export const fast: DelivererSettings = {
  outboundAllow: parseAllowList('127.0.0.0/8'),
  deliveryRate: 1_000,
  deliveryTimeoutMs: 2_000,
  deliveryLeaseMs: 2_000,
  sweepMs: 50,
};

/** The largest number of arrivals in any stretch of one second. */
export function mostInASecond(arrivals: Arrival[]): number {
  const times = arrivals.map(({ at }) => at).sort((a, b) => a - b);
  let most = 0;
  for (let first = 0, next = 0; next < times.length; next += 1) {
    while ((times[next] as number) - (times[first] as number) >= 1_000) first += 1;
    most = Math.max(most, next - first + 1);
  }
  return most;
}

/** A CSV of numbered rows. */
export function csv(rows: number): string {
  return `Name,Note\n${Array.from({ length: rows }, (_, i) => `Name ${i},"note ""${i}"", with a comma"\n`).join('')}`;
}
