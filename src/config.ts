import { resolve } from 'node:path';

import { z } from 'zod';

import { type AllowList, parseAllowList } from './clients/addresses.ts';
import { ExitError, exitCodes, errorMessage } from './errors.ts';
import type { ProducerSettings } from './produce/producer.ts';
import type { ProviderSecrets } from './produce/provider-client.ts';

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`);

const flag = z
  .enum(['0', '1', 'true', 'false'], { error: 'must be 1 or 0' })
  .transform((value) => value === '1' || value === 'true');

const allowList = z.string().transform((text, context) => {
  try {
    return parseAllowList(text);
  } catch (error) {
    context.addIssue(`cannot be read: ${errorMessage(error)}`);
    return z.NEVER;
  }
});

const originList = z.string().transform((text, context) => {
  const origins = text.split(',').map((item) => item.trim());
  for (const origin of origins) {
    if (/^https?:/.test(origin) && URL.parse(origin)?.origin === origin) continue;
    context.addIssue(`has "${origin}", which is no origin such as https://app.example`);
    return z.NEVER;
  }
  return origins;
});

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Every setting, its meaning and its default. `hq settings` prints this list; the README shows it. */
export const settings = {
  DATABASE_URL: {
    about: 'the Postgres to use (15 to 18); without it hq runs its own under HQ_DATA_DIR',
    schema: z.url({
      protocol: /^postgres(ql)?$/,
      error: 'must look like postgres://user:password@host:5432/database',
    }),
    default: undefined,
  },
  HQ_DATA_DIR: {
    about: 'folder of the embedded Postgres and the generated key',
    schema: z.string(),
    default: './.hq',
  },
  HQ_HOST: { about: 'address the API listens on', schema: z.string(), default: '127.0.0.1' },
  HQ_PORT: {
    about: 'port the API listens on; 0 takes any free one',
    schema: whole(0, 65535),
    default: '3000',
  },
  HQ_API_KEY: {
    about: 'fixes the first admin key; without it one is made and kept in HQ_DATA_DIR',
    schema: z.string().regex(/^[\x21-\x7e]{16,}$/, 'must have at least 16 characters and no spaces'),
    default: undefined,
  },
  HQ_LOG: {
    about: `least level that is logged: ${logLevels.join(', ')}`,
    schema: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }),
    default: 'info',
  },
  HQ_LOG_FORMAT: {
    about: 'pretty (for people), json (for machines), or auto: pretty on a terminal',
    schema: z.enum(['auto', 'pretty', 'json'], { error: 'must be auto, pretty or json' }),
    default: 'auto',
  },
  HQ_MAX_REQUEST_BYTES: {
    about:
      'largest request in bytes, and largest line of a loaded file; a workflow may set less for one payload',
    schema: whole(1_024, 1_073_741_824),
    default: '104857600',
  },
  HQ_IDEMPOTENCY_HOURS: {
    about: 'how long an answer is kept for its Idempotency-Key',
    schema: whole(1, 8_760),
    default: '24',
  },
  HQ_METRICS_PUBLIC: { about: '1 answers /metrics without a key', schema: flag, default: '0' },
  HQ_CORS_ORIGINS: {
    about:
      'origins of the web pages that may call the API from a browser, between commas: https://app.example',
    schema: originList,
    default: undefined,
  },
  HQ_POOL_SIZE: { about: 'connections the API holds to Postgres', schema: whole(1, 500), default: '10' },
  HQ_WORKER_CONCURRENCY: { about: 'jobs one worker runs at a time', schema: whole(1, 100), default: '2' },
  HQ_BATCH_SIZE: {
    about: 'payloads processed in one transaction',
    schema: whole(1, 10_000),
    default: '1000',
  },
  HQ_SWEEP_MS: {
    about: 'how often a worker looks for pending payloads and stale records, in milliseconds',
    schema: whole(50, 60_000),
    default: '500',
  },
  HQ_CHANGES_DAYS: {
    about: 'days that the change feed keeps a change',
    schema: whole(1, 3_650),
    default: '7',
  },
  HQ_PRODUCTION_DAYS: {
    about:
      'days that a finished call to the outside is kept: its state, its single calls, the pages that were read',
    schema: whole(1, 3_650),
    default: '90',
  },
  HQ_DRAIN_SECONDS: {
    about: 'how long a stop waits for requests and jobs in flight',
    schema: whole(1, 600),
    default: '30',
  },
  HQ_OUTBOUND_ALLOW: {
    about:
      'what may be called although it is not public: hosts, addresses, CIDR ranges, each with a port or without',
    schema: allowList,
    default: undefined,
  },
  HQ_DELIVERY_RATE: {
    about: 'rows a second that a host gets at most, from all workers together',
    schema: whole(1, 1_000),
    default: '10',
  },
  HQ_DELIVERY_TIMEOUT_SECONDS: {
    about: 'how long a receiver may take for one row',
    schema: whole(1, 300),
    default: '30',
  },
  HQ_DELIVERY_LEASE_SECONDS: {
    about: 'after how long without a sign of life the deliveries of a worker go on with another',
    schema: whole(1, 600),
    default: '15',
  },
  GEMINI_API_KEY: {
    about: 'key of the Gemini API, which answers most inference workflows',
    schema: z.string(),
    default: undefined,
  },
  OPENAI_API_KEY: {
    about: 'key of the OpenAI API, for models named openai:…',
    schema: z.string(),
    default: undefined,
  },
  HQ_MODEL: {
    about: 'model, as provider:name, for workflows that name none',
    schema: z.string().regex(/^(google|openai):\S+$/, 'must look like google:name or openai:name'),
    default: 'google:gemini-3-flash-preview',
  },
  HQ_GOOGLE_BASE_URL: {
    about: 'where the Gemini API is; without it, at Google',
    schema: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
    default: undefined,
  },
  HQ_OPENAI_BASE_URL: {
    about: 'where an API that speaks as OpenAI does is; without it, at OpenAI',
    schema: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
    default: undefined,
  },
  HQ_CONTACT: {
    about: 'who calls, with an e-mail address, as the SEC asks: "Acme Data ops@acme.example"',
    schema: z.string(),
    default: undefined,
  },
  HQ_MONTHLY_BUDGET_USD: {
    about: 'US dollars a month after which no model is called any more',
    schema: z
      .string()
      .regex(/^\d+(\.\d+)?$/, 'must be an amount such as 50')
      .transform(Number),
    default: undefined,
  },
  HQ_PRODUCER_CONCURRENCY: {
    about: 'inferences and other calls to the outside that one worker has under way',
    schema: whole(1, 200),
    default: '8',
  },
  HQ_DEV: {
    about: '1 also applies migrations/current.sql, the migration in work',
    schema: flag,
    default: '0',
  },
} as const;

