import { isUtf8 } from 'node:buffer';

/** One line of a file. */
export type Line = {
  /** from 1, counting every line */
  number: number;
  /** the text, when it can be stored as such */
  text?: string;
  /** why it cannot, and the beginning of it as far as it can be shown */
  problem?: { code: string; detail: string; excerpt: string };
  /** offset in bytes of the next line */
  end: number;
};

export type LinesFrom = {
  /** number of lines and bytes that come before the chunks given */
  lines: number;
  bytes: number;
};

const newline = 0x0a;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const excerptBytes = 1000;

/**
 * Splits a stream of bytes into lines, holding no more than one of them. Blank lines are passed over (they count
 * as lines). A line that is no text for Postgres (not UTF-8, a NUL byte, longer than `maxBytes`) comes with the reason.
 */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
  from: LinesFrom = { lines: 0, bytes: 0 },
): AsyncGenerator<Line> {
  let number = from.lines;
  let end = from.bytes;
  // The unfinished line: its parts, their length, and whether it has grown too long to keep.
  let parts: Buffer[] = [];
  let length = 0;

  function keep(part: Buffer) {
    length += part.length;
    if (length <= maxBytes) parts.push(part);
    else if (parts.length > 1) parts = [Buffer.concat(parts).subarray(0, excerptBytes)];
    else if (parts.length === 0) parts = [part.subarray(0, excerptBytes)];
  }

  function finish(terminator: number): Line | undefined {
    number += 1;
    end += length + terminator;
    let bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    const tooLong = length > maxBytes;
    parts = [];
    length = 0;
    if (number === 1 && bytes.subarray(0, 3).equals(byteOrderMark)) bytes = bytes.subarray(3);
    const refuse = (detail: string): Line => ({
      number,
      end,
      problem: { code: 'BADRQ', detail, excerpt: excerptOf(bytes) },
    });
    if (tooLong) return refuse(`The line is longer than ${maxBytes} bytes.`);
    if (!isUtf8(bytes)) return refuse('The line is not UTF-8.');
    if (bytes.includes(0)) return refuse('The line contains a NUL byte.');
    const text = bytes.toString('utf8').trim();
    return text === '' ? undefined : { number, end, text };
  }

  for await (const chunk of chunks) {
    let start = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, start)) {
      keep(chunk.subarray(start, at));
      start = at + 1;
      const line = finish(1);
      if (line) yield line;
    }
    if (start < chunk.length) keep(chunk.subarray(start));
  }
  if (length > 0) {
    const line = finish(0);
    if (line) yield line;
  }
}

function excerptOf(bytes: Buffer): string {
  return bytes.subarray(0, excerptBytes).toString('utf8').replaceAll('\0', '\uFFFD');
}
