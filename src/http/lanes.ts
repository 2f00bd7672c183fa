import { type Sql, sameDatabase } from '../database/connect.ts';
import { isConnectionLoss } from '../errors.ts';
import { Problem } from './problems.ts';
import { currentTenant, noTenant } from './tenant.ts';

// Longer than any network hiccup that still ends well; after it the outcome of the call is unknown.
const graceMs = 5_000;

interface Lane {
  sql: Sql;
  /** statement_timeout of the lane's connection, null when not known. */
  timeoutMs: number | null;
  /** hq.client_domain of the lane's connection. Known when timeoutMs is. */
  tenant: string;
}

/**
 * A fixed number of connections of our own, one call at a time on each, every call under its own `statement_timeout`.
 * The server itself ends a call that takes too long (SQLSTATE 57014, rolled back), so no cancel request can hit a
 * neighbour on a shared connection. A call made for a request sees the rows of tenants that its caller may see. Setting
 * timeout and tenant costs a message only when they differ from the last ones.
 */
export class Lanes {
  readonly #origin: Sql;
  readonly #all: Lane[];
  readonly #free: Lane[];
  readonly #waiting: ((lane: Lane) => void)[] = [];

  constructor(sql: Sql, size: number) {
    this.#origin = sql;
    this.#all = Array.from({ length: size }, () => this.#open({} as Lane));
    this.#free = [...this.#all];
  }

  /** Runs one statement on a free connection, waiting for one if need be. */
  async call<T>(timeoutMs: number, statement: (sql: Sql) => PromiseLike<T>): Promise<T> {
    const lane =
      this.#take(currentTenant()) ?? (await new Promise<Lane>((resolve) => this.#waiting.push(resolve)));
    return withGrace(this.#runAndRelease(lane, timeoutMs, statement), timeoutMs + graceMs);
  }

  /** A free lane, one that is set for the tenant if there is one. */
  #take(tenant: string): Lane | undefined {
    const at = this.#free.findLastIndex((lane) => lane.tenant === tenant);
    return at < 0 ? this.#free.pop() : this.#free.splice(at, 1)[0];
  }

  /** Closes all connections; calls under way get up to `seconds` to end. */
  async close(seconds: number): Promise<void> {
    await Promise.all(this.#all.map((lane) => lane.sql.end({ timeout: seconds })));
  }

  #open(lane: Lane): Lane {
    lane.timeoutMs = null;
    lane.tenant = noTenant;
    lane.sql = sameDatabase(this.#origin, {
      fetch_types: false,
      // A connection that is opened in place of a lost one shows nothing until it is told what it may.
      connection: { ...this.#origin.options.connection, 'hq.client_domain': noTenant },
      onclose: () => {
        lane.timeoutMs = null;
      },
    });
    return lane;
  }

  async #runAndRelease<T>(
    lane: Lane,
    timeoutMs: number,
    statement: (sql: Sql) => PromiseLike<T>,
  ): Promise<T> {
    try {
      return await this.#run(lane, timeoutMs, statement);
    } catch (error) {
      // postgres.js gives the error that ended a connection again to the first query on the next one: start afresh.
      if (isConnectionLoss(error)) {
        void lane.sql.end({ timeout: 0 });
        this.#open(lane);
      }
      throw error;
    } finally {
      this.#release(lane);
    }
  }

  async #run<T>(lane: Lane, timeoutMs: number, statement: (sql: Sql) => PromiseLike<T>): Promise<T> {
    const tenant = currentTenant();
    if (lane.timeoutMs === timeoutMs && lane.tenant === tenant) return statement(lane.sql);
    // Short statements in plenty: compiling them to machine code costs more than running them.
    const set = lane.sql`
      select set_config('statement_timeout', ${String(timeoutMs)}, false), set_config('jit', 'off', false),
             set_config('hq.client_domain', ${tenant}, false)`.then(() => {
      lane.timeoutMs = timeoutMs;
      lane.tenant = tenant;
    });
    lane.timeoutMs = null;
    // Who may not see all is not answered before the setting is known to hold.
    if (tenant !== '') await set;
    const [, answer] = await Promise.all([set, statement(lane.sql)]);
    return answer;
  }

  #release(lane: Lane): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#free.push(lane);
    } else {
      next(lane);
    }
  }
}

async function withGrace<T>(finished: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new Problem(
          'timeout',
          'The database stopped answering: whether the payload is stored is not known. Sending it again is safe.',
        ),
      );
    }, limitMs);
  });
  try {
    return await Promise.race([finished, limit]);
  } finally {
    clearTimeout(timer);
  }
}
