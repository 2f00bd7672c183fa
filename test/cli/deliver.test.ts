import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect } from 'vitest';

import { csv, type Receiver, startReceiver } from '../deliver/support/receiver.ts';
import { test as base } from '../support/database.ts';
import { runHq } from '../support/hq.ts';

type Fixtures = {
  folder: string;
  receiver: Receiver;
  hq: (args: string[], input?: string) => ReturnType<typeof runHq>;
};

const test = base.extend<Fixtures>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'hq-deliver-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  receiver: async ({}, use) => {
    const receiver = await startReceiver((arrival, _nth, response) =>
      response.writeHead(arrival.body.Name === 'Name 2' ? 400 : 200).end('no'),
    );
    await use(receiver);
    receiver.close();
  },
  hq: async ({ database }, use) => {
    const env = { DATABASE_URL: database.url, HQ_OUTBOUND_ALLOW: '127.0.0.1', HQ_DELIVERY_RATE: '1000' };
    await use((args, input) => runHq(args, env, input));
  },
});

describe('hq deliver', () => {
  test('sends a file without any server, and hq deliveries shows, lists and retries', async ({
    hq,
    folder,
    receiver,
  }) => {
    const file = join(folder, 'export.csv');
    await writeFile(file, csv(5));
    const sent = await hq(['deliver', '--file', file, '--to', receiver.url, '--notes', 'by hand', '--json']);
    const delivery = JSON.parse(sent.stdout) as { id: string };
    expect(delivery).toMatchObject({ state: 'done', total: 5, sent: 4, failed: 1, title: 'export.csv' });
    expect(sent.code).toBe(1);
    expect(receiver.arrivals.map(({ body }) => [body.Name, body._export_title, body._notes])).toEqual(
      [0, 1, 2, 3, 4].map((i) => [`Name ${i}`, 'export.csv', 'by hand']),
    );

    const shown = await hq(['deliveries', 'show', delivery.id]);
    expect(shown.stdout).toMatch(/to 127\.0\.0\.1: done\.\n4 of 5 rows sent, 1 failed, 0 skipped, 0 waiting/);
    expect(shown.stdout).toMatch(/2\s+failed\s+1\s+400\s+The receiver answered 400 Bad Request\./);
    expect((await hq(['deliveries'])).stdout).toContain(delivery.id);
    const retried = await hq(['deliveries', 'retry', delivery.id, '--json']);
    expect(JSON.parse(retried.stdout)).toMatchObject({ state: 'sending', waiting: 1 });
    expect((await hq(['deliveries', 'cancel', delivery.id])).stdout).toContain(': cancelled.');
    expect(await hq(['deliveries', 'resume', delivery.id])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The delivery is cancelled, and cannot be asked to resume.'),
    });
  });

  test('leaves the sending to a worker when told to, and reads standard input', async ({ hq, receiver }) => {
    const made = await hq(['deliver', '--file', '-', '--to', receiver.url, '--detach', '--json'], csv(3));
    expect(JSON.parse(made.stdout)).toMatchObject({ success: true, total_rows: 3, sent: 0 });
    expect(made.code).toBe(0);
    expect(receiver.arrivals).toEqual([]);
  });

  test.for([
    [
      'a destination that is not public',
      ['--file', '-', '--to', 'http://10.0.0.1/'],
      2,
      '--to cannot be delivered to: 10.0.0.1 is private',
    ],
    [
      'a destination that is no URL',
      ['--file', '-', '--to', 'hooks'],
      2,
      '--to cannot be delivered to: This is no absolute URL',
    ],
    [
      'a file that is not there',
      ['--file', 'nowhere.csv', '--to', 'http://127.0.0.1:1/'],
      2,
      'nowhere.csv cannot be read',
    ],
    ['a file without rows', ['--file', '-', '--to', 'http://127.0.0.1:1/'], 1, 'There are no data rows.'],
    ['no file', ['--to', 'http://127.0.0.1:1/'], 2, "required option '--file <file>'"],
  ] as const)('refuses %s in one sentence', async ([, args, code, sentence], { hq }) => {
    const result = await hq(['deliver', ...args], 'A,B\n');
    expect(result.stderr).toContain(sentence);
    expect(result.code).toBe(code);
  });

  test('tells that a delivery is not known', async ({ hq }) => {
    for (const id of ['nonsense', '0190a000-0000-7000-8000-000000000000']) {
      expect(await hq(['deliveries', 'show', id])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`There is no delivery "${id}"`),
      });
    }
  });
});
