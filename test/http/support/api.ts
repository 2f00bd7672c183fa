import { type AllowList, createOutbound, type Outbound } from '../../../src/clients/outbound.ts';
import type { Producer } from '../../../src/produce/producer.ts';
import { testProducer } from '../../support/producer.ts';
import { createApp } from '../../../src/http/app.ts';
import { type HttpServer, startHttp } from '../../../src/http/server.ts';
import { type HttpConfig, httpSettings } from '../../../src/http/settings.ts';
import { createLog } from '../../../src/log.ts';
import type { Sql } from '../../../src/database/connect.ts';
import { test as base } from '../../support/database.ts';
import { Contract, type OpenapiDocument } from './contract.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- an answer is asserted on, part by part
export type Json = any;

/** An answer with its body read: JSON where it is JSON. */
export type Answer = { status: number; headers: Headers; body: Json; text: string };

export type Call = (path: string, init?: RequestInit & { json?: unknown }) => Promise<Answer>;

export type Keys = { admin: string; ingest: string; read: string };

export const silent = createLog({ level: process.env.HQ_TEST_LOG ?? 'silent', pretty: false });

export const companyPath = '/run/companies/companyenrich/ingest';
export const personPath = '/run/people/clay-native/person-profile/ingest';
export const lookupPath = '/run/people/db/person-job-title/lookup';

/** A CompanyEnrich body for a domain. */
export function company(domain: string, payload: Record<string, unknown> = {}) {
  return { domain, raw_payload: { name: `Name of ${domain}`, ...payload } };
}

/** Makes one key of each scope and gives the keys themselves. */
export async function makeKeys(sql: Sql): Promise<Keys> {
  const made = await sql<{ scope: keyof Keys; key: string }[]>`
    select scope, api.create_key('test ' || scope, array[scope]) ->> 'key' as key
      from unnest(array['admin', 'ingest', 'read']) as scope`;
  return Object.fromEntries(made.map(({ scope, key }) => [scope, key])) as Keys;
}

type FetchLike = (path: string, init: RequestInit) => Response | Promise<Response>;

function contractOf(fetchLike: FetchLike): Contract {
  return new Contract(async () => {
    const response = await fetchLike('/openapi.json', { method: 'GET' });
    return response.status === 200 ? ((await response.json()) as OpenapiDocument) : undefined;
  });
}

/**
 * Calls `fetchLike` with a key, unless the call gives its own Authorization, and reads the answer, which must be one that the
 * OpenAPI document of the same server promises.
 */
export function caller(key: string, fetchLike: FetchLike, contract = contractOf(fetchLike)): Call {
  return async (path, { json, headers, ...init } = {}) => {
    const sent = new Headers(headers);
    if (!sent.has('authorization') && !sent.has('x-api-key')) sent.set('authorization', `Bearer ${key}`);
    if (json !== undefined && !sent.has('content-type')) sent.set('content-type', 'application/json');
    const method = init.method ?? (json === undefined && init.body === undefined ? 'GET' : 'POST');
    const response = await fetchLike(path, {
      ...init,
      method,
      headers: sent,
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const text = await response.text();
    const isJson = /json$/.test(response.headers.get('content-type')?.split(';')[0] ?? '') && text !== '';
    const isLines = response.headers.get('content-type') === 'application/x-ndjson';
    const body: unknown = isLines
      ? text
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as unknown)
      : isJson
        ? JSON.parse(text)
        : text;
    const answer = { status: response.status, headers: response.headers, body, text };
    await contract.check(method, path, answer);
    return answer;
  };
}

/** `contract`: for answers that a test reads by itself, such as a stream that does not end. */
export type Server = HttpServer & { call: Call; contract: Contract };

type Fixtures = {
  keys: Keys;
  /** the app without a port, on the file's database, called with the admin key */
  call: Call;
  /** starts a real server on the file's database; closed after the test */
  serve: (config?: Partial<HttpConfig>, producer?: Producer, outboundAllow?: AllowList) => Promise<Server>;
};

/** vitest's `test` with the API on a database of the file's own. */
export const test = base.extend<Fixtures>({
  keys: [async ({ pool }, use) => use(await makeKeys(pool)), { scope: 'file' }],
  call: [
    async ({ pool, keys }, use) => {
      const settings = httpSettings({ host: '127.0.0.1', port: 0, maxRequestBytes: 1024 * 1024 });
      const outbound = createOutbound({ allow: [] });
      const app = await createApp({
        settings,
        sql: pool,
        log: silent,
        producer: testProducer(pool),
        outbound,
      });
      await use(caller(keys.admin, (path, init) => app.hono.request(path, init)));
      await app.close(1);
      await outbound.close();
    },
    { scope: 'file' },
  ],
  serve: async ({ pool, keys }, use) => {
    const servers: HttpServer[] = [];
    const clients: Outbound[] = [];
    await use(async (config = {}, producer, outboundAllow = []) => {
      const outbound = createOutbound({ allow: outboundAllow });
      clients.push(outbound);
      const http = await startHttp({
        config: { host: '127.0.0.1', port: 0, closeTimeoutMs: 2_000, ...config },
        sql: pool,
        log: silent,
        producer: producer ?? testProducer(pool),
        outbound,
      });
      servers.push(http);
      const fetchLike: FetchLike = (path, init) => fetch(http.url + path, init);
      const contract = contractOf(fetchLike);
      return { ...http, call: caller(keys.admin, fetchLike, contract), contract };
    });
    await Promise.all(servers.map((http) => http.close()));
    await Promise.all(clients.map((outbound) => outbound.close()));
  },
});
