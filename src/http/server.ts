import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { getRequestListener } from '@hono/node-server';

import type { Sql } from '../database/connect.ts';
import type { Outbound } from '../clients/outbound.ts';
import type { Log } from '../log.ts';
import type { Producer } from '../produce/producer.ts';
import { createApp } from './app.ts';
import { problemOf } from './faults.ts';
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

const limits = {
  // Longer than the idle time of the usual load balancers, so that they, not this server, end an idle connection.
  keepAliveTimeout: 75_000,
  headersTimeout: 60_000,
  maxHeaderSize: 16 * 1024,
  // A body may take long: lines are answered while they come. Who sends it has shown a key.
  requestTimeout: 0,
};

/** Serves the API. Rejects with the system error when the port cannot be had, or with what the database says. */
export async function startHttp({ config, sql, log, producer, outbound }: HttpOptions): Promise<HttpServer> {
  const settings = httpSettings(config);
  const app = await createApp({ settings, sql, log, producer, outbound, processMetrics: true });
  const listener = getRequestListener((request, env) => app.hono.fetch(request, env), {
    errorHandler: (error) => problemResponse(unreadable(error)),
  });
  const server = createServer(limits, (request, response) => {
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

// What Node says of a request that it could not read; what it does not say more about is a malformed one.
const clientErrors: Record<string, { line: string; detail: string }> = {
  HPE_HEADER_OVERFLOW: {
    line: '431 Request Header Fields Too Large',
    detail: 'The headers of the request are larger than 16 KiB.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    line: '408 Request Timeout',
    detail: 'The headers of the request did not come within 60 seconds.',
  },
};

/** What is no HTTP at all gets a problem too; the connection ends, as nothing on it can be trusted any more. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { line, detail } = clientErrors[error.code ?? ''] ?? {
    line: '400 Bad Request',
    detail: 'The request is not well-formed HTTP.',
  };
  const body = { ...new Problem('bad-request', detail).body(randomUUID()), status: Number(line.slice(0, 3)) };
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${line}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(text)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
}
