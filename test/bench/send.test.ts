import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { expect, test } from 'vitest';

import { send } from '../../bench/send.ts';

test.for([
  ['answers nothing', undefined, /None of \d+ requests was answered in 1 seconds/],
  ['refuses', 422, /\d+ requests were refused/],
] as const)('a load on a server that %s is no measurement', async ([, status, message]) => {
  const server = createServer((request, response) => {
    if (status !== undefined) response.writeHead(status).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const sending = { url: `http://127.0.0.1:${port}`, headers: {}, connections: 2, seconds: 1 };
    await expect(send(sending, () => ({ path: '/run/x', body: '{}' }))).rejects.toThrow(message);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
