import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { connect } from '../../src/database/connect.ts';
import { answer, startedWith } from './child.ts';

export type BareStart = { databaseUrl: string; pool: number };
export type BareReady = { url: string };

// The least that can be called landing over HTTP: read the body, insert it into a table like that of hq, say so.
const { databaseUrl, pool } = startedWith<BareStart>();
const sql = connect(databaseUrl, { max: pool, applicationName: 'hq bench bare' });

async function land(body: string): Promise<string> {
  const [row] = await sql<{ id: string }[]>`
    insert into bench.payloads (family, id, workflow_slug, entity_key, payload, request, observed_at, created_at)
    select 'companyenrich_payloads', uuidv7(), 'companyenrich', given.body ->> 'domain', given.body -> 'raw_payload',
           given.body - 'raw_payload', now(), now()
      from (select ${body}::text::jsonb as body) as given
    returning id`;
  return JSON.stringify({ payload_id: row?.id });
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    land(Buffer.concat(chunks).toString()).then(
      (text) => {
        response.writeHead(202, { 'Content-Type': 'application/json', 'Content-Length': text.length });
        response.end(text);
      },
      () => response.writeHead(500).end(),
    );
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  answer({ url: `http://127.0.0.1:${port}` } satisfies BareReady);
});
