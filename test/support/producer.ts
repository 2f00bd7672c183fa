import { createOutbound, parseAllowList } from '../../src/clients/outbound.ts';
import type { Sql } from '../../src/database/connect.ts';
import { createLog } from '../../src/log.ts';
import { Producer, type ProducerSettings } from '../../src/produce/producer.ts';

/** Settings of a producer that has nothing outside to call; a test gives the base URLs of its own servers. */
export const producerSettings: ProducerSettings = {
  defaultModel: 'google:gemini-3-flash-preview',
  googleApiKey: undefined,
  googleBaseUrl: undefined,
  openaiApiKey: undefined,
  openaiBaseUrl: undefined,
  monthlyBudgetUsd: undefined,
  secrets: { baseUrls: {}, values: {} },
};

/** This machine may be called. */
export const allowLocal = parseAllowList('127.0.0.1,localhost');

/** A producer that may call this machine. */
export function testProducer(sql: Sql, overrides: Partial<ProducerSettings> = {}): Producer {
  return new Producer({
    sql,
    outbound: createOutbound({ allow: allowLocal }),
    settings: { ...producerSettings, ...overrides },
    log: createLog({ level: 'silent', pretty: false }),
  });
}
