import { connect } from '../../src/database/connect.ts';
import { ingestOne } from '../ingest.ts';
import { companyBody } from '../payloads.ts';
import { answer, startedWith } from './child.ts';
import type { Load, Rate } from './http-load.ts';

export type CallersStart = { databaseUrl: string; callers: number };

// Callers of etl.ingest, each on a connection of its own and with one call at a time.
const { databaseUrl, callers } = startedWith<CallersStart>();
const connections = Array.from({ length: callers }, () =>
  connect(databaseUrl, { max: 1, applicationName: 'hq bench caller' }),
);

answer<Load, Rate>({}, async ({ first, bodies: count, size, seconds }) => {
  const bodies = Array.from({ length: count }, (_, index) =>
    JSON.stringify(companyBody(first + index, size)),
  );
  const from = performance.now();
  const until = from + seconds * 1000;
  let next = 0;
  let done = 0;
  await Promise.all(
    connections.map(async (sql) => {
      while (performance.now() < until) {
        const body = bodies[next % count] as string;
        next += 1;
        await ingestOne(sql, body);
        done += 1;
      }
    }),
  );
  return { done, perSecond: (done * 1000) / (performance.now() - from), sent: next };
});
