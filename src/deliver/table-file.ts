import { pipeline } from 'node:stream/promises';
import { TextDecoder } from 'node:util';

import { CsvError, parse } from 'csv-parse';

/** A file that cannot be read as a table: one sentence that says where and why. */
export class FileProblem extends Error {
  override name = 'FileProblem';
}

/** Longest record. Past it a quote was left open, and the rest of the file would be one value. */
const maxRecordBytes = 1024 * 1024;
/** How far the header is looked for, and how much is looked at to tell an encoding without a mark. */
const headSize = 64 * 1024;
const mostColumns = 1_000;

type CsvRecord = { record: string[]; info: { lines: number } };

/**
 * The data rows of a TSV or CSV file, each as the text of a JSON object: column name to text, in the order of the
 * columns; a column that the row lacks is null. Reads as it is read from, in constant memory. Encoding and delimiter
 * are found out. Rejects with a FileProblem.
 */
export async function* tableRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const text = decoded(bytes);
  const { head, delimiter, ended } = await readHead(text);
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: maxRecordBytes,
    info: true,
  });
  const feeding = pipeline(async function* () {
    yield head;
    if (!ended) yield* text;
  }, parser);
  // The parser is destroyed with what went wrong, so the loop below throws it.
  feeding.catch(() => undefined);

  let header: string[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      if (header === undefined) header = cleanHeader(record).map((name) => JSON.stringify(name));
      else yield rowText(header, record, info.lines);
    }
    await feeding;
  } catch (error) {
    throw error instanceof CsvError ? csvProblem(error) : error;
  } finally {
    parser.destroy();
  }
  if (header === undefined) throw new FileProblem('The file is empty: it has no header line.');
}

function rowText(header: string[], values: string[], line: number): string {
  if (values.slice(header.length).some((value) => value !== '')) {
    throw new FileProblem(
      `Line ${line} has ${values.length} values, but the header names ${header.length} columns.`,
    );
  }
  // By hand, because an object would put columns whose names are numbers first.
  return `{${header.map((name, i) => `${name}:${JSON.stringify(values[i] ?? null)}`).join(',')}}`;
}

/**
 * Column names without marks, invisible characters and line breaks; one that is missing or taken already gets a
 * number.
 */
function cleanHeader(names: string[]): string[] {
  if (names.length > mostColumns) {
    throw new FileProblem(`The header names ${names.length} columns; at most ${mostColumns} can be read.`);
  }
  const taken = new Set<string>();
  return names.map((name, i) => {
    const clean = name
      .replaceAll(/[\u200b-\u200d\u2060\ufeff\p{Cc}]+/gu, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim();
    const wanted = clean === '' ? `column_${i + 1}` : clean;
    let free = wanted;
    for (let copy = 2; taken.has(free); copy += 1) free = `${wanted}_${copy}`;
    taken.add(free);
    return free;
  });
}

function csvProblem(error: CsvError): FileProblem {
  const line = typeof error.lines === 'number' ? error.lines : undefined;
  const where = line === undefined ? '' : `Line ${line}: `;
  const sentences: Partial<Record<string, string>> = {
    CSV_QUOTE_NOT_CLOSED: `The file ends inside a quoted value: a closing quote is missing, in line ${line} or before.`,
    CSV_MAX_RECORD_SIZE: `A row is larger than ${maxRecordBytes} bytes: a quote may be left open, in line ${line} or before.`,
  };
  return new FileProblem(sentences[error.code] ?? `${where}${error.message}`, { cause: error });
}

type Head = { head: string; delimiter: string; ended: boolean };

/** Reads on until the header line is complete, and finds the delimiter in it. */
async function readHead(text: AsyncGenerator<string>): Promise<Head> {
  let head = '';
  for (;;) {
    const line = firstLine(head);
    const { done, value } = line.isComplete || head.length > headSize ? { done: false } : await text.next();
    if (value !== undefined) {
      head += value;
      continue;
    }
    // Excel's own way to tell: a line of its own before the header.
    const told = /^sep=(.)(?:\r\n|\r|\n)/i.exec(head);
    if (told?.[1] !== undefined)
      return { head: head.slice(told[0].length), delimiter: told[1], ended: done === true };
    return { head, delimiter: delimiterOf(line.text), ended: done === true };
  }
}

/** The first line that is not blank, up to a line break outside quotes. */
function firstLine(text: string): { text: string; isComplete: boolean } {
  const start = text.search(/[^\r\n]/);
  if (start === -1) return { text: '', isComplete: false };
  let quoted = false;
  for (let i = start; i < text.length; i += 1) {
    if (text[i] === '"') quoted = !quoted;
    else if (!quoted && (text[i] === '\n' || text[i] === '\r')) {
      return { text: text.slice(start, i), isComplete: true };
    }
  }
  return { text: text.slice(start), isComplete: false };
}

/** A tab wherever there is one, as it is in no column's name; else what occurs most often outside quotes. */
function delimiterOf(line: string): string {
  const bare = line.replaceAll(/"[^"]*"/g, '');
  if (bare.includes('\t')) return '\t';
  const counted = [',', ';', '|'].map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }));
  return counted.reduce((most, next) => (next.count > most.count ? next : most)).delimiter;
}

