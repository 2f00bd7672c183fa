import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Config } from '../config.ts';
import { type OpenDatabase, openDatabase } from '../database/open.ts';
import { ExitError, errorCode, exitCodes } from '../errors.ts';
import { type Log, createLog } from '../log.ts';
import { type Outbound, createOutbound } from '../clients/outbound.ts';
import { Producer } from '../produce/producer.ts';
import { type RunningWorker, startWorker } from '../worker/worker.ts';
import { line } from './output.ts';

export type ServeOptions = { apiOnly?: boolean; workerOnly?: boolean };

/** A second signal forces the end, unless it comes with the first: npm and the terminal both pass on one Ctrl-C. */
const sameSignalMs = 1_000;

/** Runs the API and the worker until SIGINT, SIGTERM or SIGHUP, and stops them in order. */
export async function serve(config: Config, options: ServeOptions): Promise<void> {
  if (options.apiOnly && options.workerOnly) {
    throw new ExitError('Give --api-only or --worker-only, not both.', exitCodes.usage);
  }
  const pretty = config.logFormat === 'pretty' || (config.logFormat === 'auto' && process.stdout.isTTY);
  const log = createLog({ level: config.logLevel, pretty });
  await run(config, options, log, pretty);
  log.info('Stopped.');
}

async function run(config: Config, options: ServeOptions, log: Log, pretty: boolean): Promise<void> {
  const signal = onSignal(log);
  // What is started is put here, and stopped in the opposite order, also when a later start fails.
  await using running = new AsyncDisposableStack();
  log.info(
    config.databaseUrl
      ? 'Connecting to the database of DATABASE_URL.'
      : `Starting Postgres in ${config.dataDir}.`,
  );
  const database = running.use(
    await openDatabase(config, {
      migrations: 'always',
      max: config.poolSize,
      applicationName: 'hq api',
      onProgress: (name) => log.info(`Running migration ${name}.`),
    }),
  );
  signal.onForce(() => database.embedded?.abandon());

  let worker: RunningWorker | undefined;
  running.defer(() => worker?.stop());
  let key: Key | undefined;
  let address: string | undefined;
  if (!options.workerOnly && !signal.received()) {
    key = await bootstrapKey(config, database);
    const outbound = createOutbound({ allow: config.outboundAllow });
    running.defer(() => outbound.close());
    const producer = new Producer({ sql: database.sql, outbound, settings: config.producer, log });
    const http = await listen(config, database, log, producer, outbound);
    running.defer(() => http.close());
    address = http.url;
  }
  if (!options.apiOnly && !signal.received()) {
    worker = await startWorker(database.url, config, log);
  }
  if (!signal.received())
    announce(
      { address, psql: psqlUrl(config, database), key, isLocal: database.embedded !== undefined },
      pretty,
      log,
    );
  await signal.wait;
  log.info('Stopping: what is in flight is finished first.');
}

async function listen(
  config: Config,
  { sql }: OpenDatabase,
  log: Log,
  producer: Producer,
  outbound: Outbound,
) {
  const { startHttp } = await import('../http/server.ts');
  const http = {
    host: config.host,
    port: config.port,
    maxRequestBytes: config.maxRequestBytes,
    idempotencyHours: config.idempotencyHours,
    metricsPublic: config.metricsPublic,
    corsOrigins: config.corsOrigins,
    closeTimeoutMs: config.drainMs,
  };
  try {
    return await startHttp({ config: http, sql, log, producer, outbound });
  } catch (error) {
    const place = `${config.host}:${config.port}`;
    const sentence = {
      EADDRINUSE: `Port ${place} is in use: stop the other program, or set HQ_PORT to another port.`,
      EACCES: `Port ${place} may not be used by this user: set HQ_PORT to a port above 1023.`,
      EADDRNOTAVAIL: `This machine has no address ${config.host}: correct HQ_HOST.`,
      ENOTFOUND: `This machine has no address ${config.host}: correct HQ_HOST.`,
    }[errorCode(error) ?? ''];
    if (sentence) throw new ExitError(sentence, exitCodes.failure, { cause: error });
    throw error;
  }
}

/** The first admin key; `path`: the file it is kept in, where HQ_API_KEY does not give it. */
type Key = { value: string; path?: string };

/** The first admin key: HQ_API_KEY, or one made on the first start and kept for this user in the data folder. */
async function bootstrapKey(config: Config, { sql }: OpenDatabase): Promise<Key> {
  const path = join(config.dataDir, 'api-key');
  const key = config.apiKey ? { value: config.apiKey } : { value: await keptKey(path), path };
  await sql`select api.ensure_bootstrap_key(key => ${key.value})`;
  return key;
}

async function keptKey(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const key = `hq_${randomBytes(24).toString('base64url')}`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, `${key}\n`, { mode: 0o600, flag: 'wx' });
    return key;
  } catch (error) {
    // Another process made it at the same moment.
    if (errorCode(error) === 'EEXIST') return keptKey(path);
    throw error;
  }
}

type Announcement = {
  address: string | undefined;
  psql: string;
  key: Key | undefined;
  /** whether the database is our own, on this machine */
  isLocal: boolean;
};

function announce({ address, psql, key, isLocal }: Announcement, pretty: boolean, log: Log): void {
  if (!pretty) {
    // Logs of a deployment are kept and sent on, so they name the file; on one's own machine the key is what one looks for.
    const api_key = isLocal && key?.path ? key.value : undefined;
    log.info({ address, psql, api_key, api_key_file: key?.path }, 'Ready.');
    return;
  }
  line();
  if (address) line(`  hq is ready at  ${address}   (docs at ${address}/docs)`);
  else line('  hq is ready: the worker looks for work');
  line(`  psql            ${psql}`);
  if (key) line(`  API key         ${key.path ? key.value : 'the one in HQ_API_KEY'}`);
  line('  stop            Ctrl-C');
  line();
}

/** The URL for psql; the password of a DATABASE_URL is known to who set it, and stays out of logs. */
function psqlUrl(config: Config, { url }: OpenDatabase): string {
  if (!config.databaseUrl) return url;
  const shown = new URL(url);
  if (shown.password) shown.password = '***';
  return shown.href;
}

/** Waits for SIGINT, SIGTERM or SIGHUP (the terminal was closed); a second one ends the process at once, after `onForce`. */
function onSignal(log: Log) {
  let receivedAt: number | undefined;
  let force: () => void = () => undefined;
  const wait = new Promise<void>((resolve) => {
    function handle(name: NodeJS.Signals) {
      if (receivedAt === undefined) {
        receivedAt = Date.now();
        log.info(`${name} received.`);
        resolve();
      } else if (Date.now() - receivedAt > sameSignalMs) {
        log.warn(`${name} received again: stopping without waiting.`);
        force();
        process.exit(exitCodes.failure);
      }
    }
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, handle);
  });
  return {
    wait,
    received: () => receivedAt !== undefined,
    onForce(action: () => void) {
      force = action;
    },
  };
}
