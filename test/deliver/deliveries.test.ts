import { describe, expect } from 'vitest';

import { parseAllowList } from '../../src/clients/outbound.ts';
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
    await use(await serve({}, undefined, fast.outboundAllow));
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

  test('tries again after 429, 5xx, silence and a cut connection: in order, under the same key, and not before Retry-After', async ({
    api,
    receive,
    deliver,
  }) => {
    const asked: string[] = [];
    const receiver = await receive(({ body }, _nth, response, request) => {
      const name = String(body.Name);
      const isFirst = !asked.includes(name);
      asked.push(name);
      if (!isFirst) response.end();
      else if (name === 'Name 1') response.writeHead(429, { 'retry-after': '2' }).end('slow down');
      else if (name === 'Name 2') response.writeHead(503).end();
      else if (name === 'Name 3') request.socket.destroy();
      else if (name !== 'Name 4') response.end(); // the fourth is never answered
    });
    const { body } = await api.call(path, { body: form(receiver.url, csv(6)) });
    deliver({ deliveryTimeoutMs: 500 });
    await until('it is done', async () => (await api.call(body.status_url)).body.state === 'done');

    expect(asked.map((name) => Number(name.slice(5)))).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4, 5]);
    const keys = receiver.arrivals.map(({ key }) => Number(key.slice(body.delivery_id.length + 1)));
    expect(keys).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4, 5]);
    const [, refused, again] = receiver.arrivals;
    expect((again?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThan(1_950);
    expect((await api.call(body.status_url)).body).toMatchObject({ sent: 6, failed: 0, failures: [] });
  });

  test('gives a row up that is refused, keeps the answer, and sends it once more when told to', async ({
    api,
    receive,
    deliver,
  }) => {
    let isFixed = false;
    const receiver = await receive(({ body }, _nth, response) => {
      if (body.Name === 'Name 1' && !isFixed)
        response.writeHead(400).end(`no such column ${'.'.repeat(9_000)}`);
      else response.end();
    });
    const { body } = await api.call(path, { body: form(receiver.url, csv(3)) });
    deliver();
    await until('it is done', async () => (await api.call(body.status_url)).body.state === 'done');
    const done = (await api.call(body.status_url)).body;
    expect(done).toMatchObject({
      sent: 2,
      failed: 1,
      failures: [
        {
          position: 1,
          state: 'failed',
          attempts: 1,
          status: 400,
          problem: 'The receiver answered 400 Bad Request.',
          answer: expect.stringMatching(/^no such column \.+$/),
        },
      ],
    });
    expect(done.failures[0].answer).toHaveLength(2_000);

    isFixed = true;
    expect((await api.call(`${body.status_url}/retry`, { method: 'POST' })).body).toMatchObject({
      state: 'sending',
      sent: 2,
      failed: 0,
      waiting: 1,
    });
    await until('it is done again', async () => (await api.call(body.status_url)).body.state === 'done');
    expect(receiver.arrivals.map(({ key }) => key.at(-1))).toEqual(['0', '1', '2', '1']);
    expect((await api.call(body.status_url)).body).toMatchObject({ sent: 3, failed: 0 });
  });

  test('pauses by itself when the receiver is away, rather than give up all rows', async ({
    api,
    pool,
    deliver,
  }) => {
    const { body } = await api.call(path, { body: form('http://127.0.0.1:1/gone', csv(50)) });
    // The waits before each further attempt are what this test does not want to wait for.
    await pool`update etl.delivery_rows set attempts = 7 where delivery_id = ${body.delivery_id}`;
    deliver();
    await until('it is paused', async () => (await api.call(body.status_url)).body.state === 'paused');
    expect((await api.call(body.status_url)).body).toMatchObject({
      sent: 0,
      failed: 3,
      waiting: 47,
      problem: expect.stringMatching(/^Paused after three rows .* cannot be reached/),
    });
  });

  test('is judged again at each connection: one made before the destination became private is not sent', async ({
    api,
    receive,
    deliver,
  }) => {
    const receiver = await receive();
    const { body } = await api.call(path, { body: form(receiver.url, csv(5)) });
    // An allowed range elsewhere lets any port through to where the address is judged.
    deliver({ outboundAllow: parseAllowList('203.0.113.0/24') });
    await until('it is paused', async () => (await api.call(body.status_url)).body.state === 'paused');
    expect((await api.call(body.status_url)).body.failures[0].problem).toMatch(/not a public address/);
    expect(receiver.arrivals).toEqual([]);
  });

  test('can be paused, resumed and cancelled, each as often as one likes, but not resumed once it has ended', async ({
    api,
    receive,
    deliver,
  }) => {
    const receiver = await receive();
    const { body } = await api.call(path, { body: form(receiver.url, csv(40)) });
    const act = (action: string) => api.call(`${body.status_url}/${action}`, { method: 'POST' });
    deliver({ deliveryRate: 20 });
    await until('some have come', async () => receiver.arrivals.length >= 3);
    expect((await act('pause')).body.state).toBe('paused');
    expect((await act('pause')).body.state).toBe('paused');
    // What was in flight is still counted.
    await until('nothing is in flight', async () => {
      return (await api.call(body.status_url)).body.sent === receiver.arrivals.length;
    });
    expect((await api.call(body.status_url)).body).toMatchObject({ rate: null, seconds_left: null });
    const paused = receiver.arrivals.length;
    expect((await act('resume')).body.state).toBe('sending');
    await until('it goes on', async () => receiver.arrivals.length > paused + 2);
    expect((await act('cancel')).body).toMatchObject({ state: 'cancelled', seconds_left: null });
    expect((await act('cancel')).status).toBe(200);
    expect(await act('resume')).toMatchObject({
      status: 409,
      body: { type: '/problems/conflict', code: 'DLVST' },
    });
    const keys = receiver.arrivals.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeLessThan(40);
    expect(
      await api.call(`/deliveries/${body.delivery_id.replace(/^./, 'f')}/pause`, { method: 'POST' }),
    ).toMatchObject({
      status: 404,
    });
  });

  test('goes on with another worker at once when its own is stopped, and repeats nothing', async ({
    api,
    receive,
    deliver,
  }) => {
    const receiver = await receive((_arrival, _nth, response) => void setTimeout(() => response.end(), 20));
    const { body } = await api.call(path, { body: form(receiver.url, csv(30)) });
    for (const some of [5, 15]) {
      const deliverer = deliver({ deliveryLeaseMs: 600_000 });
      await until(`${some} have come`, async () => receiver.arrivals.length >= some);
      await deliverer.stop();
    }
    deliver();
    await until('it is done', async () => (await api.call(body.status_url)).body.state === 'done');
    expect(receiver.arrivals.map(({ body: row }) => row._row_index)).toEqual(
      Array.from({ length: 30 }, (_, i) => i),
    );
  });

  test('tells counts, rate and time left while it goes on', async ({ api, receive, deliver }) => {
    const receiver = await receive();
    const { body } = await api.call(path, { body: form(receiver.url, csv(60)) });
    deliver({ deliveryRate: 20 });
    await until('some have come', async () => receiver.arrivals.length >= 20);
    const { body: progress } = await api.call(body.status_url);
    expect(progress).toMatchObject({ state: 'sending', total: 60, failed: 0, waiting: 60 - progress.sent });
    expect(receiver.arrivals.length - progress.sent).toBeLessThanOrEqual(2);
    expect(progress.rate).toBeGreaterThan(10);
    expect(progress.rate).toBeLessThan(25);
    expect(progress.seconds_left).toBe(Math.ceil(progress.waiting / progress.rate));
    const { body: listed } = await api.call('/deliveries?state=sending&limit=1');
    expect(listed).toEqual([expect.objectContaining({ id: body.delivery_id })]);
    expect(JSON.stringify(listed)).not.toContain('secret');
    await api.call(`${body.status_url}/cancel`, { method: 'POST' });
  });
});

