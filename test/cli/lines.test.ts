import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type Line, splitLines } from '../../src/cli/lines.ts';

async function* inChunks(bytes: Buffer, sizes: number[]): AsyncGenerator<Buffer> {
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function split(input: string | Buffer, maxBytes = 1000, sizes = [7]): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of splitLines(inChunks(Buffer.from(input), sizes), maxBytes)) lines.push(line);
  return lines;
}

describe('splitLines', () => {
  test('passes over blank lines but counts them, and takes a last line without its end', async () => {
    expect(await split('{"a":1}\n\n  \r\n{"b":2}\r\n{"c":3}')).toEqual([
      { number: 1, end: 8, text: '{"a":1}' },
      { number: 4, end: 22, text: '{"b":2}' },
      { number: 5, end: 29, text: '{"c":3}' },
    ]);
  });

  test('drops a byte order mark', async () => {
    expect(await split('\uFEFF{}\n')).toEqual([{ number: 1, end: 6, text: '{}' }]);
  });

  test('refuses a line that is not UTF-8, has a NUL byte or is too long, and goes on after it', async () => {
    const input = Buffer.concat([
      Buffer.from([0xff, 0xfe, 0x0a]),
      Buffer.from(`a\0b\n${'x'.repeat(60)}\n{}\n`),
    ]);
    expect(await split(input, 50)).toEqual([
      {
        number: 1,
        end: 3,
        problem: { code: 'BADRQ', detail: 'The line is not UTF-8.', excerpt: '\uFFFD\uFFFD' },
      },
      {
        number: 2,
        end: 7,
        problem: { code: 'BADRQ', detail: 'The line contains a NUL byte.', excerpt: 'a\uFFFDb' },
      },
      {
        number: 3,
        end: 68,
        problem: {
          code: 'BADRQ',
          detail: 'The line is longer than 50 bytes.',
          excerpt: expect.stringMatching(/^x+$/),
        },
      },
      { number: 4, end: 71, text: '{}' },
    ]);
  });

  test('holds at most one line, however long the rest of a refused one is', async () => {
    async function* endless() {
      for (let i = 0; i < 200; i += 1) yield Buffer.alloc(1 << 20, 'x');
      yield Buffer.from('\n{}\n');
    }
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const lines: Line[] = [];
    for await (const line of splitLines(endless(), 1 << 20)) {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      lines.push(line);
    }
    expect(lines.map(({ number }) => number)).toEqual([1, 2]);
    expect(lines[0]?.problem?.excerpt.length).toBeLessThanOrEqual(1000);
    expect(most).toBeLessThan(100 << 20);
  });

  test('gives the same lines however the bytes are cut', async () => {
    // Whatever the chunks, the lines are those of a plain split; `end` is always the offset of the next line.
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.json(), fc.string({ unit: 'grapheme' }), fc.constant('')), { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        async (texts, sizes) => {
          const clean = texts.map((text) => text.replaceAll(/[\n\r\0\uFEFF]/g, ''));
          const input = clean.map((text) => `${text}\n`).join('');
          const lines = await split(input, 10_000, sizes);
          const expected = clean.map((text, i) => [i + 1, text.trim()]).filter(([, text]) => text !== '');
          expect(lines.map(({ number, text }) => [number, text])).toEqual(expected);
          for (const { number, end } of lines) {
            expect(end).toBe(Buffer.byteLength(input.split('\n').slice(0, number).join('\n')) + 1);
          }
        },
      ),
    );
  });
});
