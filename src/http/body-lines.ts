import { Problem } from './problems.ts';
import { decodeUtf8, tooLarge } from './request-body.ts';

const newline = 0x0a;

/**
 * The lines of a stream of bytes, as text. A line that is too long or not UTF-8 comes as its problem, in its place;
 * of a line that is too long nothing is kept. Empty lines are left out.
 */
export async function* bodyLines(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<string | Problem> {
  let parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      const line = finish(parts, size, chunk.subarray(start, end), limit);
      if (line !== '') yield line;
      parts = [];
      size = 0;
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    size += rest.length;
    if (size > limit) parts = [];
    else if (rest.length > 0) parts.push(rest);
  }
  const last = finish(parts, size, new Uint8Array(), limit);
  if (last !== '') yield last;
}

function finish(parts: Uint8Array[], size: number, rest: Uint8Array, limit: number): string | Problem {
  if (size + rest.length > limit) return tooLarge(limit, 'The line');
  try {
    return decodeUtf8(parts.length === 0 ? rest : Buffer.concat([...parts, rest])).trim();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
