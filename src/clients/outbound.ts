import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { Agent, buildConnector, fetch as undiciFetch } from 'undici';

import { errorCode, errorMessage } from '../errors.ts';
import { type AllowList, addressRefusal, isHostAllowed, isPortAllowed } from './addresses.ts';

export { type AllowList, parseAllowList } from './addresses.ts';

export type OutboundCode =
  | 'bad-url'
  | 'bad-scheme'
  | 'has-credentials'
  | 'port-refused'
  | 'address-refused'
  | 'bad-redirect'
  | 'too-many-redirects'
  | 'too-large'
  | 'unknown-host'
  | 'connection'
  | 'timeout';

/** What went wrong with a call to the outside, in one sentence that names the host and never the whole URL. */
export abstract class OutboundError extends Error {
  readonly code: OutboundCode;
  /** whether the same call may succeed later */
  abstract readonly retryable: boolean;

  constructor(code: OutboundCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The destination, a redirect or the size of its answer is not acceptable: trying again cannot help. */
export class OutboundRefused extends OutboundError {
  override name = 'OutboundRefused';
  readonly retryable = false;
}

/** The destination could not be reached, or did not answer in time: trying again may help. */
export class OutboundFailed extends OutboundError {
  override name = 'OutboundFailed';
  readonly retryable = true;
}

export type OutboundInit = RequestInit & {
  /** for the whole call, from the name's resolution to the last byte of the body; 30 s unless told */
  timeoutMs?: number;
  /** of the answer's body, after decompression; 10 MiB unless told. Reading past it throws. */
  maxBytes?: number;
  /** 5 unless told; each is checked like the first URL */
  maxRedirects?: number;
  /** true refuses a redirect that would turn a POST into a GET, and so lose what was sent */
  keepMethod?: boolean;
};

export type OutboundOptions = {
  /** what may be reached although it is not public: see `parseAllowList` */
  allow: AllowList;
  /** how names are resolved; the system's way unless told */
  lookup?: Lookup;
  /** CAs to trust besides the usual ones, PEM */
  ca?: string | Buffer;
};

/** `dns.lookup` with `all: true`. */
export type Lookup = (
  hostname: string,
  options: { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export type Outbound = {
  /**
   * Like the standard `fetch`, but only to acceptable destinations, judged by the address at each connection, and
   * within limits of time and size. Rejects with an `OutboundError`, or with the reason of an aborted `init.signal`.
   */
  fetch(input: string | URL | Request, init?: OutboundInit): Promise<Response>;
  /** Resolves when the URL is acceptable now; rejects with the `OutboundError` that `fetch` would give. */
  check(url: string | URL): Promise<void>;
  /** Closes the connections; calls under way are aborted. */
  close(): Promise<void>;
};

const defaults = { timeoutMs: 30_000, maxBytes: 10 * 1024 * 1024, maxRedirects: 5 };
const connectTimeoutMs = 10_000;

/** Headers that may follow a redirect to another origin: none that could carry a secret. */
const harmlessHeaders = new Set(['accept', 'accept-language', 'content-type', 'user-agent']);

/**
 * The one way out: every call to an address that a user, a row or a web page gave goes through here. Proxy variables
 * of the environment are not looked at, since a proxy would resolve names unchecked.
 */
export function createOutbound({ allow, lookup = systemLookup, ca }: OutboundOptions): Outbound {
  const connectors = new Map<number, buildConnector.connector>();

  // One connector per port, as a lookup is told the host's name but not the port, which allow-list entries may hold.
  function connectorFor(port: number): buildConnector.connector {
    let connector = connectors.get(port);
    if (connector === undefined) {
      connector = buildConnector({
        timeout: connectTimeoutMs,
        lookup: guardedLookup(port, allow, lookup),
        ...(ca === undefined ? {} : { ca }),
      });
      connectors.set(port, connector);
    }
    return connector;
  }

  const agent = new Agent({
    connect(options, callback) {
      const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
      // Node connects to a literal address without a lookup.
      const refused =
        isIP(options.hostname) > 0 ? refusal(options.hostname, [options.hostname], port, allow) : null;
      if (refused) callback(refused, null);
      else connectorFor(port)(options, callback);
    },
  });

  async function check(input: string | URL): Promise<void> {
    const url = acceptableUrl(input, allow);
    const hostname = bareHostname(url);
    const port = portOf(url);
    if (isIP(hostname) > 0) {
      const refused = refusal(hostname, [hostname], port, allow);
      if (refused) throw refused;
      return;
    }
    const resolved = new Promise<void>((resolve, reject) => {
      guardedLookup(port, allow, lookup)(hostname, { all: true }, (error) => {
        if (error) reject(asOutboundError(error, url));
        else resolve();
      });
    });
    const timer = new AbortController();
    const late = sleep(connectTimeoutMs, undefined, { signal: timer.signal, ref: false }).then(() => {
      throw new OutboundFailed(
        'timeout',
        `${hostname} was not resolved within ${connectTimeoutMs / 1000} s.`,
      );
    });
    try {
      await Promise.race([resolved, late]);
    } finally {
      timer.abort();
      late.catch(() => undefined);
    }
  }

  async function fetch(input: string | URL | Request, init: OutboundInit = {}): Promise<Response> {
    const { timeoutMs, maxBytes, maxRedirects, keepMethod, ...standard } = { ...defaults, ...init };
    let url = acceptableUrl(input instanceof Request ? input.url : input, allow);
    const request = new Request(input instanceof Request ? input : url, standard);
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([deadline, request.signal]);
    let { method } = request;
    let headers = new Headers(request.headers);
    // Kept whole, so that a redirect which keeps the method can send it again.
    let body = request.body === null ? null : new Uint8Array(await request.arrayBuffer());

    for (let hops = 0; ; hops += 1) {
      let response;
      try {
        response = await undiciFetch(url, {
          method,
          headers: [...headers],
          body,
          redirect: 'manual',
          signal,
          dispatcher: agent,
        });
      } catch (error) {
        throw request.signal.aborted ? request.signal.reason : asOutboundError(error, url);
      }
      const location = redirectStatuses.has(response.status) ? response.headers.get('location') : null;
      if (location === null || request.redirect === 'manual') {
        return limited(response, { url, redirected: hops > 0, maxBytes, signal: request.signal });
      }
      await response.body?.cancel();

      const next = redirectTarget(location, url, allow);
      if (request.redirect === 'error' || hops >= maxRedirects) {
        throw new OutboundRefused(
          'too-many-redirects',
          request.redirect === 'error'
            ? `${url.host} redirects to ${next.host}, and redirects are not followed here.`
            : `${url.host} redirects once more after ${maxRedirects} redirects.`,
        );
      }
      if (becomesGet(response.status, method)) {
        if (keepMethod) {
          throw new OutboundRefused(
            'bad-redirect',
            `${url.host} redirects to ${next.host} with status ${response.status}, which would turn the ${method} into a GET and lose its body; use the address that it redirects to.`,
          );
        }
        method = 'GET';
        body = null;
        headers.delete('content-type');
      }
      if (next.origin !== url.origin) {
        headers = new Headers([...headers].filter(([name]) => harmlessHeaders.has(name)));
      }
      url = next;
    }
  }

  return { fetch, check, close: () => agent.destroy() };
}

const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/** The Fetch standard's rule. */
function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}

function redirectTarget(location: string, from: URL, allow: AllowList): URL {
  try {
    return acceptableUrl(URL.parse(location, from.href) ?? location, allow);
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    throw new OutboundRefused(error.code, `${from.host} redirects to a refused address: ${error.message}`, {
      cause: error,
    });
  }
}

/**
 * Reads a URL by the WHATWG rules, which write an address given in decimal, octal, hexadecimal or full-width digits
 * as the address it is; what is connected to is what was judged, as one parser serves both.
 */
function acceptableUrl(input: string | URL, allow: AllowList): URL {
  const url = input instanceof URL ? input : URL.parse(input);
  if (url === null) {
    throw new OutboundRefused('bad-url', 'This is no absolute URL; it must look like https://host/path.');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new OutboundRefused(
      'bad-scheme',
      `The URL must start with https:// or http://, not ${url.protocol}`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new OutboundRefused(
      'has-credentials',
      `The URL must not hold a user name or password before the host ${url.host}.`,
    );
  }
  const hostname = bareHostname(url);
  const port = portOf(url);
  if (!isPortAllowed(hostname, port, allow)) {
    throw new OutboundRefused(
      'port-refused',
      `Port ${port} of ${hostname} is not one of 80, 443, 8080, 8443; HQ_OUTBOUND_ALLOW can allow it.`,
    );
  }
  return url;
}

/** IPv6 addresses stand in brackets in a URL, and nowhere else. */
function bareHostname(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}

/**
 * A lookup for one port that gives only acceptable addresses, and none where one is not: a name with public and
 * private addresses is how a check is slipped past.
 */
function guardedLookup(port: number, allow: AllowList, lookup: Lookup): LookupFunction {
  return (hostname, { all }, callback) => {
    lookup(hostname, { all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const [first] = addresses;
      const refused = refusal(
        hostname,
        addresses.map(({ address }) => address),
        port,
        allow,
      );
      if (refused) return callback(refused, []);
      if (first === undefined) {
        return callback(new OutboundFailed('unknown-host', `${hostname} has no address.`), []);
      }
      if (all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function refusal(
  hostname: string,
  addresses: string[],
  port: number,
  allow: AllowList,
): OutboundRefused | null {
  if (isHostAllowed(hostname, port, allow)) return null;
  for (const address of addresses) {
    const reason = addressRefusal(address, port, allow);
    if (reason === undefined) continue;
    const place = address === hostname ? hostname : `${hostname} (${address})`;
    return new OutboundRefused('address-refused', `${place} ${reason}; HQ_OUTBOUND_ALLOW can allow it.`);
  }
  return null;
}

/** The reason behind what `fetch` or a lookup threw. */
function asOutboundError(error: unknown, url: URL): OutboundError {
  const own = causes(error).find((cause) => cause instanceof OutboundError);
  if (own !== undefined) return own;
  const names = causes(error).map((cause) => (cause instanceof Error ? cause.name : ''));
  const codes = causes(error).map(errorCode);
  if (
    names.includes('TimeoutError') ||
    codes.some((code) => code?.endsWith('_TIMEOUT') || code === 'ETIMEDOUT')
  ) {
    return new OutboundFailed('timeout', `${url.host} did not answer in time.`, { cause: error });
  }
  if (codes.includes('ENOTFOUND') || codes.includes('EAI_AGAIN')) {
    return new OutboundFailed('unknown-host', `The name ${url.hostname} cannot be resolved.`, {
      cause: error,
    });
  }
  const deepest = causes(error).at(-1);
  return new OutboundFailed('connection', `${url.host} cannot be reached: ${errorMessage(deepest)}.`, {
    cause: error,
  });
}

/** An error, what caused it, what caused that, and the parts of those that hold several. */
function causes(error: unknown): unknown[] {
  if (!(error instanceof Error)) return [error];
  const parts = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const inner = [...parts, error.cause].filter((cause) => cause !== undefined);
  return [error, ...inner.flatMap(causes)];
}

type Limits = { url: URL; redirected: boolean; maxBytes: number; signal: AbortSignal };

/** The answer as a standard Response whose body ends with an error once it is longer than it may be. */
function limited(
  response: Awaited<ReturnType<typeof undiciFetch>>,
  { url, redirected, maxBytes, signal }: Limits,
): Response {
  const tooLarge = () =>
    new OutboundRefused('too-large', `The answer of ${url.host} is larger than ${maxBytes} bytes.`);
  const reader = response.body?.getReader();
  let size = 0;
  const body =
    reader &&
    new ReadableStream<Uint8Array>({
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) return controller.close();
          size += (value as Uint8Array).byteLength;
          if (size <= maxBytes) return controller.enqueue(value as Uint8Array);
          await reader.cancel();
          controller.error(tooLarge());
        } catch (error) {
          controller.error(signal.aborted ? signal.reason : asOutboundError(error, url));
        }
      },
      cancel: (reason) => reader.cancel(reason),
    });
  const answer = new Response(body ?? null, {
    status: response.status,
    statusText: response.statusText,
    headers: [...response.headers],
  });
  // A Response that is made has neither; callers of fetch expect both.
  return Object.defineProperties(answer, { url: { value: url.href }, redirected: { value: redirected } });
}
