import postgres from 'postgres';

import { runProgram } from './cli/program.ts';
import { connectionError } from './database/connect.ts';
import { ExitError, errorCode, exitCodes, isTransient } from './errors.ts';

/** Errors of our own SQL functions that mean a wrong argument or unknown data; their text says what to do. */
const sqlErrors: Record<string, number> = {
  UNKWF: exitCodes.usage,
  INAWF: exitCodes.usage,
  BADRQ: exitCodes.usage,
  BADKY: exitCodes.usage,
  FORGT: exitCodes.data,
  UNKEY: exitCodes.data,
};

function exitCodeOf(error: unknown): { code: number; message: string } {
  if (error instanceof ExitError) return { code: error.exitCode, message: error.message };
  if (error instanceof postgres.PostgresError && error.code in sqlErrors) {
    const hint = error.hint ? `. ${error.hint}` : '';
    return { code: sqlErrors[error.code] ?? exitCodes.failure, message: `${error.message}${hint}` };
  }
  if (isTransient(error)) {
    const url = process.env.DATABASE_URL ?? 'postgres://127.0.0.1/hq';
    return { code: exitCodes.database, message: connectionError(error, url).message };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: exitCodes.failure, message: `hq met a fault of its own; please report it:\n${stack}` };
}

// A reader that has seen enough (`| head`) or a closed terminal is no fault.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (!['EPIPE', 'EIO'].includes(errorCode(error) ?? '')) throw error;
  });
}

let exitCode: number;
try {
  exitCode = await runProgram(process.argv.slice(2));
} catch (error) {
  const { code, message } = exitCodeOf(error);
  process.stderr.write(`${message}\n`);
  exitCode = code;
}

// Everything is closed by now. The exit does not wait for the event loop to run empty: after an outage postgres.js
// can go on connecting for a pool that was ended. An empty write ends when all output before it is written.
for (const stream of [process.stdout, process.stderr]) {
  if (stream.writable) await new Promise((resolve) => stream.write('', resolve));
}
process.exit(exitCode);
