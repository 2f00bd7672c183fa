import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

import { isUuid } from '../uuid.ts';
import type { Principal } from './calls.ts';
import { Problem, type ProblemError } from './problems.ts';

export type Env = {
  /** empty when a test calls app.request() */
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: string;
    /** label of the route in logs and metrics */
    route: string;
    principal: Principal;
  };
};

export type AppContext = Context<Env>;

/** A complete answer. Plain header objects keep the fast path of the Node adapter. */
export function answer(
  c: AppContext,
  status: number,
  body: string | ReadableStream<Uint8Array> | null,
  contentType: string,
  headers: Record<string, string> = {},
): Response {
  return new Response(body, {
    status,
    headers: { 'Content-Type': contentType, 'X-Request-Id': c.get('requestId'), ...headers },
  });
}

/** A JSON answer from JSON text. */
export function answerJson(
  c: AppContext,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): Response {
  return answer(c, status, text, 'application/json', headers);
}

/** The answer for a problem. */
export function answerProblem(c: AppContext, problem: Problem): Response {
  const text = JSON.stringify(problem.body(c.get('requestId')));
  return answer(c, problem.status, text, 'application/problem+json', problem.headers);
}

/** A refusal of content: `errors` name each wrong thing, the detail tells the first few in words. */
export function unprocessable(errors: ProblemError[], code?: string): Problem {
  const said = errors.slice(0, 3).map(({ pointer, parameter, header, detail }) => {
    const place = pointer ?? parameter ?? header ?? '';
    return place === '' ? detail : `${place} ${detail}`;
  });
  const more = errors.length > said.length ? `; and ${errors.length - said.length} more` : '';
  return new Problem(
    'unprocessable',
    `${said.join('; ')}${more}`,
    code === undefined ? { errors } : { code, errors },
  );
}

/** Yes or no as callers of the system before this one could write it (Python's clients send True); undefined for neither. */
export function booleanOf(text: string): boolean | undefined {
  if (/^(true|t|1|yes|y|on)$/i.test(text)) return true;
  return /^(false|f|0|no|n|off)$/i.test(text) ? false : undefined;
}

/** A yes/no query parameter; absent is no, present without a value is yes. */
export function booleanParameter(c: AppContext, name: string): boolean {
  const value = c.req.query(name);
  if (value === undefined) return false;
  const isWanted = value === '' ? true : booleanOf(value);
  if (isWanted !== undefined) return isWanted;
  throw unprocessable([{ parameter: name, detail: `must be true or false, not "${value}"` }]);
}

/** The `id` of the path, or undefined when it is no UUID and so names nothing. */
export function idParameter(c: AppContext): string | undefined {
  const id = c.req.param('id');
  return id !== undefined && isUuid(id) ? id.toLowerCase() : undefined;
}

/** Answers with what the `id` of the path names; not-found when it names none of what is looked for. */
export async function answerFound(
  c: AppContext,
  what: string,
  find: (id: string) => Promise<string | null>,
): Promise<Response> {
  const id = idParameter(c);
  const text = id === undefined ? null : await find(id);
  if (text === null) throw new Problem('not-found', `There is no ${what} "${c.req.param('id') ?? ''}".`);
  return answerJson(c, 200, text);
}
