import { errorCode, errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Backlog, Calls, ProducerFigures } from './calls.ts';
import { type AppContext, answer, answerJson } from './context.ts';
import { isUnavailable } from './faults.ts';
import { apiVersion } from './openapi.ts';

const backlogMs = 10_000;

type Check = { ok: boolean; needs?: string; [fact: string]: unknown };

/** What this is, for whoever opens the address. */
export function rootHandler(): (c: AppContext) => Response {
  return function root(c) {
    return answerJson(c, 200, JSON.stringify({ name: 'hq-master-data', version: apiVersion, docs: '/docs' }));
  };
}

/** The process is up: asks nothing of the database, so that a broken database does not restart healthy processes. */
export function healthHandler(): (c: AppContext) => Response {
  return function health(c) {
    return answerJson(c, 200, '{"status":"healthy"}');
  };
}

/**
 * Whether requests can be served whole: the database answers, the migrations and the registry are in, a worker was
 * seen lately (in any process on this database). 503 names what is missing.
 */
export function readyHandler(calls: Calls, log: Log): (c: AppContext) => Promise<Response> {
  return async function ready(c) {
    const checks = await readinessChecks(calls, log);
    const isReady = Object.values(checks).every((check) => check.ok);
    const body = JSON.stringify({ status: isReady ? 'ready' : 'not ready', checks });
    return answerJson(c, isReady ? 200 : 503, body, { 'Cache-Control': 'no-store' });
  };
}

async function readinessChecks(calls: Calls, log: Log): Promise<Record<string, Check>> {
  const database: Check = { ok: true };
  const migrations: Check = { ok: true };
  try {
    return { database, migrations, ...(await calls.readiness()) };
  } catch (error) {
    log.warn({ reason: errorMessage(error) }, 'not ready');
    // Undefined function, table or schema: the server answers, but what it should hold is not there.
    if (['42883', '42P01', '3F000'].includes(errorCode(error) ?? '')) {
      return { database, migrations: { ok: false, needs: 'hq migrate' } };
    }
    const needs = isUnavailable(error)
      ? 'a database that answers'
      : 'a database that can be used; the log has more';
    return { database: { ok: false, needs } };
  }
}

/** The metrics in Prometheus' text format; the backlog is asked of the database at most every 10 seconds. */
export function metricsHandler(
  metrics: Metrics,
  calls: Calls,
  log: Log,
): (c: AppContext) => Promise<Response> {
  let askedAt = -Infinity;
  async function refreshBacklog(): Promise<void> {
    if (performance.now() - askedAt < backlogMs) return;
    askedAt = performance.now();
    try {
      setBacklog(metrics, await calls.backlog());
      setProducerFigures(metrics, await calls.producerFigures());
    } catch (error) {
      metrics.backlog.reset();
      log.warn({ reason: errorMessage(error) }, 'the backlog cannot be counted');
    }
  }
  return async function showMetrics(c) {
    await refreshBacklog();
    return answer(c, 200, await metrics.registry.metrics(), metrics.registry.contentType);
  };
}

function setProducerFigures(metrics: Metrics, { productions, month }: ProducerFigures): void {
  for (const [state, count] of Object.entries(productions)) metrics.productions.set({ state }, count);
  for (const gauge of [metrics.outsideCalls, metrics.outsideTokens, metrics.outsideCost]) gauge.reset();
  for (const { workflow, provider, ...figures } of month) {
    metrics.outsideCalls.set({ workflow, provider }, figures.calls);
    metrics.outsideCost.set({ workflow, provider }, figures.cost_usd);
    metrics.outsideTokens.set({ workflow, provider, direction: 'input' }, figures.input_tokens);
    metrics.outsideTokens.set({ workflow, provider, direction: 'output' }, figures.output_tokens);
  }
}

function setBacklog(metrics: Metrics, backlog: Backlog): void {
  metrics.backlog.set({ kind: 'pending' }, backlog.pending);
  metrics.backlog.set({ kind: 'failed' }, backlog.failed);
  metrics.backlog.set({ kind: 'stale' }, backlog.stale);
  metrics.backlog.set({ kind: 'open_jobs' }, backlog.open_jobs);
}
