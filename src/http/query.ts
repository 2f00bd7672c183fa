import { type AppContext, unprocessable } from './context.ts';
import type { ProblemError } from './problems.ts';

/** Refuses query parameters that a route does not have: a misspelt filter must not silently match everything. */
export function refuseUnknown(c: AppContext, known: readonly string[]): void {
  const unknown = Object.keys(c.req.queries()).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const errors = unknown.slice(0, 20).map((parameter): ProblemError => ({
    parameter: parameter.slice(0, 100),
    detail:
      known.length === 0
        ? 'is unknown; there are no parameters'
        : `is unknown; the parameters are ${known.join(', ')}`,
  }));
  throw unprocessable(errors);
}

/** A whole number of the query, within bounds. */
export function wholeNumber(
  c: AppContext,
  name: string,
  { least, most, fallback }: { least: number; most: number; fallback: number },
): number {
  const text = c.req.query(name);
  if (text === undefined || text === '') return fallback;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw unprocessable([
    {
      parameter: name,
      detail: `must be a whole number from ${least} to ${most}, not "${text.slice(0, 100)}"`,
    },
  ]);
}

/** A parameter that may be repeated or hold several values between commas; undefined when absent or empty. */
export function listParameter(c: AppContext, name: string, most = 200): string[] | undefined {
  const values = (c.req.queries(name) ?? [])
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (values.length > most) {
    throw unprocessable([{ parameter: name, detail: `takes at most ${most} values, not ${values.length}` }]);
  }
  if (values.some((value) => value.includes('\0'))) {
    throw unprocessable([{ parameter: name, detail: 'holds a null character' }]);
  }
  return values.length === 0 ? undefined : values;
}