/**
 * Text of bytes in UTF-8, UTF-16 or Windows-1252. A byte order mark tells; without one UTF-16 is known by its zero
 * bytes, and the other two are the same until the first character beyond ASCII, which decides.
 */
async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let kept = Buffer.alloc(0);
  let position = 0;
  for await (const chunk of bytes) {
    kept = kept.length === 0 ? Buffer.from(chunk) : Buffer.concat([kept, chunk]);
    if (decoder === undefined) {
      if (position === 0 && kept.length < 4) continue;
      decoder = position === 0 ? markedDecoder(kept) : undefined;
      if (decoder === undefined) {
        const first = kept.findIndex((byte) => byte >= 0x80);
        // The longest UTF-8 character has four bytes: kept until they are there, so that the guess can be made.
        const plain = first === -1 ? kept.length : first;
        if (plain > 0) {
          yield checked(kept.toString('latin1', 0, plain));
          position += plain;
          kept = kept.subarray(plain);
        }
        if (first === -1 || kept.length < 4) continue;
        decoder = decoderByCharacter(kept);
      }
    }
    yield decode(decoder, kept, position, true);
    position += kept.length;
    kept = Buffer.alloc(0);
  }
  decoder ??= (position === 0 ? markedDecoder(kept) : undefined) ?? decoderByCharacter(kept);
  yield decode(decoder, kept, position, false);
}

function markedDecoder(start: Buffer): TextDecoder | undefined {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return strict('utf-8');
  if (start[0] === 0xff && start[1] === 0xfe) return strict('utf-16le');
  if (start[0] === 0xfe && start[1] === 0xff) return strict('utf-16be');
  const sample = start.subarray(0, headSize & ~1);
  const zeros = [0, 0];
  sample.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const many = sample.length / 8;
  if (odd > many && even < odd / 8) return strict('utf-16le');
  if (even > many && odd < even / 8) return strict('utf-16be');
  return undefined;
}

/** Of bytes that begin with a character beyond ASCII, or with none. */
function decoderByCharacter(bytes: Buffer): TextDecoder {
  const lead = bytes[0] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length));
    return strict('utf-8');
  } catch {
    return strict('windows-1252');
  }
}

function strict(encoding: string): TextDecoder {
  return new TextDecoder(encoding, { fatal: true });
}

function decode(decoder: TextDecoder, bytes: Buffer, position: number, stream: boolean): string {
  try {
    return checked(decoder.decode(bytes, { stream }));
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    throw new FileProblem(
      `The file begins as ${decoder.encoding.toUpperCase()}, but is not from byte ${position} on or soon after: save it in one encoding.`,
      { cause: error },
    );
  }
}

function checked(text: string): string {
  if (text.includes('\0')) {
    throw new FileProblem('The file is no text: it holds zero bytes. Export it as CSV or TSV.');
  }
  return text;
}
