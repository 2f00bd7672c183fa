import { createOutbound } from '../../src/clients/outbound.ts';
import { readConfig } from '../../src/config.ts';
import { Producer } from '../../src/produce/producer.ts';
import { connect } from '../../src/database/connect.ts';
import { startHttp } from '../../src/http/server.ts';
import { createLog } from '../../src/log.ts';
import { answer, startedWith } from './child.ts';

export type ApiStart = { databaseUrl: string; pool: number; key: string };
export type ApiReady = { url: string; pid: number };

// The API of hq as `hq serve --api-only` runs it, without a worker.
const { databaseUrl, pool, key } = startedWith<ApiStart>();
const sql = connect(databaseUrl, { max: pool, applicationName: 'hq api' });
await sql`select api.ensure_bootstrap_key(key => ${key})`;
const config = readConfig({});
const log = createLog({ level: 'warn', pretty: false });
const outbound = createOutbound({ allow: [] });
const producer = new Producer({
  sql,
  outbound,
  settings: config.producer,
  log,
});
const server = await startHttp({
  config: { host: '127.0.0.1', port: 0 },
  sql,
  log,
  producer,
  outbound,
});
answer({ url: server.url, pid: process.pid } satisfies ApiReady);
