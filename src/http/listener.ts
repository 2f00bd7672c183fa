import { setTimeout as sleep } from 'node:timers/promises';

import { sameDatabase, type Sql } from '../database/connect.ts';
import { errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import { Signal } from './signal.ts';

const retryMs = 500;

export type ListenerOptions = {
  sql: Sql;
  log: Log;
  /** channel → what to do with a notification's payload */
  channels: Record<string, (payload: string) => void>;
  /** called after every (re)connection: whatever was notified in between is lost, so read everything again */
  onConnected: () => Promise<void>;
};

/**
 * LISTEN on one connection of its own, for ever: after a lost connection it listens again, however long the server
 * was away, and `onConnected` runs again. (postgres.js's own `sql.listen` gives up when the first reconnection fails.)
 */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #connection: Sql;
  #closed = new Signal();
  #stopping = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#connection = sameDatabase(options.sql, {
      fetch_types: false,
      idle_timeout: null,
      max_lifetime: null,
      onclose: () => this.#closed.happen(),
      onnotify: (channel: string, payload: string) => options.channels[channel]?.(payload),
    });
  }

  /** Resolves when listening and read for the first time; rejects when that fails. */
  async start(): Promise<void> {
    await this.#listen();
    this.#running = this.#keepListening();
  }

  /** Ends the connection. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#connection.end({ timeout: 1 });
    this.#closed.happen();
    await this.#running;
  }

  async #listen(): Promise<void> {
    this.#closed = new Signal();
    for (const channel of Object.keys(this.#options.channels)) {
      await this.#connection`listen ${this.#connection(channel)}`;
    }
    await this.#options.onConnected();
  }

  async #keepListening(): Promise<void> {
    await this.#closed.happened;
    while (!this.#stopping) {
      try {
        await this.#listen();
        await this.#closed.happened;
      } catch (error) {
        this.#options.log.warn(
          { reason: errorMessage(error) },
          'not listening to the database; trying again',
        );
        await sleep(retryMs);
      }
    }
  }
}