export type Config = {
  /** the Postgres the user chose; undefined means the embedded one */
  databaseUrl: string | undefined;
  /** absolute path */
  dataDir: string;
  host: string;
  port: number;
  apiKey: string | undefined;
  logLevel: (typeof logLevels)[number];
  logFormat: 'auto' | 'pretty' | 'json';
  maxRequestBytes: number;
  idempotencyHours: number;
  metricsPublic: boolean;
  corsOrigins: string[];
  poolSize: number;
  workerConcurrency: number;
  batchSize: number;
  sweepMs: number;
  changesDays: number;
  /** days that finished calls to the outside are kept */
  productionDays: number;
  drainMs: number;
  outboundAllow: AllowList;
  deliveryRate: number;
  deliveryTimeoutMs: number;
  deliveryLeaseMs: number;
  producer: ProducerSettings;
  producerConcurrency: number;
  dev: boolean;
};

/**
 * Parses all settings at once. An empty variable counts as unset.
 * Throws an ExitError whose message has one sentence for each setting that is wrong.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const problems: string[] = [];

  function read<Key extends keyof typeof settings>(key: Key) {
    const { schema, default: fallback } = settings[key];
    const value = env[key] || fallback;
    if (value === undefined) return undefined;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    // Secrets stay out of messages.
    const shown = key.endsWith('_KEY') || key === 'DATABASE_URL' ? '' : ` (it is "${value}")`;
    problems.push(`${key} ${parsed.error.issues[0]?.message}${shown}.`);
    return undefined;
  }

  for (const key of Object.keys(env)) {
    if (key.startsWith('HQ_') && !(key in settings) && !baseUrlSetting.test(key))
      problems.push(unknownSetting(key));
  }

  const config = {
    databaseUrl: read('DATABASE_URL'),
    dataDir: resolve(String(read('HQ_DATA_DIR'))),
    host: read('HQ_HOST'),
    port: read('HQ_PORT'),
    apiKey: read('HQ_API_KEY'),
    logLevel: read('HQ_LOG'),
    logFormat: read('HQ_LOG_FORMAT'),
    maxRequestBytes: read('HQ_MAX_REQUEST_BYTES'),
    idempotencyHours: read('HQ_IDEMPOTENCY_HOURS'),
    metricsPublic: read('HQ_METRICS_PUBLIC'),
    corsOrigins: read('HQ_CORS_ORIGINS') ?? [],
    poolSize: read('HQ_POOL_SIZE'),
    workerConcurrency: read('HQ_WORKER_CONCURRENCY'),
    batchSize: read('HQ_BATCH_SIZE'),
    sweepMs: read('HQ_SWEEP_MS'),
    changesDays: read('HQ_CHANGES_DAYS'),
    productionDays: read('HQ_PRODUCTION_DAYS'),
    drainMs: Number(read('HQ_DRAIN_SECONDS')) * 1000,
    outboundAllow: read('HQ_OUTBOUND_ALLOW') ?? [],
    deliveryRate: read('HQ_DELIVERY_RATE'),
    deliveryTimeoutMs: Number(read('HQ_DELIVERY_TIMEOUT_SECONDS')) * 1000,
    deliveryLeaseMs: Number(read('HQ_DELIVERY_LEASE_SECONDS')) * 1000,
    producer: {
      defaultModel: read('HQ_MODEL'),
      googleApiKey: read('GEMINI_API_KEY'),
      googleBaseUrl: read('HQ_GOOGLE_BASE_URL'),
      openaiApiKey: read('OPENAI_API_KEY'),
      openaiBaseUrl: read('HQ_OPENAI_BASE_URL'),
      monthlyBudgetUsd: read('HQ_MONTHLY_BUDGET_USD'),
      secrets: providerSecrets(env, problems),
    },
    producerConcurrency: read('HQ_PRODUCER_CONCURRENCY'),
    dev: read('HQ_DEV'),
  };
  if (problems.length > 0) throw new ExitError(problems.join('\n'), exitCodes.usage);
  return config as Config;
}

/** Where a provider that is declared in SQL (etl.provider) is, for tests and proxies. */
const baseUrlSetting = /^HQ_([A-Z0-9_]+)_BASE_URL$/;

/** Settings of declared providers, by pattern, as a new provider needs no TypeScript: HQ_<PROVIDER>_BASE_URL and <NAME>_API_KEY. */
function providerSecrets(env: NodeJS.ProcessEnv, problems: string[]): ProviderSecrets {
  const secrets: ProviderSecrets = { baseUrls: {}, values: {} };
  for (const [key, value] of Object.entries(env)) {
    if (!value) continue;
    const provider = baseUrlSetting.exec(key)?.[1];
    if (provider !== undefined) {
      if (/^https?:$/.test(URL.parse(value)?.protocol ?? ''))
        secrets.baseUrls[provider.toLowerCase()] = value;
      else if (!(key in settings)) problems.push(`${key} must be an http or https URL (it is "${value}").`);
    } else if (key === 'HQ_CONTACT' || (/^[A-Z0-9_]+_API_KEY$/.test(key) && key !== 'HQ_API_KEY')) {
      secrets.values[key] = value;
    }
  }
  return secrets;
}

function unknownSetting(key: string): string {
  const known = Object.keys(settings).filter((name) => name.startsWith('HQ_'));
  return `${key} is not a setting of hq; the settings are ${known.join(', ')} and DATABASE_URL.`;
}
