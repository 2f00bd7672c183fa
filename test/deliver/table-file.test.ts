import { describe, expect, test } from 'vitest';

import { FileProblem, tableRows } from '../../src/deliver/table-file.ts';

/** The rows of a file that comes in chunks of `size` bytes: a character or a line break may be cut anywhere. */
async function rowsOf(file: string | Uint8Array, size = 1 << 16): Promise<Record<string, string | null>[]> {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  async function* chunks() {
    for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
  }
  const rows: Record<string, string | null>[] = [];
  for await (const text of tableRows(chunks())) rows.push(JSON.parse(text) as Record<string, string | null>);
  return rows;
}

function utf16(text: string, { bigEndian = false, mark = true } = {}): Uint8Array {
  const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

/** Windows-1252 of "Zoë’s café, 5 €". */
const windows1252 = Buffer.concat([
  Buffer.from('Name\nZo'),
  Buffer.from([0xeb, 0x92]),
  Buffer.from('s caf'),
  Buffer.from([0xe9, 0x20, 0x35, 0x20, 0x80]),
]);

describe('a file is read as a table', () => {
  test.for([
    ['tabs', 'Name\tCity\nAda\tAustin\n'],
    ['commas', 'Name,City\nAda,Austin\n'],
    ['semicolons', 'Name;City\nAda;Austin\n'],
    ['bars', 'Name|City\nAda|Austin\n'],
    ['a separator named as Excel does', 'sep=;\r\nName;City\r\nAda;Austin\r\n'],
    ['Windows line breaks', 'Name,City\r\nAda,Austin\r\n'],
    ['old Mac line breaks', 'Name,City\rAda,Austin\r'],
    ['no line break at the end', 'Name,City\nAda,Austin'],
    ['blank lines', '\n\nName,City\n\nAda,Austin\n\n,\n'],
    ['a byte order mark', '\ufeffName,City\nAda,Austin\n'],
    ['a byte order mark before quotes', '\ufeff"Name","City"\n"Ada","Austin"\n'],
    ['a header with blanks, breaks and invisible characters', '" Name\u200b ","Ci\nty"\nAda,Austin\n'],
  ] as const)('with %s', async ([what, file]) => {
    const city = what.startsWith('a header') ? 'Ci ty' : 'City';
    for (const size of [1, 3, 1 << 16]) {
      expect(await rowsOf(file, size)).toEqual([{ Name: 'Ada', [city]: 'Austin' }]);
    }
  });

  test('a tab decides even where commas are more', async () => {
    expect(await rowsOf('Name, first, last\tCity\nAda, Example\tAustin')).toEqual([
      { 'Name, first, last': 'Ada, Example', City: 'Austin' },
    ]);
  });

  test('with quotes that hold delimiters, quotes and line breaks, and quotes that are inches', async () => {
    expect(await rowsOf('Name,Note\n"Example, Ada","says ""hi""\r\nand goes"\nBob,a 5" pipe\n', 2)).toEqual([
      { Name: 'Example, Ada', Note: 'says "hi"\r\nand goes' },
      { Name: 'Bob', Note: 'a 5" pipe' },
    ]);
  });

  test('with short rows filled up with null, and surplus blanks dropped', async () => {
    expect(await rowsOf('A,B,C\n1\n1,2,3,,\n')).toEqual([
      { A: '1', B: null, C: null },
      { A: '1', B: '2', C: '3' },
    ]);
  });

  test('with names for columns that have none or the same, in the order of the file', async () => {
    const texts: string[] = [];
    async function* bytes() {
      yield Buffer.from('b,2,,b,1,__proto__\n1,2,3,4,5,6\n');
    }
    for await (const text of tableRows(bytes())) texts.push(text);
    expect(texts).toEqual(['{"b":"1","2":"2","column_3":"3","b_2":"4","1":"5","__proto__":"6"}']);
  });

  test.for([
    ['UTF-8', Buffer.from('Name\nZoë’s café 5 €')],
    ['UTF-8 with mark', Buffer.from('\ufeffName\nZoë’s café 5 €')],
    ['UTF-16 little endian', utf16('Name\nZoë’s café 5 €')],
    ['UTF-16 big endian', utf16('Name\nZoë’s café 5 €', { bigEndian: true })],
    ['UTF-16 little endian without mark', utf16('Name\nZoë’s café 5 €', { mark: false })],
    ['UTF-16 big endian without mark', utf16('Name\nZoë’s café 5 €', { mark: false, bigEndian: true })],
    ['Windows-1252', windows1252],
  ] as const)('in %s, however it is cut into chunks', async ([, bytes]) => {
    for (const size of [4, 5, 7, 1 << 16]) {
      expect(await rowsOf(bytes, size)).toEqual([{ Name: 'Zoë’s café 5 €' }]);
    }
  });

  test('in Windows-1252 that shows itself late', async () => {
    const bytes = Buffer.concat([Buffer.from(`Name\n${'Ada\n'.repeat(100_000)}Zo`), Buffer.from([0xeb])]);
    expect((await rowsOf(bytes)).at(-1)).toEqual({ Name: 'Zoë' });
  });
});

describe('a file is refused, and told why:', () => {
  test.for([
    ['empty', '', 'The file is empty: it has no header line.'],
    ['blank', '\n\n , \n', /no header line/],
    [
      'with more values than columns',
      'A,B\n1,2\n1,2,3\n',
      'Line 3 has 3 values, but the header names 2 columns.',
    ],
    ['ending inside quotes', 'A,B\n1,"2\n3,4\n', /closing quote is missing/],
    ['with a quote left open for long', `A,B\n1,"${'x'.repeat(1_100_000)}\n`, /a quote may be left open/],
    ['binary', 'PK\u0003\u0004\u0000\u0000', /no text/],
    ['of too many columns', `${'a,'.repeat(1_000)}a\n`, /1001 columns/],
    [
      'UTF-8 that goes over to something else',
      Buffer.concat([Buffer.from('A\né\n'), Buffer.from([0xe9, 10])]),
      /begins as UTF-8/,
    ],
    [
      'UTF-16 with half a character',
      Buffer.concat([utf16('A\nb'), Buffer.from([0x00, 0xd8])]),
      /begins as UTF-16LE/,
    ],
  ] as const)('%s', async ([, file, reason]) => {
    const reading = rowsOf(file);
    await expect(reading).rejects.toThrow(reason);
    await expect(reading).rejects.toBeInstanceOf(FileProblem);
  });
});
