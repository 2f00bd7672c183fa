import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The Prometheus metrics of one process. Each app has its own registry, so that two in one process (tests) do not mix. */
export interface Metrics {
  registry: Registry;
  requestSeconds: Histogram<'method' | 'route' | 'status'>;
  payloads: Counter<'workflow' | 'outcome'>;
  batchItems: Histogram<'workflow'>;
  batchSeconds: Histogram<'workflow'>;
  callsInFlight: Gauge;
  backlog: Gauge<'kind'>;
  productions: Gauge<'state'>;
  outsideCalls: Gauge<'workflow' | 'provider'>;
  outsideTokens: Gauge<'workflow' | 'provider' | 'direction'>;
  outsideCost: Gauge<'workflow' | 'provider'>;
}

/**
 * Makes the metrics. `processMetrics` adds memory, CPU and event-loop figures of the process; their collector holds
 * observers for the life of the process, so only a real server asks for them.
 */
export function createMetrics(processMetrics: boolean): Metrics {
  const registry = new Registry();
  if (processMetrics) {
    collectDefaultMetrics({ register: registry, prefix: 'hq_' });
  }
  const registers = [registry];
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'hq_http_request_duration_seconds',
      help: 'Time from the request to its complete answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
      registers,
    }),
    payloads: new Counter({
      name: 'hq_payloads_total',
      help: 'Bodies answered on /run, by workflow and status class: ok, accepted, refused, failed.',
      labelNames: ['workflow', 'outcome'],
      registers,
    }),
    batchItems: new Histogram({
      name: 'hq_batch_items',
      help: 'Bodies sent to the database in one call.',
      labelNames: ['workflow'],
      buckets: [1, 2, 5, 10, 25, 50, 100, 200],
      registers,
    }),
    batchSeconds: new Histogram({
      name: 'hq_batch_duration_seconds',
      help: 'Time of one database call for a batch of bodies.',
      labelNames: ['workflow'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60],
      registers,
    }),
    callsInFlight: new Gauge({
      name: 'hq_batch_calls_in_flight',
      help: 'Batches this process is waiting for right now.',
      registers,
    }),
    backlog: new Gauge({
      name: 'hq_backlog',
      help: 'Work waiting in the database: pending and failed payloads, stale records (each counted up to 100000), open jobs.',
      labelNames: ['kind'],
      registers,
    }),
    productions: new Gauge({
      name: 'hq_productions',
      help: 'Calls to models and other outside services by state: pending, running, failed (each counted up to 100000).',
      labelNames: ['state'],
      registers,
    }),
    outsideCalls: new Gauge({
      name: 'hq_outside_calls_this_month',
      help: 'Calls to models and providers since the first of the month (UTC), failed ones included.',
      labelNames: ['workflow', 'provider'],
      registers,
    }),
    outsideTokens: new Gauge({
      name: 'hq_outside_tokens_this_month',
      help: 'Tokens of models since the first of the month (UTC), by direction: input, output.',
      labelNames: ['workflow', 'provider', 'direction'],
      registers,
    }),
    outsideCost: new Gauge({
      name: 'hq_outside_cost_usd_this_month',
      help: 'US dollars spent on models since the first of the month (UTC), by reference.model_prices.',
      labelNames: ['workflow', 'provider'],
      registers,
    }),
  };
}
