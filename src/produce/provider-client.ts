import type { Outbound } from '../clients/outbound.ts';
import { retryAfterMs } from '../clients/retry-after.ts';
import { OutsideError } from './outside-error.ts';
import { asOutsideError } from './pages.ts';
import type { ProviderSlots } from './slots.ts';
import type { CallResult, ProductionStore, ProviderCall } from './store.ts';

const timeoutMs = 60_000;
// The largest known answer, all facts that the SEC has about a company, is some megabytes.
const mostBytes = 64 * 1024 * 1024;
const mostEvidence = 4_000;

/** What declarations may name: base URLs by provider, and the settings that their headers ask for by name. */
export type ProviderSecrets = { baseUrls: Record<string, string>; values: Record<string, string> };

/** Calls the JSON APIs of providers, as etl.provider and the calls of a producer declare them. */
export class ProviderClient {
  readonly #store: ProductionStore;
  readonly #outbound: Outbound;
  readonly #slots: ProviderSlots;
  readonly #secrets: ProviderSecrets;

  constructor(store: ProductionStore, outbound: Outbound, slots: ProviderSlots, secrets: ProviderSecrets) {
    this.#store = store;
    this.#outbound = outbound;
    this.#slots = slots;
    this.#secrets = secrets;
  }

  /** The answer to one call. Rejects with an OutsideError, or with the reason of the signal. */
  async call(production: string, call: ProviderCall, signal: AbortSignal): Promise<CallResult> {
    const keep = call.keep_path === undefined ? {} : { keep_path: call.keep_path };
    if ('known' in call) return { known: call.known };
    const provider = await this.#store.provider(call.provider);
    const base = this.#secrets.baseUrls[call.provider] ?? provider?.base_url;
    if (provider === null || !base) {
      throw new OutsideError(
        'NOCFG',
        `Nothing says where the provider "${call.provider}" is: declare it with etl.provider.`,
      );
    }
    const url = base.replace(/\/$/, '') + call.path;
    const headers = { Accept: 'application/json', ...this.#filled(provider.headers) };
    return this.#slots.call<CallResult>(
      production,
      call.provider,
      timeoutMs,
      signal,
      async (abortSignal) => {
        const response = await this.#outbound.fetch(url, {
          method: call.method ?? 'GET',
          headers: call.body === undefined ? headers : { ...headers, 'Content-Type': 'application/json' },
          ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
          keepMethod: true,
          timeoutMs,
          maxBytes: mostBytes,
          signal: abortSignal,
        });
        const text = await response.text();
        if (!response.ok) throw new RefusedByProvider(call.provider, response, text);
        return {
          value: { status: response.status, body: parse(text, call.provider), ...keep },
          record: { outcome: 'ok', status: response.status },
        };
      },
      (error) => {
        if (error instanceof RefusedByProvider) {
          return { failure: error.failure, record: { status: error.status } };
        }
        if (error instanceof Error && /^(TimeoutError|AbortError)$/.test(error.name)) {
          const said = `${call.provider} did not answer within ${timeoutMs / 1000} seconds.`;
          return { failure: new OutsideError('OUTTM', said, { transient: true }), record: {} };
        }
        return { failure: asOutsideError(error, call.provider), record: {} };
      },
    );
  }

  /** Headers with {{SETTING}} filled in, from the few settings that declarations may name. */
  #filled(headers: Record<string, string>): Record<string, string> {
    return Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        value.replace(/\{\{([A-Z0-9_]+)\}\}/g, (_, setting: string) => {
          const known = this.#secrets.values[setting];
          if (known === undefined)
            throw new OutsideError('NOCFG', `The setting ${setting} is missing: set it and try again.`);
          return known;
        }),
      ]),
    );
  }
}

class RefusedByProvider extends Error {
  readonly status: number;
  readonly failure: OutsideError;

  constructor(provider: string, response: Response, text: string) {
    super(`status ${response.status}`);
    this.status = response.status;
    this.failure = new OutsideError(
      response.status === 401 || response.status === 403 ? 'NOCFG' : 'OUTFL',
      `${provider} answers with status ${response.status}.`,
      {
        transient: response.status === 408 || response.status === 429 || response.status >= 500,
        retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
        evidence: { status: response.status, body: text.slice(0, mostEvidence) },
      },
    );
  }
}

function parse(text: string, provider: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OutsideError(
      'OUTFL',
      `${provider} answers with something that is not JSON.`,
      { transient: true, evidence: text.slice(0, mostEvidence) },
      { cause: error },
    );
  }
}
