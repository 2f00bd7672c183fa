import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { getRequestListener } from '@hono/node-server';

import type { Outbound } from '../clients/outbound.ts';
import type { Log } from '../log.ts';
import type { Producer } from '../produce/producer.ts';
import { createApp } from './app.ts';
import { problemOf } from './faults.ts';
import type { Sql } from './lanes.ts';
import { Problem } from './problems.ts';
import { type HttpConfig, httpSettings } from './settings.ts';

export type HttpOptions = {
  config: HttpConfig;
  sql: Sql;
  log: Log;
  producer: Producer;
  outbound: Outbound;
};

export type HttpServer = {
  /** where it listens, without a slash at the end */
  url: string;
  /** finishes the requests under way, refuses new ones, and gives the port back */
  close(): Promise<void>;
};

// Longer than the idle time of the usual load balancers, so that they, not this server, end an idle connection.
const keepAliveMs = 75_000;

/** Serves the API. Rejects with the system error when the port cannot be had, or with what the database says. */
export async function startHttp({ config, sql, log, producer, outbound }: HttpOptions): Promise<HttpServer> {
  const settings = httpSettings(config);
  const app = await createApp({ settings, sql, log, producer, outbound, processMetrics: true });
  const listener = getRequestListener((request, env) => app.hono.fetch(request, env), {
    errorHandler: (error) => problemResponse(unreadable(error)),
  });
  const server = createServer({ keepAliveTimeout: keepAliveMs, requestTimeout: 0 }, (request, response) => {
    void listener(request, response);
  });
  server.on('clientError', answerClientError);
  try {
    await listen(server, settings.port, settings.host);
  } catch (error) {
    await app.close(0);
    throw error;
  }
  const { address, family, port } = server.address() as AddressInfo;
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;

  return {
    url,
    async close() {
      const ended = new Promise((resolve) => server.close(resolve));
      app.refuseRequests();
      server.closeIdleConnections();
      const limit = setTimeout(() => {
        log.warn('requests were still under way when the time to stop was over');
        server.closeAllConnections();
      }, settings.closeTimeoutMs);
      const idle = setInterval(() => server.closeIdleConnections(), 100);
      await ended;
      clearTimeout(limit);
      clearInterval(idle);
      await app.close(settings.closeTimeoutMs / 1000);
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

function unreadable(error: unknown): Problem {
  if (error instanceof Error && error.name === 'RequestError') {
    return new Problem('bad-request', `The request line or the Host header is malformed: ${error.message}.`);
  }
  return problemOf(error);
}

function problemResponse(problem: Problem): Response {
  const requestId = randomUUID();
  return new Response(JSON.stringify(problem.body(requestId)), {
    status: problem.status,
    headers: { 'Content-Type': 'application/problem+json', 'X-Request-Id': requestId, ...problem.headers },
  });
}

/** What is no HTTP at all gets a problem too; the connection ends, as nothing on it can be trusted any more. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const text = JSON.stringify(
    new Problem('bad-request', 'The request is not well-formed HTTP.').body(randomUUID()),
  );
  const head = [
    'HTTP/1.1 400 Bad Request',
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(text)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
}
