import { randomUUID } from 'node:crypto';

import { Hono } from 'hono';

import type { Outbound } from '../clients/outbound.ts';
import type { Log } from '../log.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { Authenticator, type Scope } from './authenticate.ts';
import { Batcher } from './batcher.ts';
import { Calls } from './calls.ts';
import { ChangeSignal } from './changes.ts';
import { type AppContext, answerJson, answerProblem, type Env } from './context.ts';
import { crossOrigin } from './cross-origin.ts';
import { DeclaredEndpoints, endpointRoutes } from './endpoints.ts';
import { problemOf } from './faults.ts';
import type { Sql } from '../database/connect.ts';
import { Listener } from './listener.ts';
import { openapiDocument } from './openapi.ts';
import type { Producer } from '../produce/producer.ts';
import { Problem } from './problems.ts';
import { refuseUnknown } from './query.ts';
import { Reader } from './reader.ts';
import { WorkflowRegistry } from './registry.ts';
import { producerRoutes } from './producer-routes.ts';
import type { Route } from './route.ts';
import { fixedRoutes } from './routes.ts';
import { runHandler } from './run.ts';
import type { HttpSettings } from './settings.ts';
import { runAs } from './tenant.ts';

export type AppOptions = {
  settings: HttpSettings;
  /** gives address, credentials and size: the app opens as many connections of its own, and one to listen */
  sql: Sql;
  log: Log;
  /** does what producing workflows ask for outside */
  producer: Producer;
  /** judges where deliveries may go; closed by who made it */
  outbound: Outbound;
  /** adds memory, CPU and event-loop figures to /metrics */
  processMetrics?: boolean;
};

export type App = {
  /** with the routes that are declared now: ask for it with every request */
  readonly hono: Hono<Env>;
  metrics: Metrics;
  /** answers every new request with 503 from now on */
  refuseRequests(): void;
  /** waits for what is under way, at most `seconds`, then closes the connections to the database */
  close(seconds: number): Promise<void>;
};

const purgeMs = 10 * 60_000;

/** The whole API without a port: `hono.request()` or `hono.fetch` calls it. Resolves when the registry is read and listened to. */
export async function createApp({
  settings,
  sql,
  log,
  producer,
  outbound,
  processMetrics = false,
}: AppOptions): Promise<App> {
  const metrics = createMetrics(processMetrics);
  const connections = sql.options.max;
  const calls = new Calls(sql, connections);
  const reader = new Reader(sql, Math.max(1, Math.ceil(connections / 2)));
  const changes = new ChangeSignal();
  const registry = new WorkflowRegistry(sql);
  const endpoints = new DeclaredEndpoints(sql);
  const authenticator = new Authenticator(calls);
  const batcher = new Batcher({
    calls,
    metrics,
    log,
    mostCalls: Math.max(1, Math.ceil(connections / 2)),
  });
  const listener = new Listener({
    sql,
    log,
    channels: {
      hq_registry: (slug) => {
        registry.readAgain(slug).catch((error: unknown) => {
          log.error({ err: error, workflow: slug }, 'the changed workflow cannot be read');
        });
      },
      hq_endpoints: () => {
        endpoints.readAgain().catch((error: unknown) => {
          log.error({ err: error }, 'the changed endpoints cannot be read');
        });
      },
      hq_api_keys: () => authenticator.forget(),
      hq_changes: () => changes.notify(),
    },
    onConnected: async () => {
      authenticator.forget();
      await Promise.all([registry.readAll(), endpoints.readAgain()]);
    },
  });
  await listener.start();

  const state = { refusing: false };
  const parts = { calls, reader, changes, metrics, log, settings, producer, registry };
  const run = runHandler({ registry, batcher, calls, producer, metrics, settings, log, sql, outbound });
  const openapi = cachedDocument(
    () => `${registry.version} ${endpoints.version}`,
    () => openapiDocument(registry.all(), current().routes),
  );

  function serve(): { version: number; hono: Hono<Env>; routes: Route[] } {
    const { version } = endpoints;
    const routes = [
      ...endpointRoutes(endpoints.all(), parts),
      ...[...fixedRoutes({ ...parts, openapi }), ...producerRoutes(parts)].map(refusingUnknown),
    ];
    const hono = new Hono<Env>();
    hono.use(observe(metrics, log, state));
    if (settings.corsOrigins.length > 0) hono.use(crossOrigin(settings.corsOrigins));
    hono.onError((error, c) => {
      const problem = problemOf(error);
      if (problem.kind === 'internal')
        log.error({ err: error, request: c.get('requestId') }, 'unexpected fault');
      return answerProblem(c, problem);
    });
    // Answered and not thrown: what is thrown here leaves out the ends of all middleware, the metrics among them.
    hono.notFound((c) => {
      const said = `There is no "${c.req.path}". The routes are listed at /openapi.json and /docs.`;
      return answerProblem(c, new Problem('not-found', said));
    });
    for (const route of routes) {
      const handler = guarded(route.path, route.scopes, authenticator, route.handler);
      hono.on(route.method.toUpperCase(), route.path, handler);
    }
    for (const path of new Set(routes.map((route) => route.path))) {
      hono.all(path, refuseMethod(routes.filter((route) => route.path === path)));
    }
    const runs = guarded('/run/*', ['ingest'], authenticator, run);
    hono.all('/run/*', runs);
    // Older paths of a workflow may be elsewhere (etl.also_at).
    hono.all('/api/*', (c, next) => (registry.find(c.req.path) === undefined ? next() : runs(c)));
    return { version, hono, routes };
  }

  // Hono takes no route back, so a changed declaration makes all routes anew; requests under way end on those they began with.
  let served = serve();
  function current() {
    if (served.version !== endpoints.version) served = serve();
    return served;
  }

  const purging = setInterval(() => {
    calls.purgeIdempotencyKeys().catch((error: unknown) => {
      log.warn({ err: error }, 'expired idempotency keys cannot be purged');
    });
  }, purgeMs).unref();

  return {
    get hono() {
      return current().hono;
    },
    metrics,
    refuseRequests() {
      state.refusing = true;
      changes.stop();
    },
    async close(seconds) {
      clearInterval(purging);
      await Promise.race([batcher.drained(), after(seconds)]);
      await listener.stop();
      await Promise.all([calls.close(seconds), reader.close(seconds)]);
    },
  };
}

