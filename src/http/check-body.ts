import type { z } from 'zod';

import { unprocessable } from './context.ts';
import type { Problem, ProblemError } from './problems.ts';

const deepest = 64;
const mostErrors = 20;
// Most digits before the decimal point that a Postgres numeric, and so jsonb, can hold.
const numericDigits = 131_072;

// Only a text with such an escape can hold a character that Postgres cannot store.
const suspiciousEscape = /\\u(?:0000|[dD][89a-fA-F])/;

type Path = (string | number)[];

type Inspection = { text: string; checkStrings: boolean; path: Path; errors: ProblemError[] };

/**
 * Why a body is refused, or null. Refused is what can never be landed (not an object, too deep, characters or numbers
 * Postgres cannot hold) and what the workflow's strict schema asks for. `text` is the JSON text of `value`.
 */
export function checkBody(value: unknown, text: string, validator: z.ZodType): Problem | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return unprocessable(
      [{ pointer: '', detail: `The body must be a JSON object, not ${kindOf(value)}.` }],
      'BADRQ',
    );
  }
  const errors: ProblemError[] = [];
  inspect(value, { text, checkStrings: suspiciousEscape.test(text), path: [], errors });
  if (errors.length === 0) {
    const parsed = validator.safeParse(value);
    if (parsed.success) return null;
    errors.push(...parsed.error.issues.slice(0, mostErrors).map((issue) => errorOf(issue, value)));
  }
  return unprocessable(errors, 'BADRQ');
}

function inspect(value: unknown, inspection: Inspection): void {
  if (typeof value === 'string') {
    if (inspection.checkStrings) inspectString(value, inspection, 'holds');
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value) && hasTooManyDigits(inspection.text)) {
      refuse(inspection, 'is a number too large to be stored');
    }
  } else if (typeof value === 'object' && value !== null) {
    inspectContainer(value, inspection);
  }
}

function inspectContainer(container: object, inspection: Inspection): void {
  const { path } = inspection;
  if (path.length >= deepest) {
    refuse(inspection, `is nested deeper than ${deepest} levels`);
    return;
  }
  if (Array.isArray(container)) {
    for (let i = 0; i < container.length; i += 1) {
      path.push(i);
      inspect(container[i], inspection);
      path.pop();
    }
    return;
  }
  for (const key in container) {
    path.push(key);
    if (inspection.checkStrings) inspectString(key, inspection, 'has a name that holds');
    inspect((container as Record<string, unknown>)[key], inspection);
    path.pop();
  }
}

function inspectString(text: string, inspection: Inspection, verb: string): void {
  if (text.includes('\0')) refuse(inspection, `${verb} the character \\u0000, which cannot be stored`);
  else if (!text.isWellFormed())
    refuse(inspection, `${verb} half of a surrogate pair (\\ud800 to \\udfff), which is no character`);
}

function refuse(inspection: Inspection, detail: string): void {
  if (inspection.errors.length < mostErrors) {
    inspection.errors.push({ pointer: pointerOf(inspection.path), detail });
  }
}

function hasTooManyDigits(text: string): boolean {
  return [...text.matchAll(/\d[eE]\+?0*(\d+)/g)].some(([, exponent]) => Number(exponent) >= numericDigits);
}

function errorOf(issue: z.core.$ZodIssue, body: object): ProblemError {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  return { pointer: pointerOf(path), detail: detailOf(issue, valueAt(body, path)) };
}

function detailOf(issue: z.core.$ZodIssue, found: unknown): string {
  if (found === undefined) return 'is required';
  if (issue.code === 'invalid_type') return `must be ${article(issue.expected)}, not ${kindOf(found)}`;
  if (issue.code === 'too_small' && issue.minimum === 1) return 'must not be empty';
  return `is not accepted: ${issue.message}`;
}

function valueAt(body: object, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) => (value as Record<string | number, unknown> | undefined)?.[part],
    body,
  );
}

function pointerOf(path: Path): string {
  return path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('\0', '\\u0000')}`)
    .join('');
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return article(typeof value);
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
