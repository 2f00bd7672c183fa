import type { Sql } from '../database/connect.ts';
import type { deliveryStates } from '../deliver/states.ts';
import { ExitError, errorCode, errorMessage, exitCodes } from '../errors.ts';
import { isUuid } from '../uuid.ts';
import { line, table } from './output.ts';
import type { Context } from './program.ts';

type Failure = {
  position: number;
  state: string;
  attempts: number;
  status: number | null;
  problem: string;
  /** what the receiver said */
  answer: string | null;
};

/** What etl.delivery gives. */
export type DeliveryDocument = {
  id: string;
  workflow_slug: string;
  title: string | null;
  destination: string;
  state: (typeof deliveryStates)[number];
  total: number;
  sent: number;
  failed: number;
  skipped: number;
  waiting: number;
  rate: number | null;
  seconds_left: number | null;
  problem: string | null;
  created_at: string;
  failures: Failure[];
};

/** One delivery with its first failures. Refuses an id that names none. */
export async function readDelivery(sql: Sql, id: string, failures = 20): Promise<DeliveryDocument> {
  const [row] = await sql<{ delivery: DeliveryDocument | null }[]>`
    select etl.delivery(delivery_id => ${uuid(id)}::uuid, most_failures => ${failures}) as delivery`;
  if (!row?.delivery) throw unknown(id);
  return row.delivery;
}

/** `hq deliveries list`. */
export async function listDeliveries(
  { database, output }: Context,
  { state, limit }: { state?: string; limit: number },
): Promise<number> {
  const [row] = await database.sql<{ deliveries: DeliveryDocument[] }[]>`
    select etl.list_deliveries(state => ${state ?? null}, most => ${limit}) as deliveries`;
  const deliveries = row?.deliveries ?? [];
  output.result(deliveries, () => {
    if (deliveries.length === 0) return line('There are no deliveries.');
    line(
      table(deliveries, [
        'id',
        'state',
        'total',
        'sent',
        'failed',
        'waiting',
        'rate',
        'destination',
        'title',
      ]),
    );
  });
  return exitCodes.ok;
}

/** `hq deliveries show`. */
export async function showDelivery(
  { database, output }: Context,
  id: string,
  { failures }: { failures: number },
): Promise<number> {
  const delivery = await readDelivery(database.sql, id, failures);
  output.result(delivery, () => printDelivery(delivery));
  return exitCodes.ok;
}

/** `hq deliveries pause`, `resume`, `cancel` and `retry`. */
export async function changeDelivery(
  { database, output }: Context,
  action: 'pause' | 'resume' | 'cancel' | 'retry',
  id: string,
): Promise<number> {
  const [row] = await database.sql<{ delivery: DeliveryDocument | null }[]>`
    select etl.change_delivery(delivery_id => ${uuid(id)}::uuid, action => ${action}) as delivery`.catch(
    (error: unknown) => {
      if (errorCode(error) !== 'DLVST') throw error;
      throw new ExitError(`${errorMessage(error)}.`, exitCodes.data, { cause: error });
    },
  );
  const delivery = row?.delivery;
  if (!delivery) throw unknown(id);
  output.result(delivery, () => printDelivery(delivery));
  return exitCodes.ok;
}

/** A delivery for a person: what it is, how far, and what failed. */
export function printDelivery(delivery: DeliveryDocument): void {
  const { id, state, total, sent, failed, skipped, waiting, rate, seconds_left: left, problem } = delivery;
  line(`Delivery ${id} to ${delivery.destination}: ${state}.`);
  const counts = [
    `${sent} of ${total} rows sent`,
    `${failed} failed`,
    `${skipped} skipped`,
    `${waiting} waiting`,
  ];
  line(
    `${counts.join(', ')}${rate === null ? '' : `; ${rate} a second`}${left === null ? '' : `, ${left} s left`}.`,
  );
  if (problem !== null) line(problem);
  if (delivery.failures.length > 0) {
    line();
    line(table(delivery.failures, ['position', 'state', 'attempts', 'status', 'problem', 'answer'], 90));
  }
}

function uuid(id: string): string {
  if (!isUuid(id)) throw unknown(id);
  return id;
}

function unknown(id: string): ExitError {
  return new ExitError(`There is no delivery "${id}": hq deliveries lists them.`, exitCodes.data);
}
