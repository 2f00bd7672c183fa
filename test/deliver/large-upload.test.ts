import { expect } from 'vitest';

import { startDeliverer } from '../../src/deliver/deliverer.ts';
import { silent } from '../http/support/api.ts';
import { test } from '../support/database.ts';
import { startServe, until } from '../support/hq.ts';
import { frugalNode, megabyte, peakMemory } from '../support/memory.ts';
import { fast, startReceiver } from './support/receiver.ts';
import { upload } from './support/upload.ts';

const rows = Number(process.env.UPLOAD_ROWS ?? 200_000);

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
