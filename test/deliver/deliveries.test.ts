import { expect, describe } from 'vitest';

import { type Deliverer, startDeliverer } from '../../src/deliver/deliverer.ts';
import { type Json, silent, test as base } from '../http/support/api.ts';
import { until } from '../support/hq.ts';
import { csv, fast, mostInASecond, type Receiver, type Reply, startReceiver } from './support/receiver.ts';

type Fixtures = {
  /** starts a receiver; closed after the test */
  receive: (reply?: Reply, address?: string) => Promise<Receiver>;
  /** starts a deliverer on the file's database; stopped after the test */
  deliver: (settings?: Partial<typeof fast>) => Deliverer;
  api: Awaited<ReturnType<ApiStart>>;
};
type ApiStart = () => Promise<{
  call: (path: string, init?: RequestInit & { json?: unknown }) => Promise<{ status: number; body: Json }>;
}>;

const test = base.extend<Fixtures>({
  receive: async ({}, use) => {
    const receivers: Receiver[] = [];
    await use(async (reply, address) => {
      const receiver = await startReceiver(reply, address);
      receivers.push(receiver);
      return receiver;
    });
    for (const receiver of receivers) receiver.close();
  },
  deliver: async ({ database }, use) => {
    const deliverers: Deliverer[] = [];
    await use((settings = {}) => {
      const deliverer = startDeliverer(database.url, { ...fast, ...settings }, silent);
      deliverers.push(deliverer);
      return deliverer;
    });
    await Promise.all(deliverers.map((deliverer) => deliverer.stop()));
  },
  api: async ({ serve }, use) => {
    await use(await serve({ outboundAllow: fast.outboundAllow }));
  },
});

const path = '/run/salesnav/export/to-clay';

function form(url: string, file: string | Uint8Array, fields: Record<string, string> = {}): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries({ webhook_url: url, ...fields })) body.set(name, value);
  body.set('file', new Blob([file as string]), 'export.csv');
  return body;
}

describe('a delivery', () => {
  test('of an uploaded file arrives row by row, in order, with what the form adds and a key of its own', async ({
    api,
    receive,
    deliver,
  }) => {
    const receiver = await receive();
    const made = await api.call(path, {
      body: form(receiver.url, csv(30), { export_title: 'Buyers', export_timestamp: '2026-02-01' }),
    });
    expect(made).toMatchObject({
      status: 200,
      body: {
        success: true,
        total_rows: 30,
        sent: 0,
        skipped: 0,
        errors: [],
        delivery_id: expect.any(String),
      },
    });
    deliver();
    await until('it is done', async () => (await api.call(made.body.status_url)).body.state === 'done');

    expect(receiver.arrivals.map(({ body }) => body)).toEqual(
      Array.from({ length: 30 }, (_, i) => ({
        Name: `Name ${i}`,
        Note: `note "${i}", with a comma`,
        _export_title: 'Buyers',
        _export_timestamp: '2026-02-01',
        _notes: null,
        _row_index: i,
      })),
    );
    expect(receiver.arrivals[0]?.text).toMatch(/^\{ "Name".*"Note".*"_export_title".*"_row_index" : 0 \}$/);
    expect(receiver.arrivals.map(({ key }) => key)).toEqual(
      Array.from({ length: 30 }, (_, i) => `${made.body.delivery_id}-${i}`),
    );
    expect((await api.call(made.body.status_url)).body).toMatchObject({
      state: 'done',
      total: 30,
      sent: 30,
      failed: 0,
      waiting: 0,
      title: 'Buyers',
      destination: '127.0.0.1',
      failures: [],
    });
  });

  test('keeps to ten rows in any second, also from two workers and two deliveries to one host, while another host gets its own ten', async ({
    api,
    receive,
    deliver,
  }) => {
    const busy = await receive();
    const other = await receive(undefined, '127.0.0.2');
    const ids: string[] = [];
    for (const url of [busy.url, busy.url, other.url]) {
      ids.push((await api.call(path, { body: form(url, csv(20)) })).body.delivery_id);
    }
    const startedAt = performance.now();
    deliver({ deliveryRate: 10 });
    deliver({ deliveryRate: 10 });
    await until('all are done', async () => {
      const states = await Promise.all(ids.map((id) => api.call(`/deliveries/${id}`)));
      return states.every(({ body }) => body.state === 'done');
    });
    expect([busy.arrivals.length, other.arrivals.length]).toEqual([40, 20]);
    expect(mostInASecond(busy.arrivals)).toBeLessThanOrEqual(10);
    expect(mostInASecond(other.arrivals)).toBeLessThanOrEqual(10);
    // Ten a second is also what it gets: 40 rows would take over four seconds at less than that, and six one after the other.
    expect(performance.now() - startedAt).toBeLessThan(5_500);
  });
});
