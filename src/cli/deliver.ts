import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';

import postgres from 'postgres';

import { createOutbound, type Outbound, OutboundError } from '../clients/outbound.ts';
import { sendDelivery } from '../deliver/deliverer.ts';
import { type MadeDelivery, receiveFile } from '../deliver/receive.ts';
import { FileProblem } from '../deliver/table-file.ts';
import { ExitError, errorMessage, exitCodes } from '../errors.ts';
import { createLog } from '../log.ts';
import { type DeliveryDocument, printDelivery, readDelivery } from './deliveries.ts';
import { line } from './output.ts';
import { noProgress, terminalProgress } from './progress.ts';
import type { Context } from './program.ts';

export type DeliverOptions = {
  file: string;
  to: string;
  title?: string;
  timestamp?: string;
  notes?: string;
  detach?: boolean;
};

const workflow = 'salesnav-export-to-clay';

/**
 * `hq deliver`: stores the rows of a file and sends them from here, sharing the work with any worker that runs.
 * What is stored is sent in any case: Ctrl-C leaves the rest to the workers.
 */
export async function deliverCommand(
  context: Context,
  { file, to, title, timestamp, notes, detach }: DeliverOptions,
): Promise<number> {
  const { config, database, output } = context;
  const outbound = createOutbound({ allow: config.outboundAllow });
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  try {
    await outbound.check(to).catch((error: unknown) => {
      if (!(error instanceof OutboundError)) throw error;
      throw new ExitError(`--to cannot be delivered to: ${error.message}`, exitCodes.usage, { cause: error });
    });
    if (file !== '-') await readable(file);
    const bytes = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1 << 16 });
    const request = {
      webhook_url: to,
      export_title: title ?? (file === '-' ? null : basename(file)),
      export_timestamp: timestamp ?? null,
      notes: notes ?? null,
    };
    const made = await receiveFile(database.sql, workflow, bytes, async () => request).catch(fileError);
    if (detach) {
      output.result(made, () => line(`Delivery ${made.delivery_id}: ${made.message}`));
      return exitCodes.ok;
    }

    process.once('SIGINT', onSignal);
    process.once('SIGTERM', onSignal);
    await sendShowing(context, outbound, made, stop.signal);
    const delivery = await readDelivery(database.sql, made.delivery_id);
    output.result(delivery, () => printDelivery(delivery));
    return exitCodeOf(delivery, stop.signal.aborted);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await outbound.close();
  }
}

/** Sends a delivery, with a bar for whoever watches. */
async function sendShowing(
  { config, database: { sql }, output }: Context,
  outbound: Outbound,
  { delivery_id: id, total_rows: total }: MadeDelivery,
  signal: AbortSignal,
): Promise<void> {
  const progress = process.stderr.isTTY && !output.json ? terminalProgress('rows') : noProgress;
  progress.start(total, 0, 0);
  const watching = setInterval(() => {
    readDelivery(sql, id)
      .then(({ sent, failed, skipped }) => progress.update(sent + failed + skipped, sent + failed, failed))
      // A look that fails is made again in a moment; a database that is gone ends the command itself.
      .catch(() => undefined);
  }, 500);
  try {
    await sendDelivery(sql, outbound, config, id, createLog({ level: 'error', pretty: true }), signal);
  } finally {
    clearInterval(watching);
    progress.stop();
  }
}

function exitCodeOf({ id, state, failed, skipped }: DeliveryDocument, stopped: boolean): number {
  if (stopped && state === 'sending') {
    process.stderr.write(`Stopped. A worker sends the rest; to prevent it: hq deliveries cancel ${id}\n`);
    return 130;
  }
  return state === 'done' && failed + skipped === 0 ? exitCodes.ok : exitCodes.data;
}

async function readable(file: string): Promise<void> {
  const found = await stat(file).catch((error: unknown) => {
    throw new ExitError(`${file} cannot be read (${errorMessage(error)}).`, exitCodes.usage, {
      cause: error,
    });
  });
  if (found.isDirectory()) throw new ExitError(`${file} is a folder, not a file.`, exitCodes.usage);
}

function fileError(error: unknown): never {
  if (error instanceof FileProblem) throw new ExitError(error.message, exitCodes.data, { cause: error });
  if (error instanceof postgres.PostgresError && error.code === 'BADRQ') {
    throw new ExitError(error.message, exitCodes.data, { cause: error });
  }
  throw error;
}
