import type { Calls } from './calls.ts';
import { type AppContext, answerJson, unprocessable } from './context.ts';
import { listParameter, wholeNumber } from './query.ts';

type Handler = (c: AppContext) => Promise<Response>;

/** Answers with how much is known, from which sources, how fresh, and what is missing. */
export function coverageHandler(calls: Calls): Handler {
  return async function coverage(c) {
    const entity = c.req.query('entity');
    if (entity !== undefined && entity !== 'company' && entity !== 'person') {
      throw unprocessable([{ parameter: 'entity', detail: 'must be company or person' }]);
    }
    return answerJson(c, 200, await calls.coverage(entity, listParameter(c, 'table')));
  };
}

/** Answers with the list of data gaps. */
export function gapRecipesHandler(calls: Calls): Handler {
  return async function gapRecipes(c) {
    return answerJson(c, 200, await calls.gapRecipes());
  };
}

/** Answers with how many keys a gap recipe finds; with `samples`, with some of their rows. */
export function gapHandler(calls: Calls, samples: boolean): Handler {
  return async function gap(c) {
    const size = samples ? wholeNumber(c, 'limit', { least: 1, most: 100, fallback: 10 }) : undefined;
    const id = text(c.req.param('recipe_id') ?? '', 'recipe_id');
    return answerJson(c, 200, await calls.gap(id, text(c.req.query('country') ?? '', 'country'), size));
  };
}

/** Answers with the curated list of VC firms. */
export function topVcsHandler(calls: Calls): Handler {
  return async function topVcs(c) {
    return answerJson(c, 200, await calls.topVcs());
  };
}

/** Answers with the number of companies of those firms whose customers are not known. */
export function topVcCountHandler(calls: Calls): Handler {
  return async function topVcCount(c) {
    return answerJson(c, 200, await calls.topVcCount());
  };
}

function text(value: string, parameter: string): string {
  if (value.includes('\0')) throw unprocessable([{ parameter, detail: 'holds a null character' }]);
  return value;
}
