import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Outbound, OutboundError } from '../clients/outbound.ts';
import { retryAfterMs } from '../clients/retry-after.ts';
import { errorCode } from '../errors.ts';
import { OutsideError } from './outside-error.ts';
import { backOff } from './retrying.ts';
import type { Claim, PageContent, PageReference, ProductionStore } from './store.ts';

const timeoutMs = 15_000;
const mostBytes = 5 * 1024 * 1024;
const attempts = 3;
const waitMs = 250;

// Sites serve unknown programs less than browsers, and what visitors see is what is asked about.
const headers = {
  'User-Agent':
    'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  Accept: 'text/html,application/xhtml+xml,text/plain;q=0.8,*/*;q=0.1',
  'Accept-Language': 'en',
};

/** Reads web pages through the table etl.pages: each address is fetched by one process at a time, and kept for a while. */
export class PageReader {
  readonly #store: ProductionStore;
  readonly #outbound: Outbound;

  constructor(store: ProductionStore, outbound: Outbound) {
    this.#store = store;
    this.#outbound = outbound;
  }

  /**
   * The page, from what is kept or from the site. `reader`: the production that it is read for; without one nobody lands
   * anything. Rejects with an OutsideError, with the reason of the signal, or with LOSTC when the reader has lost its claim.
   */
  async read(
    url: string,
    keptForSeconds: number,
    signal: AbortSignal,
    reader: Claim | null = null,
  ): Promise<PageReference> {
    const fetcher = reader?.claim ?? randomUUID();
    for (;;) {
      signal.throwIfAborted();
      const claim = await this.#store.claimPage(url, fetcher, keptForSeconds, reader?.id);
      if (claim.do === 'use') return claim.page;
      if (claim.do === 'fetch') {
        try {
          return await this.#fetchAndKeep(url, fetcher, claim, signal);
        } catch (error) {
          await this.#store.dropPageClaim(url, fetcher);
          throw error;
        }
      }
      await sleep(waitMs, undefined, { signal });
    }
  }

  async #fetchAndKeep(
    url: string,
    fetcher: string,
    known: { etag: string | null; last_modified: string | null },
    signal: AbortSignal,
  ): Promise<PageReference> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const page = await this.#fetch(url, known, signal);
        return await this.#store.keepPage(url, fetcher, page);
      } catch (error) {
        signal.throwIfAborted();
        if (errorCode(error) === 'LOSTC') throw erasedMeanwhile(url, error);
        const failure = asOutsideError(error, url);
        if (!failure.transient || attempt === attempts) throw failure;
        await backOff(attempt, failure.retryAfterMs, signal, failure);
      }
    }
  }

  async #fetch(
    url: string,
    known: { etag: string | null; last_modified: string | null },
    signal: AbortSignal,
  ) {
    const response = await this.#outbound.fetch(url, {
      headers: {
        ...headers,
        ...(known.etag === null ? {} : { 'If-None-Match': known.etag }),
        ...(known.last_modified === null ? {} : { 'If-Modified-Since': known.last_modified }),
      },
      timeoutMs,
      maxBytes: 4 * mostBytes,
      signal,
    });
    const page = {
      finalUrl: response.url,
      status: response.status,
      etag: response.headers.get('etag'),
      lastModified: response.headers.get('last-modified'),
    };
    if (response.status === 304) return { ...page, status: 200, content: null };
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new OutsideError('OUTFL', `${url} answers with status ${response.status}.`, {
        transient: response.status === 429 || response.status >= 500,
        retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
      });
    }
    return { ...page, content: await contentOf(response, url) };
  }
}

/** etl.forget came in between: whoever still has a use for the page reads it anew. */
function erasedMeanwhile(url: string, cause: unknown): OutsideError {
  return new OutsideError('OUTFL', `${url} was erased while it was read.`, { transient: true }, { cause });
}

async function contentOf(response: Response, url: string): Promise<PageContent> {
  const type = response.headers.get('content-type') ?? 'text/html';
  if (!/^(text\/|application\/(xhtml\+xml|json|xml))/i.test(type)) {
    await response.body?.cancel();
    throw new OutsideError('NOTXT', `${url} is no web page but ${type.split(';')[0]}.`);
  }
  const { bytes, isCut } = await firstBytes(response);
  const text = decode(bytes, type);
  // Loaded with the first page: a server that reads none is spared 20 MB.
  const { pageContent, plainContent } = await import('./page-text.ts');
  const content = /html/i.test(type) ? pageContent(text, response.url) : plainContent(text);
  return isCut ? { ...content, is_cut: true } : content;
}

async function firstBytes(response: Response): Promise<{ bytes: Uint8Array; isCut: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > mostBytes) break; // leaving the loop cancels the rest
  }
  return { bytes: Buffer.concat(chunks).subarray(0, mostBytes), isCut: size > mostBytes };
}

function decode(bytes: Uint8Array, contentType: string): string {
  const named =
    /charset="?([\w-]+)/i.exec(contentType)?.[1] ??
    /<meta[^>]+charset=["']?([\w-]+)/i.exec(Buffer.from(bytes.subarray(0, 2_048)).toString('latin1'))?.[1];
  try {
    return new TextDecoder(named ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes); // the page names a charset that nobody knows
  }
}

/** What a failed call to the outside means for a production. */
export function asOutsideError(error: unknown, url: string): OutsideError {
  if (error instanceof OutsideError) return error;
  if (error instanceof OutboundError) {
    const code = error.retryable ? (error.code === 'timeout' ? 'OUTTM' : 'OUTFL') : 'OUTRF';
    return new OutsideError(
      code,
      `${url} cannot be read: ${error.message}`,
      { transient: error.retryable },
      { cause: error },
    );
  }
  throw error;
}
