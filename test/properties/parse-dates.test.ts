import fc from 'fast-check';
import { expect } from 'vitest';

import { test } from '../support/database.ts';
import { parameters, propertyTimeout } from './support/parameters.ts';

const digits = (length: number) =>
  fc.nat(10 ** length - 1).map((number) => String(number).padStart(length, '0'));
const near = (from: number, to: number, length = 2) =>
  fc.integer({ min: from, max: to }).map((number) => String(number).padStart(length, '0'));
const year = fc.oneof(
  near(1990, 2030, 4),
  digits(4),
  fc.constantFrom('0000', '0001', '9999', '2000', '1900', '20210'),
);
const month = near(0, 13);
const day = near(0, 32);
const time = fc
  .tuple(near(0, 24), near(0, 60), fc.constantFrom('', ':00', ':59', ':60', ':59.5', ':00.123456789', ':1'))
  .map(([hour, minute, second]) => `${hour}:${minute}${second}`);
const offset = fc.constantFrom(
  '',
  'Z',
  'z',
  '+02:00',
  '-0530',
  '+14',
  '-14:00',
  '+15:00',
  ' +01:00',
  'UTC',
  '+1',
);
const text = fc.oneof(
  year,
  fc.tuple(year, month).map((parts) => parts.join('-')),
  fc.tuple(year, month, day).map((parts) => parts.join('-')),
  fc
    .tuple(year, month, day, fc.constantFrom('T', ' ', 't', '  '), time, offset)
    .map(([y, m, d, separator, t, o]) => `${y}-${m}-${d}${separator}${t}${o}`),
  fc.constantFrom(
    'Present',
    'infinity',
    'now',
    'today',
    '2021-13-45',
    '2021/05/03',
    '05-2021',
    'May 2021',
    'null',
    ' 2021 ',
  ),
  fc.string({ maxLength: 12 }),
);
const value = fc.oneof(
  { weight: 9, arbitrary: text },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) },
);

/** What the database cannot hold is no subject here. */
const storable = (input: unknown) => !JSON.stringify(input).includes('\\u0000');

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

function isDay(year: number, month: number, day: number): boolean {
  return year >= 1 && month >= 1 && day >= 1 && day <= daysIn(year, month);
}

/** "2021", "2021-05" and "2021-05-03" with anything after a T or blank; else null. */
function expectedDate(input: unknown): string | null {
  if (typeof input !== 'string') return null;
  const parts = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ].*)?)?)?$/s.exec(
    input.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''),
  );
  if (!parts) return null;
  const [year = '', month = '01', day = '01'] = parts.slice(1);
  return isDay(Number(year), Number(month), Number(day)) ? `${year}-${month}-${day}` : null;
}

/** ISO 8601 down to the date; no offset means UTC. As microseconds since 1970, so that no calendar is involved. */
function expectedTime(input: unknown): bigint | null {
  if (typeof input !== 'string') return null;
  const parts =
    /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?\s*(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?)?)?$/.exec(
      input.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''),
    );
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const fraction = Number(parts[7] ?? 0);
  const [sign, offsetHours, offsetMinutes] = [
    parts[9] === '-' ? -1 : 1,
    Number(parts[10] ?? 0),
    Number(parts[11] ?? 0),
  ];
  if (
    !isDay(year, month, day) ||
    hour > 23 ||
    minute > 59 ||
    second > 59 ||
    offsetHours > 14 ||
    offsetMinutes > 59
  )
    return null;
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, month - 1, day);
  const seconds = hour * 3600 + minute * 60 + second - sign * (offsetHours * 3600 + offsetMinutes * 60);
  return (BigInt(midnight.getTime()) + BigInt(seconds * 1000)) * 1000n + BigInt(Math.round(fraction * 1e6));
}

test(
  'as_date reads what it should and nothing else, and never raises',
  { timeout: propertyTimeout },
  async ({ sql }) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(value.filter(storable), { minLength: 100, maxLength: 200 }),
        async (inputs) => {
          const rows = await sql<{ input: unknown; read: string | null }[]>`
        select input, to_char(etl.as_date(input), 'YYYY-MM-DD') as read
          from jsonb_array_elements(${sql.json(inputs)}) with ordinality as item (input, position) order by position`;
          expect(rows.map(({ read }) => read)).toEqual(inputs.map(expectedDate));
        },
      ),
      parameters(30),
    );
  },
);

test('as_timestamptz reads what it should and nothing else, and never raises, in any time zone', async ({
  sql,
}) => {
  await sql`set local timezone = 'America/St_Johns'`;
  await fc.assert(
    fc.asyncProperty(fc.array(value.filter(storable), { minLength: 100, maxLength: 200 }), async (inputs) => {
      const rows = await sql<{ microseconds: string | null }[]>`
        select (extract(epoch from etl.as_timestamptz(input)) * 1000000)::numeric(30, 0)::text as microseconds
          from jsonb_array_elements(${sql.json(inputs)}) with ordinality as item (input, position) order by position`;
      expect(rows.map(({ microseconds }, position) => [inputs[position], microseconds])).toEqual(
        inputs.map((input) => [input, expectedTime(input)?.toString() ?? null]),
      );
    }),
    parameters(30),
  );
});

test(
  'nothing that JSON can hold makes a value function raise',
  { timeout: propertyTimeout },
  async ({ sql }) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue().filter(storable), { minLength: 50, maxLength: 100 }),
        async (inputs) => {
          const [row] = await sql`
        select count(*)::int as read
          from jsonb_array_elements(${sql.json(inputs as never)}) as input
         cross join lateral (
           select etl.as_text(input), etl.as_text(input, 3), etl.as_text_or_number(input), etl.as_integer(input), etl.as_bigint(input), etl.as_numeric(input),
                  etl.as_boolean(input), etl.as_date(input), etl.as_timestamptz(input), etl.as_text_array(input), etl.as_array(input),
                  etl.is_filled_object(input), (select count(*) from etl.elements(input))
         ) as reading`;
          expect(row).toEqual({ read: inputs.length });
        },
      ),
      parameters(30),
    );
  },
);