const requestIdPattern = /^[\x21-\x7e]{1,128}$/;

function observe(metrics: Metrics, log: Log, state: { refusing: boolean }) {
  return async function observeRequest(
    c: AppContext,
    next: () => Promise<void>,
  ): Promise<Response | undefined> {
    const startedAt = performance.now();
    const sent = c.req.header('x-request-id');
    c.set('requestId', sent !== undefined && requestIdPattern.test(sent) ? sent : randomUUID());
    c.set('route', 'unknown');
    if (state.refusing) {
      const headers = { Connection: 'close', 'Retry-After': '5' };
      return answerProblem(c, new Problem('unavailable', 'The server is stopping.', {}, headers));
    }
    await next();
    const seconds = (performance.now() - startedAt) / 1000;
    const { method } = c.req;
    const route = c.get('route');
    const { status } = c.res;
    metrics.requestSeconds.observe({ method, route, status }, seconds);
    log.debug(
      { request: c.get('requestId'), method, route, status, ms: Math.round(seconds * 1000) },
      'request',
    );
    return undefined;
  };
}

function guarded(
  route: string,
  scopes: readonly Scope[],
  authenticator: Authenticator,
  handler: Route['handler'],
): (c: AppContext) => Promise<Response> {
  return async function guard(c) {
    c.set('route', route);
    if (scopes.length === 0) return handler(c);
    const principal = await authenticator.authenticate(c, scopes);
    c.set('principal', principal);
    return runAs(principal, () => handler(c));
  };
}

/** A route without a body, behind a check of the parameters that it declares; those of tables are their columns. */
function refusingUnknown(route: Route): Route {
  const { method, parameters = [], scopes, handler } = route;
  const known = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  if (method === 'post' || scopes.length === 0 || known.includes('filters')) return route;
  return {
    ...route,
    handler: function checkParameters(c) {
      refuseUnknown(c, known);
      return handler(c);
    },
  };
}

function refuseMethod(routes: Route[]): (c: AppContext) => never {
  const methods = routes.map((route) => route.method.toUpperCase());
  if (methods.includes('GET')) methods.push('HEAD');
  const allow = methods.sort().join(', ');
  return function refuse(c) {
    c.set('route', routes[0]?.path ?? 'unknown');
    throw new Problem(
      'method-not-allowed',
      `"${c.req.path}" takes ${allow}, not ${c.req.method}.`,
      {},
      { Allow: allow },
    );
  };
}

/** Answers with the OpenAPI document, made again when what it is made from has another version. */
function cachedDocument(version: () => string, make: () => unknown): (c: AppContext) => Response {
  let made = { version: '', text: '' };
  return function openapi(c) {
    const now = version();
    if (made.version !== now) made = { version: now, text: JSON.stringify(make()) };
    return answerJson(c, 200, made.text);
  };
}

function after(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000).unref();
  });
}
