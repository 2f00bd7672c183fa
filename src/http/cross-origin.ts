import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';

import type { Env } from './context.ts';

/** What a page may see of an answer beside its body. */
const exposed = [
  ...['Content-Disposition', 'ETag', 'Idempotency-Replayed', 'Location', 'Next-Cursor', 'Retry-After'],
  'X-Request-Id',
];
const preflightSeconds = 600;

/**
 * Lets web pages of these origins call the API, with any method and header. Requests from other pages are answered as any,
 * and the browser keeps the answer from the page.
 */
export function crossOrigin(origins: readonly string[]): MiddlewareHandler<Env> {
  const allow = cors({
    origin: [...origins],
    credentials: true,
    exposeHeaders: exposed,
    maxAge: preflightSeconds,
  });
  return async function allowOrigins(c, next) {
    if (origins.includes(c.req.header('origin') ?? '')) return allow(c, next);
    await next();
    c.header('Vary', 'Origin', { append: true });
    return undefined;
  };
}
