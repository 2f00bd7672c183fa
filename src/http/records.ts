import { hash } from 'node:crypto';

import { z } from 'zod';

import type { Calls, RecordKey } from './calls.ts';
import { type AppContext, answer, answerJson, unprocessable } from './context.ts';
import { Problem } from './problems.ts';

const timestamp = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

type KeyOf = (c: AppContext) => RecordKey;

/** The domain in the path. */
export const companyKey: KeyOf = (c) => {
  return { entity: 'company', key: storable(c.req.param('domain') ?? '', 'domain') };
};

/** The LinkedIn URL in the query. */
export const personKey: KeyOf = (c) => {
  const url = c.req.query('linkedin_url') ?? '';
  if (url.trim() === '') throw unprocessable([{ parameter: 'linkedin_url', detail: 'is required' }], 'BADKY');
  return { entity: 'person', key: storable(url, 'linkedin_url') };
};

/** Postgres has no text with a null character, so it could not even say that this is no key. */
function storable(value: string, parameter: string): string {
  if (!value.includes('\0')) return value;
  throw unprocessable([{ parameter, detail: 'holds a null character' }], 'BADKY');
}

/** Answers with the golden record of a key, as it is or as it was at `as_of`. */
export function recordHandler(calls: Calls, keyOf: KeyOf): (c: AppContext) => Promise<Response> {
  return async function record(c) {
    const record = keyOf(c);
    const at = asOf(c);
    const text = at === undefined ? await calls.goldenRecord(record) : await calls.asOf(record, at);
    return answerWithTag(c, found(text, record, at));
  };
}

/** Answers with where every value of a golden record came from, and what lost against it. */
export function explainHandler(calls: Calls, keyOf: KeyOf): (c: AppContext) => Promise<Response> {
  return async function explain(c) {
    const record = keyOf(c);
    return answerWithTag(c, found(await calls.explain(record), record, undefined));
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

function found(text: string | null, { key }: RecordKey, at: string | undefined): string {
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
