import type { z } from 'zod';

import { checkBody } from './check-body.ts';
import type { AppContext } from './context.ts';
import { parseJson } from './json-text.ts';
import { bodyFormat, decodeUtf8, readBytes } from './request-body.ts';

export type JsonBody<T> = { text: string; value: T };

/**
 * The JSON object in the body of a request, as a schema reads it, and as it came. A problem names what is wrong with it.
 * `mayBeEmpty`: no body at all is an object without fields.
 */
export async function jsonBody<T>(
  c: AppContext,
  schema: z.ZodType<T>,
  { mostBytes, mayBeEmpty = false }: { mostBytes: number; mayBeEmpty?: boolean },
): Promise<JsonBody<T>> {
  bodyFormat(c);
  const sent = decodeUtf8(await readBytes(c, mostBytes));
  const text = mayBeEmpty && sent.trim() === '' ? '{}' : sent;
  const body = parseJson(text);
  const refusal = checkBody(body, text, schema);
  if (refusal) throw refusal;
  return { text, value: schema.parse(body) };
}
