import { Problem } from './problems.ts';

/** Value of a JSON text; a problem that says what is wrong and where when it is not JSON. */
export function parseJson(text: string): unknown {
  if (text.trim() === '') throw new Problem('bad-request', 'The body is empty; a JSON object is expected.');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const at = errorPosition(text, message);
    const before = text.slice(0, at).split('\n');
    const line = before.length;
    const column = (before.at(-1)?.length ?? 0) + 1;
    const found = at >= text.length ? 'the text ends too early' : `unexpected ${JSON.stringify(text[at])}`;
    throw new Problem(
      'bad-request',
      `The body is not JSON: ${found} at line ${line}, column ${column} (position ${at}).`,
      { position: at },
    );
  }
}

/** Where a JSON text stops being the beginning of any JSON text. */
function errorPosition(text: string, message: string): number {
  const stated = /at position (\d+)/.exec(message)?.[1];
  if (stated !== undefined) return Number(stated);
  if (message.includes('end of JSON input')) return text.length;
  // V8 leaves the position out for short texts: look for the longest beginning that could still become JSON.
  let good = 0;
  let bad = text.length;
  while (good + 1 < bad) {
    const middle = Math.floor((good + bad) / 2);
    if (couldContinue(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function couldContinue(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const stated = /at position (\d+)/.exec(message)?.[1];
    return (
      message.includes('end of JSON input') ||
      message.includes('Unterminated') ||
      Number(stated) >= text.length
    );
  }
}

/** The texts of the elements of a JSON array. `text` must be a valid JSON array: nothing is checked again. */
export function arrayElementTexts(text: string): string[] {
  const elements: string[] = [];
  let depth = 0;
  let start = text.indexOf('[') + 1;
  const end = text.lastIndexOf(']');
  for (let i = start; i < end; i += 1) {
    switch (text.charCodeAt(i)) {
      case 0x22: // "
        i = closingQuote(text, i);
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
      case 0x2c: // ,
        if (depth === 0) {
          elements.push(text.slice(start, i).trim());
          start = i + 1;
        }
        break;
    }
  }
  const last = text.slice(start, end).trim();
  if (last !== '') elements.push(last);
  return elements;
}

function closingQuote(text: string, opening: number): number {
  let at = opening;
  do {
    at = text.indexOf('"', at + 1);
  } while (isEscaped(text, at));
  return at;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes += 1;
  return backslashes % 2 === 1;
}
