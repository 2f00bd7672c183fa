import { hash } from 'node:crypto';

import { z } from 'zod';

import type { Calls, RecordKey } from './calls.ts';
import { checkBody } from './check-body.ts';
import { type AppContext, answer, answerJson, booleanParameter, unprocessable } from './context.ts';
import { formatOf } from './formats.ts';
import { parseJson } from './json-text.ts';
import { Problem } from './problems.ts';
import { listParameter, refuseUnknown } from './query.ts';
import { bodyFormat, decodeUtf8, readBytes } from './request-body.ts';

const mostFields = 500;
const mostKeys = 1_000;
const largestBatch = 4 * 1024 * 1024;

/** Body of POST /api/companies/batch and /api/people/batch. Whether a key is one is told per item. */
export const recordBatch = z.object({
  keys: z
    .array(z.unknown())
    .min(1)
    .max(mostKeys)
    .describe('domains of companies, or LinkedIn URLs of people, in any spelling'),
  fields: z
    .array(z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)?$/, 'must be a table or a table.column'))
    .min(1)
    .max(mostFields)
    .optional()
    .describe('only these tables or columns, such as company_locations or company_locations.city'),
});

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
    const explain = booleanParameter(c, 'explain');
    if (explain && at !== undefined) {
      throw unprocessable([
        { parameter: 'explain', detail: 'shows how the record is now; leave out as_of, or explain' },
      ]);
    }
    const text = await calls.record(record, { at, explain, fields: listParameter(c, 'fields', mostFields) });
    return answerWithTag(c, found(text, record, at));
  };
}

/** Answers with the golden records of many keys, in their order; what is unknown or no key is marked. */
export function batchHandler(
  calls: Calls,
  entity: RecordKey['entity'],
): (c: AppContext) => Promise<Response> {
  return async function batch(c) {
    refuseUnknown(c, ['format']);
    const format = formatOf(c);
    if (format === 'csv') throw unprocessable([{ parameter: 'format', detail: 'must be json or ndjson' }]);
    bodyFormat(c);
    const text = decodeUtf8(await readBytes(c, largestBatch));
    const body = parseJson(text);
    const refusal = checkBody(body, text, recordBatch);
    if (refusal) throw refusal;
    const { keys, fields } = recordBatch.parse(body);
    const rows = await calls.records(entity, JSON.stringify(keys), fields);
    if (format === 'ndjson') {
      return answer(c, 200, rows.map(({ item }) => `${item}\n`).join(''), 'application/x-ndjson');
    }
    const count = (status: number) => rows.filter((row) => row.status === status).length;
    const meta = { asked: rows.length, found: count(200), unknown: count(404), refused: count(422) };
    return answerJson(
      c,
      200,
      `{"data":[${rows.map(({ item }) => item).join(',\n')}],"meta":${JSON.stringify(meta)}}`,
    );
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
