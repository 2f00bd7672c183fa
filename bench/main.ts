import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';

import type { Part, Sizes } from './context.ts';
import { clientSide } from './parts/client-side.ts';
import { changeFeed } from './parts/feed.ts';
import { engineAgainstFloor, othersAgainstFloor } from './parts/floor.ts';
import { growth } from './parts/growth.ts';
import { landing } from './parts/landing.ts';
import { mixed } from './parts/mixed.ts';
import { synchronous } from './parts/synchronous.ts';
import { type BenchPostgres, startPostgres } from './postgres.ts';
import { table } from './report.ts';

const parts: Record<string, { title: string; run: Part }> = {
  a: { title: 'batches against the bare inserts', run: engineAgainstFloor },
  b: { title: 'against a client with one statement per row', run: clientSide },
  c: { title: 'synchronous HTTP against calling the database', run: synchronous },
  d: { title: 'landing over HTTP against a bare server', run: landing },
  e: { title: 'cost when many companies are stored', run: growth },
  f: { title: 'three other workflows against the bare inserts', run: othersAgainstFloor },
  g: { title: 'a mixed load of twenty workflows', run: mixed },
  h: { title: 'ingest with the change feed against without', run: changeFeed },
};

const quick: Sizes = {
  repetitions: 3,
  batch: 1000,
  singles: 50,
  oldPayloads: 10,
  seconds: 2,
  callers: 8,
  connections: 64,
  stored: [1000, 5000],
};

const full: Sizes = {
  repetitions: 9,
  batch: 1000,
  singles: 300,
  oldPayloads: 30,
  seconds: 5,
  callers: 8,
  connections: 64,
  stored: [10_000, 100_000, 500_000],
};

const usage = `npm run bench -- [parts] [options]

Parts: ${Object.entries(parts)
  .map(([name, { title }]) => `${name} (${title})`)
  .join(', ')}. All of them when none is named.

  --full                 the sizes of bench/README.md (about 40 minutes, 10 GB of disk) instead of a quick look
  --repetitions <n>      repetitions of every measurement
  --batch <n>            payloads in a batch
  --singles <n>          payloads sent one by one in a repetition
  --old-payloads <n>     payloads the client of the old kind does in a repetition
  --seconds <n>          seconds of load in a repetition of c, d and g
  --callers <n>          callers at a time in c and g
  --connections <n>      connections at a time in d
  --stored <n,n,...>     companies stored before, in e
  --folder <path>        where to put the temporary database; default the system's temporary folder`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false },
    repetitions: { type: 'string' },
    batch: { type: 'string' },
    singles: { type: 'string' },
    'old-payloads': { type: 'string' },
    seconds: { type: 'string' },
    callers: { type: 'string' },
    connections: { type: 'string' },
    stored: { type: 'string' },
    folder: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(`${usage}\n`);
} else {
  const unknown = positionals.find((name) => !(name in parts));
  if (unknown !== undefined) {
    process.stderr.write(`There is no part "${unknown}".\n\n${usage}\n`);
    process.exit(2);
  }
  await run(positionals.length > 0 ? positionals : Object.keys(parts), readSizes());
}

function readSizes(): Sizes {
  const base = values.full ? full : quick;
  const number = (text: string | undefined, fallback: number) => {
    if (text === undefined) return fallback;
    if (!/^[1-9]\d*$/.test(text)) throw new Error(`"${text}" is not a whole number from 1 on.`);
    return Number(text);
  };
  return {
    repetitions: number(values.repetitions, base.repetitions),
    batch: number(values.batch, base.batch),
    singles: number(values.singles, base.singles),
    oldPayloads: number(values['old-payloads'], base.oldPayloads),
    seconds: number(values.seconds, base.seconds),
    callers: number(values.callers, base.callers),
    connections: number(values.connections, base.connections),
    stored: values.stored?.split(',').map((text) => number(text, 0)) ?? base.stored,
  };
}

async function run(names: string[], sizes: Sizes): Promise<void> {
  const postgres = await startPostgres({ folder: values.folder });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= postgres.stop());
  // The server is no child of this process: without this it would outlive a Ctrl-C.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stop().finally(() => process.exit(1)));
  }
  try {
    await measure(names, sizes, postgres);
  } finally {
    await stop();
  }
}

async function measure(names: string[], sizes: Sizes, postgres: BenchPostgres): Promise<void> {
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  process.stdout.write(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} processors (${cpus()[0]?.model.trim()}), ${gigabytes} GB, ` +
      `Node ${process.versions.node}\n${postgres.description}\n`,
  );
  for (const name of names) {
    const part = parts[name];
    if (!part) continue;
    const from = performance.now();
    const rows = await part.run({
      postgres,
      sizes,
      progress: (message) => void process.stderr.write(`${name}: ${message}\n`),
    });
    const seconds = Math.round((performance.now() - from) / 1000);
    process.stdout.write(`\n${name}. ${part.title} (${seconds} s)\n\n${table(rows)}\n`);
  }
}
