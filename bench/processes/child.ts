import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of its own that answers one message at a time. */
export type Child<Question, Answer, Ready> = {
  /** what it said when it was ready */
  ready: Ready;
  ask(question: Question): Promise<Answer>;
  stop(): Promise<void>;
};

/** Starts a file of this folder; rejects when it ends before it is ready. */
export async function startChild<Question, Answer, Ready>(
  file: string,
  start: unknown,
): Promise<Child<Question, Answer, Ready>> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(start)], {
    // As package.json starts hq.
    execArgv: ['--max-semi-space-size=8'],
  });
  const ready = (await nextMessage(child, file)) as Ready;
  return {
    ready,
    async ask(question) {
      child.send(question as object);
      return (await nextMessage(child, file)) as Answer;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function nextMessage(child: ChildProcess, file: string): Promise<unknown> {
  const waiting = new AbortController();
  try {
    return await Promise.race([
      once(child, 'message', { signal: waiting.signal }).then(([message]) => message as unknown),
      once(child, 'exit', { signal: waiting.signal }).then(([code]) => {
        throw new Error(`${file} ended with code ${code} instead of answering.`);
      }),
    ]);
  } finally {
    waiting.abort();
  }
}

/** In the child: what it was started with. */
export function startedWith<Start>(): Start {
  return JSON.parse(process.argv[2] ?? 'null') as Start;
}

/** In the child: tells the parent it is ready, answers its questions, and ends with the parent. */
export function answer<Question, Answer>(
  ready: unknown,
  reply?: (question: Question) => Promise<Answer>,
): void {
  process.on('message', (question: Question) => {
    if (!reply) return;
    reply(question).then(
      (said) => process.send?.(said),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.(ready);
}
