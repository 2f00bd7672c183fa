import { expect } from 'vitest';

import { startDeliverer } from '../../src/deliver/deliverer.ts';
import { silent } from '../http/support/api.ts';
import { test } from '../support/database.ts';
import { startServe, until } from '../support/hq.ts';
import { frugalNode, megabyte, peakMemory } from '../support/memory.ts';
import { fast, startReceiver } from './support/receiver.ts';

const rows = Number(process.env.UPLOAD_ROWS ?? 200_000);

/** A form with a CSV of so many rows, made while it is sent. */
async function* form(url: string, count: number): AsyncGenerator<Buffer> {
  yield Buffer.from(
    `--x\r\nContent-Disposition: form-data; name="webhook_url"\r\n\r\n${url}\r\n` +
      '--x\r\nContent-Disposition: form-data; name="file"; filename="export.csv"\r\nContent-Type: text/csv\r\n\r\n' +
      'First Name,Last Name,Title,Company,Company Domain,LinkedIn,Location,About\n',
  );
  for (let first = 0; first < count; first += 1_000) {
    const lines = Array.from({ length: Math.min(1_000, count - first) }, (_, i) => {
      const number = first + i;
      return `Ada ${number},Example,"Head of Rockets, Paper",Acme ${number % 997},acme${number % 997}.example,https://www.linkedin.com/in/ada-${number},"Austin, Texas","${'Builds rockets from paper. '.repeat(5)}"\n`;
    });
    yield Buffer.from(lines.join(''));
  }
  yield Buffer.from('\r\n--x--\r\n');
}

async function upload(address: string, key: string, url: string, count: number) {
  const response = await fetch(`${address}/run/salesnav/export/to-clay`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'multipart/form-data; boundary=x' },
    body: ReadableStream.from(form(url, count)),
    duplex: 'half',
  } as RequestInit);
  return (await response.json()) as { delivery_id: string; total_rows: number };
}

test(
  `a CSV of ${rows} rows is taken in constant memory, and its progress is right throughout`,
  { timeout: 300_000 },
  async ({ ownDatabase }) => {
    const sql = ownDatabase.connect(2);
    const receiver = await startReceiver();
    const api = await startServe(['--api-only'], {
      DATABASE_URL: ownDatabase.url,
      HQ_OUTBOUND_ALLOW: '127.0.0.1',
      NODE_OPTIONS: frugalNode,
    });
    const address = api.address as string;

    // After a smaller one, so that what grows is the file's doing, and not the warming up.
    await upload(address, api.apiKey, receiver.url, 20_000);
    const before = await peakMemory(api.child.pid);
    const startedAt = performance.now();
    const made = await upload(address, api.apiKey, receiver.url, rows);
    const seconds = (performance.now() - startedAt) / 1000;
    const after = await peakMemory(api.child.pid);
    expect(made.total_rows).toBe(rows);
    await api.stop();

    const deliverer = startDeliverer(ownDatabase.url, fast, silent);
    let slowest = 0;
    const progress = async () => {
      const least = receiver.arrivals.filter(({ key }) => key.startsWith(made.delivery_id)).length;
      const asked = performance.now();
      const [row] = await sql<{ delivery: Record<string, number> & { state: string } }[]>`
        select etl.delivery(delivery_id => ${made.delivery_id}) as delivery`;
      slowest = Math.max(slowest, performance.now() - asked);
      const most = receiver.arrivals.filter(({ key }) => key.startsWith(made.delivery_id)).length;
      return { delivery: row?.delivery as NonNullable<typeof row>['delivery'], least, most };
    };
    await until(
      'a thousand have come, with right counts all the way',
      async () => {
        const { delivery, least, most } = await progress();
        expect(delivery).toMatchObject({ total: rows, failed: 0, waiting: rows - (delivery.sent ?? 0) });
        // One row is in flight: it has come, and is not counted yet.
        expect(delivery.sent).toBeGreaterThanOrEqual(least - 1);
        expect(delivery.sent).toBeLessThanOrEqual(most);
        return most >= 1_000;
      },
      60_000,
    );
    await sql`select etl.change_delivery(id, 'cancel') from etl.deliveries where state = 'sending'`;
    await deliverer.stop();
    receiver.close();

    if (before !== undefined && after !== undefined) {
      if (process.env.UPLOAD_ROWS) {
        console.info(
          `${rows} rows in ${seconds.toFixed(1)} s; peak memory ${Math.round(before / megabyte)} MB, then ${Math.round(after / megabyte)} MB; slowest question ${slowest.toFixed(0)} ms.`,
        );
      }
      expect(after - before).toBeLessThan(40 * megabyte);
    }
  },
);