describe('what is refused leaves nothing behind:', () => {
  const good = 'http://127.0.0.1:1/';
  test.for([
    ['no webhook_url', {}, 'A\n1', '/webhook_url'],
    ['an empty webhook_url', { webhook_url: '' }, 'A\n1', '/webhook_url'],
    ['a private destination', { webhook_url: 'http://10.0.0.1/' }, 'A\n1', '/webhook_url'],
    ['a metadata address in decimal', { webhook_url: 'http://2852039166/' }, 'A\n1', '/webhook_url'],
    ['another scheme', { webhook_url: 'ftp://127.0.0.1/' }, 'A\n1', '/webhook_url'],
    ['a password', { webhook_url: 'http://u:p@127.0.0.1/' }, 'A\n1', '/webhook_url'],
    ['no file', { webhook_url: good }, null, '/file'],
    ['an empty file', { webhook_url: good }, '', '/file'],
    ['a header alone', { webhook_url: good }, 'A,B\n', '/file'],
    ['a broken file, at its end', { webhook_url: good }, `${csv(3_000)}"open`, '/file'],
    ['a surplus value', { webhook_url: good }, `${csv(3_000)}1,2,3\n`, '/file'],
  ] as const)('%s', async ([, fields, file, pointer], { api, pool }) => {
    const body = new FormData();
    // The file first: a form may have its fields in any order.
    if (file !== null) body.set('file', new Blob([file]), 'export.csv');
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    const before = await pool`select count(*) from etl.delivery_rows`;
    const answer = await api.call(path, { body });
    expect(answer).toMatchObject({ status: 422, body: { success: false, errors: [{ pointer }] } });
    expect(await pool`select count(*) from etl.delivery_rows`).toEqual(before);
    expect(await pool`select from etl.deliveries where state = 'receiving'`).toEqual([]);
  });

  test('an upload that is cut off', async ({ api, pool, serve }) => {
    const { url } = await serve({}, undefined, fast.outboundAllow);
    const aborting = new AbortController();
    const key = (await pool`select api.create_key('cut', '{ingest}') ->> 'key' as key`)[0]?.key as string;
    async function* body() {
      yield Buffer.from(
        `--x\r\nContent-Disposition: form-data; name="webhook_url"\r\n\r\n${good}\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${csv(5_000)}`,
      );
      aborting.abort();
      await new Promise(() => undefined);
    }
    await expect(
      fetch(url + path, {
        method: 'POST',
        headers: { 'x-api-key': key, 'content-type': 'multipart/form-data; boundary=x' },
        body: ReadableStream.from(body()),
        duplex: 'half',
        signal: aborting.signal,
      } as RequestInit),
    ).rejects.toThrow();
    await until('the transaction is over', async () => {
      const open =
        await pool`select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
      return open.length === 0;
    });
    expect(await pool`select from etl.deliveries where total = 5000`).toEqual([]);
    expect((await api.call('/health')).status).toBe(200);
  });

  test('a file for a workflow that takes none, and a form that is none', async ({ api }) => {
    expect((await api.call('/run/case-study-urls/to-clay', { body: form(good, 'A\n1') })).status).toBe(415);
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    expect((await api.call(path, { method: 'POST', headers, body: 'no form' })).status).toBe(400);
    expect(
      (
        await api.call(path, {
          method: 'POST',
          headers: { 'content-type': 'multipart/form-data' },
          body: 'x',
        })
      ).status,
    ).toBe(400);
  });
});

describe('a delivery declared by a query', () => {
  const customers = (names: (string | null)[]) =>
    names.map((companyName, i) => ({ companyName, url: `https://acme.example/stories/${i}` }));

  test('sends case-study URLs, marks each as sent with its answer, and none of them twice', async ({
    api,
    pool,
    receive,
    deliver,
  }) => {
    const receiver = await receive(({ body }, _nth, response) =>
      response.writeHead(body.customer_company_name === 'Initech' ? 422 : 200).end(),
    );
    const structured = await api.call('/run/companies/claygent/customers-of-3/ingest', {
      json: {
        origin_company_domain: 'acme.example',
        origin_company_name: 'Acme',
        customers: customers(['Globex', 'Initech', 'Hooli']),
      },
    });
    expect(structured.status).toBe(200);
    // Without a name of the company the row lacks what its reader needs.
    await api.call('/run/companies/claygent/customers-of-3/ingest', {
      json: { origin_company_domain: 'nameless.example', customers: customers(['Globex']) },
    });

    const send = () => api.call('/run/case-study-urls/to-clay', { json: { webhook_url: receiver.url } });
    const first = await send();
    expect(first).toMatchObject({ status: 200, body: { success: true, total_rows: 4, sent: 0, skipped: 1 } });
    // What waits in the first is left out of the second.
    expect((await send()).body).toMatchObject({ total_rows: 1, skipped: 1 });
    deliver();
    await until('it is done', async () => (await api.call(first.body.status_url)).body.state === 'done');

    expect(receiver.arrivals.map(({ body }) => body)).toEqual([
      {
        origin_company_name: 'Acme',
        origin_company_domain: 'acme.example',
        customer_company_name: 'Globex',
        case_study_url: 'https://acme.example/stories/0',
      },
      {
        origin_company_name: 'Acme',
        origin_company_domain: 'acme.example',
        customer_company_name: 'Initech',
        case_study_url: 'https://acme.example/stories/1',
      },
      {
        origin_company_name: 'Acme',
        origin_company_domain: 'acme.example',
        customer_company_name: 'Hooli',
        case_study_url: 'https://acme.example/stories/2',
      },
    ]);
    expect(
      await pool`select customer_company_name as name, sent_to_clay as sent from raw.staging_case_study_urls where origin_company_name is not null order by case_study_url`,
    ).toEqual([
      { name: 'Globex', sent: true },
      { name: 'Initech', sent: false },
      { name: 'Hooli', sent: true },
    ]);
    const { failures } = (await api.call(first.body.status_url)).body;
    expect(failures.map(({ state, problem }: Json) => [state, problem])).toEqual([
      ['failed', 'The receiver answered 422 Unprocessable Entity.'],
      ['skipped', 'lacks origin_company_name'],
    ]);
    // The next call takes up what is still unsent; a retry of the first would now send it twice, and leaves it.
    expect((await send()).body).toMatchObject({ total_rows: 2, skipped: 1 });
    expect((await api.call(`${first.body.status_url}/retry`, { method: 'POST' })).body).toMatchObject({
      state: 'done',
      failed: 1,
    });
  });

  test('has nothing to send, and says so', async ({ api }) => {
    const { body } = await api.call('/run/case-study-urls/to-clay', {
      json: { webhook_url: 'http://127.0.0.1:1/', batch_id: 'no such batch' },
    });
    expect(body).toMatchObject({
      success: true,
      total_rows: 0,
      sent: 0,
      message: 'There is nothing to send.',
    });
    expect((await api.call(body.status_url)).body).toMatchObject({ state: 'done', total: 0 });
  });

  test('refuses a private destination in every form of body', async ({ api }) => {
    const to = '/run/case-study-urls/to-clay';
    const json = { webhook_url: 'http://169.254.169.254/' };
    const refusal = {
      status: 422,
      errors: [{ pointer: '/webhook_url', detail: expect.stringContaining('not a public address') }],
    };
    expect((await api.call(to, { json })).body).toMatchObject(refusal);
    expect((await api.call(to, { json: [json] })).body).toMatchObject([refusal]);
    const headers = { 'content-type': 'application/x-ndjson' };
    expect((await api.call(to, { body: `${JSON.stringify(json)}\n`, headers })).body).toMatchObject([
      refusal,
    ]);
    expect((await api.call(`${to}?dry_run=true`, { json })).body).toMatchObject(refusal);
  });

  test('sends customers without a domain, and leads', async ({ api, receive, deliver }) => {
    const receiver = await receive();
    await api.call('/run/companies/claygent/customers-of-3/ingest', {
      json: { origin_company_domain: 'hooli.example', customers: customers(['Nobody Knows']) },
    });
    await api.call('/run/client/leads/ingest', {
      json: {
        client_domain: 'client.example',
        full_name: 'Ada Example',
        work_email: 'ada@acme.example',
        source: 'contact_form',
      },
    });
    await api.call('/run/target-client/leads/ingest', {
      json: {
        target_client_domain: 'target.example',
        full_name: 'Bob Example',
        work_email: 'bob@acme.example',
        source: 'contact_form',
      },
    });
    const made = await Promise.all([
      api.call('/run/companies/unresolved-customers/to-clay', {
        json: { webhook_url: receiver.url, domain: 'hooli.example' },
      }),
      api.call('/run/client/leads/to-clay', {
        json: { webhook_url: receiver.url, client_domain: 'client.example' },
      }),
      api.call('/run/target-client/leads/to-clay', {
        json: { webhook_url: receiver.url, target_client_domain: 'target.example' },
      }),
    ]);
    expect(made.map(({ status, body }) => [status, body.total_rows])).toEqual([
      [200, 1],
      [200, 1],
      [200, 1],
    ]);
    deliver();
    await until('all have come', async () => receiver.arrivals.length === 3);
    expect(receiver.arrivals.map(({ body }) => body.customer_company_name ?? body.full_name).sort()).toEqual([
      'Ada Example',
      'Bob Example',
      'Nobody Knows',
    ]);
  });
});
