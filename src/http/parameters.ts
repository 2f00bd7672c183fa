import { booleanOf, unprocessable } from './context.ts';
import { nearest } from './nearest.ts';
import type { ProblemError } from './problems.ts';
import type { JsonSchema } from './registry.ts';
import type { Parameter } from './route.ts';

/** A parameter as api.endpoints declares it (see api.parameter() in the database). */
export type DeclaredParameter = {
  name: string;
  in: 'path' | 'query' | 'body';
  type: 'text' | 'integer' | 'boolean' | 'date' | 'domain' | 'person' | 'object';
  description: string;
  list?: boolean;
  required?: boolean;
  default?: string | number | boolean;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  enum?: string[];
  example?: unknown;
};

export type Value = string | number | boolean | string[];
export type Values = Record<string, Value>;

const mostItems = 1_000;
const longestText = 10_000;
const dateForm = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The values of a query string, typed and checked, with the defaults of what is absent. An empty value is none.
 * Throws a problem that names everything that is wrong, parameters that do not exist among it.
 */
export function readQuery(declared: DeclaredParameter[], query: URLSearchParams): Values {
  const errors: ProblemError[] = [];
  const values: Values = {};
  const known = new Set(declared.map(({ name }) => name));
  for (const name of new Set(query.keys())) {
    if (known.has(name)) continue;
    const meant = nearest(name, known);
    const advice = meant === undefined ? `it takes ${[...known].join(', ')}` : `did you mean "${meant}"?`;
    errors.push({ parameter: name.slice(0, 100), detail: `is no parameter of this path; ${advice}` });
  }
  for (const parameter of declared) {
    const given = query.getAll(parameter.name);
    const { value, problem } = valueOf(parameter, given);
    if (problem !== undefined) errors.push({ parameter: parameter.name, detail: problem });
    else if (value !== undefined) values[parameter.name] = value;
    else if (parameter.default !== undefined) values[parameter.name] = parameter.default;
    else if (parameter.required) errors.push({ parameter: parameter.name, detail: 'is required' });
  }
  if (errors.length > 0) throw unprocessable(errors.slice(0, 20), 'BADRQ');
  return values;
}

type Read = { value?: Value; problem?: string };

function valueOf(parameter: DeclaredParameter, given: string[]): Read {
  if (given.some((text) => text.includes('\0') || !text.isWellFormed()))
    return { problem: 'holds a character that cannot be stored' };
  if (given.some((text) => text.length > (parameter.list ? 100 * longestText : longestText)))
    return { problem: 'is too long' };
  if (parameter.list) return listOf(given);
  const [text, ...more] = given.filter((each) => each.trim() !== '');
  if (more.length > 0) return { problem: 'may be given once' };
  return text === undefined ? {} : scalarOf(parameter, text);
}

/** Repeated, or a JSON array, or one text that the database splits at the commas that separate. */
function listOf(given: string[]): Read {
  const [only] = given;
  let items = given;
  if (given.length === 1 && only?.trimStart().startsWith('[')) {
    try {
      const parsed: unknown = JSON.parse(only);
      if (!Array.isArray(parsed) || parsed.some((item) => typeof item !== 'string'))
        return { problem: 'must be an array of texts where it is JSON' };
      items = parsed as string[];
      // A value of an array is taken as it is: an empty one beside it keeps the database from splitting it.
      if (items.length === 1) items = [...items, ''];
    } catch {
      // no JSON after all, but a name that begins with a bracket
    }
  }
  if (items.reduce((sum, item) => sum + item.split(',').length, 0) > mostItems)
    return { problem: `has more than ${mostItems} values` };
  return items.every((item) => /^[\s,]*$/.test(item)) ? {} : { value: items };
}

function scalarOf(parameter: DeclaredParameter, text: string): Read {
  switch (parameter.type) {
    case 'integer':
      return integerOf(parameter, text);
    case 'boolean':
      return booleanValue(text);
    case 'date':
      if (dateForm.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))) return dateOf(text);
      return { problem: `must be a date such as 2026-01-31, not "${shown(text)}"` };
    default:
      return textOf(parameter, text);
  }
}

function booleanValue(text: string): Read {
  const value = booleanOf(text.trim());
  return value === undefined ? { problem: `must be true or false, not "${shown(text)}"` } : { value };
}

/** Date.parse takes the 31st of any month. */
function dateOf(text: string): Read {
  const exists = new Date(`${text}T00:00:00Z`).toISOString().startsWith(text) && !text.startsWith('0000');
  return exists ? { value: text } : { problem: `is no day of the calendar: "${text}"` };
}

function integerOf({ minimum, maximum }: DeclaredParameter, text: string): Read {
  const number = /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
  const least = minimum ?? -2_147_483_648;
  const most = maximum ?? 2_147_483_647;
  if (number >= least && number <= most) return { value: number };
  return { problem: `must be a whole number from ${least} to ${most}, not "${shown(text)}"` };
}

function textOf(parameter: DeclaredParameter, text: string): Read {
  const { minLength = 0, maxLength = longestText } = parameter;
  if (parameter.enum) {
    const asked = text.trim().toLowerCase();
    // A choice that has true and false takes them in every spelling of a boolean.
    const meant = parameter.enum.includes('true') ? String(booleanOf(asked) ?? asked) : asked;
    const value = parameter.enum.find((allowed) => allowed.toLowerCase() === meant);
    return value === undefined
      ? { problem: `must be one of ${parameter.enum.join(', ')}, not "${shown(text)}"` }
      : { value };
  }
  if (text.trim().length < minLength) return { problem: `must have at least ${minLength} characters` };
  if (text.length > maxLength) return { problem: `may have at most ${maxLength} characters` };
  return { value: text };
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** What OpenAPI says of a parameter in path or query. */
export function openapiParameter(declared: DeclaredParameter): Parameter {
  const schema = schemaOf(declared);
  return {
    name: declared.name,
    in: declared.in === 'path' ? 'path' : 'query',
    description: declared.list
      ? `${declared.description} Repeat it, or give a JSON array, or separate by commas.`
      : declared.description,
    ...(declared.required ? { required: true } : {}),
    schema: declared.list ? { type: 'array', items: schema } : schema,
    ...(declared.example === undefined
      ? {}
      : { example: declared.list ? [declared.example] : declared.example }),
  };
}

/** JSON Schema of the body that holds these parameters; fields that are not named are let be. */
export function bodySchema(declared: DeclaredParameter[]): JsonSchema {
  return {
    type: 'object',
    required: declared.filter(({ required }) => required).map(({ name }) => name),
    properties: Object.fromEntries(
      declared.map((parameter) => {
        const { type, ...rest } = schemaOf(parameter);
        const { description, example } = parameter;
        const examples = example === undefined ? {} : { examples: [example] };
        return [
          parameter.name,
          { type: parameter.required ? type : [type, 'null'], ...rest, ...examples, description },
        ];
      }),
    ),
  };
}

function schemaOf({ type, default: fallback, ...declared }: DeclaredParameter): JsonSchema {
  const types = { integer: 'integer', boolean: 'boolean', object: 'object' } as Record<string, string>;
  const limits = {
    minimum: declared.minimum,
    maximum: declared.maximum,
    minLength: declared.minLength,
    maxLength: declared.maxLength,
    enum: declared.enum,
    default: fallback,
    format: type === 'date' ? 'date' : undefined,
  };
  return {
    type: types[type] ?? 'string',
    ...Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined)),
  };
}
