import { setTimeout as sleep } from 'node:timers/promises';

import type { FilePart } from 'ai';

import type { Outbound } from '../clients/outbound.ts';
import type { Sql } from '../database/connect.ts';
import { errorCode, errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Models, ModelSettings } from './models.ts';
import { OutsideError } from './outside-error.ts';
import { PageReader } from './pages.ts';
import { ProviderClient, type ProviderSecrets } from './provider-client.ts';
import { ProviderSlots } from './slots.ts';
import {
  type CallResult,
  type Claim,
  type PageReference,
  type ProducedOutcome,
  type Question,
  ProductionStore,
  type Step,
} from './store.ts';

export type ProducerSettings = ModelSettings & {
  /** US dollars a month that models may cost; undefined: no limit */
  monthlyBudgetUsd: number | undefined;
  /** what declared providers may use */
  secrets: ProviderSecrets;
};

export type ProducerParts = { sql: Sql; outbound: Outbound; settings: ProducerSettings; log: Log };

// A claim that was lost half way is looked at again after this, to see what the new holder makes of it.
const pollMs = 300;
const renewMs = 60_000;
const afterFaultMs = 5_000;
const mostRounds = 20;
const homepage = /^https:\/\/[^/]+\/?$/;

/**
 * Does what etl.plan says, one step after the other, until the production has landed or failed: reads pages, calls
 * providers, asks models. What each step brought is in the database before the next one begins, so a killed process
 * costs one step at most.
 */
export class Producer {
  readonly store: ProductionStore;
  readonly #pages: PageReader;
  readonly #models: () => Promise<Models>;
  readonly #providers: ProviderClient;
  readonly #log: Log;

  constructor({ sql, outbound, settings, log }: ProducerParts) {
    this.store = new ProductionStore(sql);
    this.#pages = new PageReader(this.store, outbound);
    let models: Promise<Models> | undefined;
    // Loaded when the first question is asked: a server that asks none is spared 30 MB.
    this.#models = () =>
      (models ??= import('./models.ts').then(
        (loaded) => new loaded.Models(settings, new ProviderSlots(this.store, settings.monthlyBudgetUsd)),
      ));
    // Their calls cost nothing that is counted here, so a used-up budget does not stop them.
    const slots = new ProviderSlots(this.store, undefined);
    this.#providers = new ProviderClient(this.store, outbound, slots, settings.secrets);
    this.#log = log;
  }

  /**
   * Works on a claimed production until it has ended, or until the signal: then it goes back in line. `mayRetry`:
   * nobody is waiting, so after a passing failure it may be tried again later. Gives the outcome so far.
   */
  async work(claim: Claim, signal: AbortSignal, mayRetry: boolean): Promise<ProducedOutcome> {
    // One step can outlast the lease: waiting for a place, and a slow model that is asked again.
    const renewing = setInterval(() => {
      this.store.renew(claim).catch((error: unknown) => {
        this.#log.debug({ production: claim.id }, `The lease was not renewed: ${errorMessage(error)}`);
      });
    }, renewMs);
    try {
      for (let round = 0; round < mostRounds; round += 1) {
        const outcome = await this.#take(claim, await this.store.nextStep(claim), signal, mayRetry);
        if (outcome !== null) return outcome;
      }
      throw new OutsideError(
        'OUTFL',
        `It is still not done after ${mostRounds} rounds; its declaration asks for ever more.`,
      );
    } catch (error) {
      if (errorCode(error) === 'LOSTC') return this.#known(claim);
      if (signal.aborted) {
        await this.store.release(claim);
        return this.#known(claim);
      }
      if (error instanceof OutsideError) return this.#fail(claim, error, mayRetry);
      this.#log.error(
        { err: error, production: claim.id },
        'a production met an unexpected fault; it is tried again',
      );
      await this.store
        .release(claim, afterFaultMs)
        .catch((again: unknown) => this.#log.warn(`Its lease has to run out first: ${errorMessage(again)}`));
      throw error;
    } finally {
      clearInterval(renewing);
    }
  }

