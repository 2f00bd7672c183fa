import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export type HqResult = { code: number | null; stdout: string; stderr: string };

/** The environment of a child: nothing of the developer's own settings of hq. */
function childEnv(env: Record<string, string>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([key]) => !key.startsWith('HQ_') && key !== 'DATABASE_URL');
  return { ...Object.fromEntries(own), ...env };
}

/** Runs one hq command to its end. */
export async function runHq(args: string[], env: Record<string, string>, input = ''): Promise<HqResult> {
  const child = spawnHq(args, env);
  const result = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (result.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (result.stderr += text));
  child.stdin?.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...result };
}

/** Starts one hq command. */
export function spawnHq(args: string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [main, ...args], { env: childEnv(env), stdio: ['pipe', 'pipe', 'pipe'] });
}

export type Serving = {
  /** where the API listens; undefined with --worker-only */
  address: string | undefined;
  apiKey: string;
  psql: string;
  child: ChildProcess;
  /** the log so far, one JSON object per line */
  lines: Record<string, unknown>[];
  /** sends a signal and gives the exit code, or the signal that ended it */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
};

/** A key for tests, long enough to be accepted. */
export const testKey = 'hq_test_key_0123456789';

/** Starts `hq serve` on a free port and waits until it says that it is ready. Rejects with its output when it ends first. */
export async function startServe(args: string[], env: Record<string, string>): Promise<Serving> {
  const child = spawnHq(['serve', ...args], {
    HQ_PORT: '0',
    HQ_API_KEY: testKey,
    HQ_LOG_FORMAT: 'json',
    ...env,
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const lines: Record<string, unknown>[] = [];
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ready = new Promise<Record<string, unknown>>((resolve, reject) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (text) => {
      const entry = JSON.parse(text) as Record<string, unknown>;
      lines.push(entry);
      if (entry.msg === 'Ready.') resolve(entry);
    });
    ended.then(([code]) => reject(new Error(`hq serve ended with ${code}: ${stderr}`)), reject);
  });
  const { address, psql } = await ready;
  return {
    address: address as string | undefined,
    apiKey: env.HQ_API_KEY ?? testKey,
    psql: psql as string,
    child,
    lines,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const [code, endedBy] = await ended;
      return code ?? endedBy;
    },
  };
}

/** Asks again and again until the answer is true, for what becomes true by itself. Fails after `timeoutMs`. */
export async function until(what: string, ask: () => Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await ask())) {
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
