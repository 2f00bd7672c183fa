import { hash } from 'node:crypto';

import { z } from 'zod';

import type { Calls } from './calls.ts';
import { type AppContext, answer, answerJson, unprocessable } from './context.ts';
import { Problem } from './problems.ts';

const timestamp = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

type KeyOf = (c: AppContext) => string;

/** The domain in the path. */
export const companyKey: KeyOf = (c) => {
  const domain = c.req.param('domain') ?? '';
  if (domain.includes('\0')) throw unprocessable([{ parameter: 'domain', detail: 'is no domain' }], 'BADKY');
  return domain;
};

/** The LinkedIn URL in the query. */
export const personKey: KeyOf = (c) => {
  const url = c.req.query('linkedin_url') ?? '';
  if (url.trim() === '') throw unprocessable([{ parameter: 'linkedin_url', detail: 'is required' }], 'BADKY');
  if (url.includes('\0'))
    throw unprocessable([{ parameter: 'linkedin_url', detail: 'is no LinkedIn URL' }], 'BADKY');
  return url;
};

/** Answers with the golden record of a key, as it is or as it was at `as_of`. */
export function recordHandler(calls: Calls, keyOf: KeyOf): (c: AppContext) => Promise<Response> {
  return async function record(c) {
    const key = keyOf(c);
    const at = asOf(c);
    const text = at === undefined ? await calls.goldenRecord(key) : await calls.asOf(key, at);
    return answerWithTag(c, found(text, key, at));
  };
}

/** Answers with where every value of a golden record came from, and what lost against it. */
export function explainHandler(calls: Calls, keyOf: KeyOf): (c: AppContext) => Promise<Response> {
  return async function explain(c) {
    const key = keyOf(c);
    return answerWithTag(c, found(await calls.explain(key), key, undefined));
  };
}

function asOf(c: AppContext): string | undefined {
  const value = c.req.query('as_of');
  if (value === undefined) return undefined;
  // A plus sign that was not escaped arrives as a space.
  const text = value.replace(/ (?=\d\d:\d\d$)/, '+');
  if (!timestamp.safeParse(text).success) {
    throw unprocessable([
      {
        parameter: 'as_of',
        detail: `must be an ISO 8601 time with its offset, such as 2026-01-31T12:00:00Z, or a date; not "${value}"`,
      },
    ]);
  }
  return text.includes('T') ? text : `${text}T00:00:00Z`;
}

function found(text: string | null, key: string, at: string | undefined): string {
  if (text !== null) return text;
  const when = at === undefined ? '' : ` at ${at}`;
  throw new Problem('not-found', `There is no record of "${key}"${when}.`, { code: 'UNKEY' });
}

function answerWithTag(c: AppContext, text: string): Response {
  const tag = `"${hash('sha256', text, 'base64url').slice(0, 27)}"`;
  const headers = { ETag: tag, 'Cache-Control': 'private, no-cache' };
  if (matches(c.req.header('if-none-match'), tag)) return answer(c, 304, null, 'application/json', headers);
  return answerJson(c, 200, text, headers);
}

function matches(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = ifNoneMatch.split(',').map((candidate) => candidate.trim().replace(/^W\//, ''));
  return tags.includes(tag) || tags.includes('*');
}