  /** Claims a production that a caller waits for, and works on it; gives what another makes of it where it is taken. */
  async workFor(id: string, signal: AbortSignal): Promise<ProducedOutcome> {
    for (;;) {
      const claim = await this.store.claim(id);
      if (claim !== null) return this.work(claim, signal, false);
      const outcome = await this.store.outcome(id);
      if (outcome === null) throw new Error(`There is no production ${id}.`);
      if (outcome.status !== 202 || signal.aborted) return outcome;
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** What would be asked for a body: reads the pages, and calls neither providers nor models. */
  async preview(
    workflow: string,
    key: string | null,
    body: string,
    signal: AbortSignal,
  ): Promise<Step & { pages: PageReference[] }> {
    const pages: PageReference[] = [];
    for (let round = 0; round < mostRounds; round += 1) {
      const step = await this.store.plan(workflow, key, body, pages);
      if (step.do !== 'read_pages') return { ...step, pages };
      pages.push(...(await this.#read(step.urls, step.kept_for_seconds, signal)));
    }
    throw new OutsideError('OUTFL', 'Its declaration asks for ever more pages.');
  }

  async #take(
    claim: Claim,
    step: Step,
    signal: AbortSignal,
    mayRetry: boolean,
  ): Promise<ProducedOutcome | null> {
    signal.throwIfAborted();
    switch (step.do) {
      case 'read_pages': {
        const pages = await this.#read(step.urls, step.kept_for_seconds, signal, claim);
        await this.store.addGathered(claim, { pages });
        return null;
      }
      case 'call': {
        const results: [string, CallResult][] = [];
        try {
          for (const call of step.calls) {
            results.push([call.name, await this.#providers.call(claim.id, call, signal)]);
          }
        } finally {
          // Also what was had before one of them failed: it may have cost something.
          if (results.length > 0)
            await this.store.addGathered(claim, { results: Object.fromEntries(results) });
        }
        return null;
      }
      case 'ask': {
        const files = await this.#files(step.attachments);
        const { answer, model, sources } = await (await this.#models()).ask(claim.id, step, files, signal);
        return this.store.land(claim, answer, model, sources);
      }
      case 'land':
        return this.store.land(claim, step.answer, null);
      case 'stop':
        return this.#known(claim);
      case 'fail':
        return this.store.fail(claim, { code: step.code, detail: step.detail, transient: false, mayRetry });
    }
  }

  async #files(attachments: Question['attachments']): Promise<FilePart[]> {
    return Promise.all(
      attachments.map(async ({ attachment, content_type: mediaType }): Promise<FilePart> => {
        const data = await this.store.attachment(attachment);
        if (data === null)
          throw new OutsideError('NOTXT', 'The file is no longer kept, or was never sent: send it again.');
        return { type: 'file', data, mediaType };
      }),
    );
  }

  async #read(
    urls: string[],
    keptForSeconds: number,
    signal: AbortSignal,
    reader: Claim | null = null,
  ): Promise<PageReference[]> {
    return Promise.all(
      urls.map(async (url) => {
        try {
          return await this.#pages.read(url, keptForSeconds, signal, reader);
        } catch (error) {
          // Some small homepages are served without TLS only.
          if (!(error instanceof OutsideError && error.transient && homepage.test(url))) throw error;
          const page = await this.#pages
            .read(url.replace('https:', 'http:'), keptForSeconds, signal, reader)
            .catch(() => {
              throw error;
            });
          return { ...page, url };
        }
      }),
    );
  }

  async #fail(claim: Claim, error: OutsideError, mayRetry: boolean): Promise<ProducedOutcome> {
    this.#log.debug({ production: claim.id, code: error.code }, error.message);
    try {
      return await this.store.fail(claim, {
        code: error.code,
        detail: error.message,
        transient: error.transient,
        evidence: error.evidence,
        mayRetry,
        delayMs: error.retryAfterMs,
      });
    } catch (again) {
      if (errorCode(again) === 'LOSTC') return this.#known(claim);
      throw again;
    }
  }

  async #known({ id }: Claim): Promise<ProducedOutcome> {
    const outcome = await this.store.outcome(id);
    if (outcome === null) throw new Error(`Production ${id} is gone.`);
    return outcome;
  }
}
