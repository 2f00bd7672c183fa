import { describe, expect, test } from 'vitest';

import { readConfig } from '../../src/config.ts';

describe('readConfig', () => {
  test('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      databaseUrl: undefined,
      dataDir: expect.stringMatching(/\.hq$/),
      host: '127.0.0.1',
      port: 3000,
      apiKey: undefined,
      logLevel: 'info',
      logFormat: 'auto',
      maxRequestBytes: 104_857_600,
      idempotencyHours: 24,
      metricsPublic: false,
      corsOrigins: [],
      poolSize: 10,
      workerConcurrency: 2,
      batchSize: 1000,
      sweepMs: 500,
      changesDays: 7,
      productionDays: 90,
      drainMs: 30_000,
      outboundAllow: [],
      deliveryRate: 10,
      deliveryTimeoutMs: 30_000,
      deliveryLeaseMs: 15_000,
      producer: {
        defaultModel: 'google:gemini-3-flash-preview',
        googleApiKey: undefined,
        googleBaseUrl: undefined,
        openaiApiKey: undefined,
        openaiBaseUrl: undefined,
        monthlyBudgetUsd: undefined,
        secrets: { baseUrls: {}, values: {} },
      },
      producerConcurrency: 8,
      dev: false,
    });
  });

  test('takes an empty variable as unset', () => {
    expect(readConfig({ HQ_PORT: '', DATABASE_URL: '' })).toMatchObject({
      port: 3000,
      databaseUrl: undefined,
    });
  });

  test.for([
    [{ HQ_PORT: '70000' }, 'HQ_PORT must be a whole number from 0 to 65535 (it is "70000").'],
    [{ HQ_PORT: '1e3' }, 'HQ_PORT must be a whole number from 0 to 65535 (it is "1e3").'],
    [
      { HQ_LOG: 'loud' },
      'HQ_LOG must be one of trace, debug, info, warn, error, fatal, silent (it is "loud").',
    ],
    [
      { HQ_OUTBOUND_ALLOW: '127.0.0.1:9000 http://acme.example' },
      'HQ_OUTBOUND_ALLOW cannot be read: "http://acme.example" is no host, address or CIDR range with or without a port (such as hooks.example, 10.0.0.0/8 or 127.0.0.1:9000) (it is "127.0.0.1:9000 http://acme.example").',
    ],
    [
      { HQ_CORS_ORIGINS: 'https://app.example, https://app.example/' },
      'HQ_CORS_ORIGINS has "https://app.example/", which is no origin such as https://app.example (it is "https://app.example, https://app.example/").',
    ],
    [{ HQ_DEV: 'yes' }, 'HQ_DEV must be 1 or 0 (it is "yes").'],
    [{ HQ_MODEL: 'gemini' }, 'HQ_MODEL must look like google:name or openai:name (it is "gemini").'],
    [{ HQ_SEC_BASE_URL: 'sec' }, 'HQ_SEC_BASE_URL must be an http or https URL (it is "sec").'],
    [
      { DATABASE_URL: 'mysql://u:hidden@h/d' },
      'DATABASE_URL must look like postgres://user:password@host:5432/database.',
    ],
    [{ HQ_API_KEY: 'short secret' }, 'HQ_API_KEY must have at least 16 characters and no spaces.'],
  ] as const)('refuses %o in one sentence, without secrets', ([env, sentence]) => {
    expect(() => readConfig(env)).toThrow(expect.objectContaining({ message: sentence, exitCode: 2 }));
  });

  test('gives declared providers the settings that are named for them, and no others', () => {
    const { producer } = readConfig({
      HQ_SEC_BASE_URL: 'http://127.0.0.1:9',
      HQ_CONTACT: 'Acme ops@acme.example',
      COMPANYENRICH_API_KEY: 'ce-key',
      HQ_API_KEY: 'hq_test_key_0123456789',
      OTHER_SECRET: 'hidden',
    });
    expect(producer.secrets).toEqual({
      baseUrls: { sec: 'http://127.0.0.1:9' },
      values: { HQ_CONTACT: 'Acme ops@acme.example', COMPANYENRICH_API_KEY: 'ce-key' },
    });
  });

  test('names every problem at once, and settings that do not exist', () => {
    expect(() => readConfig({ HQ_PORT: 'x', HQ_POOL_SIZE: '0', HQ_PROT: '1' })).toThrow(
      /^HQ_PROT is not a setting of hq; .*\nHQ_PORT must .*\nHQ_POOL_SIZE must .*$/,
    );
  });
});
