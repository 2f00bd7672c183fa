import { hash } from 'node:crypto';

import type { Calls, Principal } from './calls.ts';
import type { AppContext } from './context.ts';
import { Problem } from './problems.ts';

export type Scope = 'ingest' | 'read' | 'admin';

type Remembered = { principal: Promise<Principal | null>; until: number };

// A notification ends an entry at once; this is for when it is lost, and moves last_used_at.
const rememberMs = 5_000;
const mostRemembered = 10_000;

/** Knows callers by their API key. Keys are remembered for a few seconds, by their SHA-256. */
export class Authenticator {
  readonly #calls: Calls;
  readonly #remembered = new Map<string, Remembered>();

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** Forgets all keys: one was made, changed or revoked. */
  forget(): void {
    this.#remembered.clear();
  }

  /** The caller, who has one of the scopes (admin has all); else a problem: 401 or 403. */
  async authenticate(c: AppContext, scopes: readonly Scope[]): Promise<Principal> {
    const key = keyOf(c);
    if (key === undefined) {
      throw unauthorized('No API key was sent: use "Authorization: Bearer <key>" or "X-API-Key: <key>".');
    }
    const principal = await this.#find(hash('sha256', key, 'base64'));
    if (!principal) throw unauthorized('The API key is unknown or revoked.', ', error="invalid_token"');
    if (!principal.scopes.includes('admin') && !scopes.some((scope) => principal.scopes.includes(scope))) {
      throw new Problem(
        'forbidden',
        `The API key "${principal.name}" needs the scope ${scopes.join(' or ')}; it has ${principal.scopes.join(', ')}.`,
      );
    }
    return principal;
  }

  #find(keyHash: string): Promise<Principal | null> {
    const remembered = this.#remembered.get(keyHash);
    if (remembered && remembered.until > performance.now()) return remembered.principal;
    if (this.#remembered.size >= mostRemembered) this.#remembered.clear();
    const principal = this.#calls.authenticate(Buffer.from(keyHash, 'base64'));
    this.#remembered.set(keyHash, { principal, until: performance.now() + rememberMs });
    principal.catch(() => this.#remembered.delete(keyHash));
    return principal;
  }
}

function keyOf(c: AppContext): string | undefined {
  const apiKey = c.req.header('x-api-key');
  if (apiKey) return apiKey.trim();
  return /^bearer\s+(\S+)\s*$/i.exec(c.req.header('authorization') ?? '')?.[1];
}

function unauthorized(detail: string, error = ''): Problem {
  return new Problem('unauthorized', detail, {}, { 'WWW-Authenticate': `Bearer realm="hq"${error}` });
}
