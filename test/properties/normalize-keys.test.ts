import fc from 'fast-check';
import { expect } from 'vitest';

import { test } from '../support/database.ts';
import { parameters, propertyTimeout } from './support/parameters.ts';

const label = fc.oneof(
  fc.constantFrom(
    'www',
    'acme',
    'xn--bcher-kva',
    'a_b',
    '-',
    'example',
    'com',
    'co',
    '123',
    'BÜCHER',
    'İ',
    'ß',
    '',
  ),
  fc.string({ unit: 'grapheme', maxLength: 70 }),
);
const host = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'));
const part = (...values: string[]) => fc.constantFrom('', ...values);
const url = fc
  .tuple(
    part('https://', 'HTTP://', '//', 'mailto:', 'user:secret@', 'https://user@'),
    part(' ', '\n', 'www.', 'WWW.www.'),
    host,
    part('.', '..', ':443', ':x'),
    part('/', '/a b', '?q=//x.y', '#f', '\\', ' '),
  )
  .map((parts) => parts.join(''));

const profile = fc
  .tuple(
    part(' ', 'https://', 'http:', '//'),
    part('www.', 'uk.', 'de-de.', 'evil.com/'),
    fc.constantFrom(
      'linkedin.com/in/',
      'LinkedIn.com//IN/',
      'linkedin.com/sales/lead/',
      'linkedin.com/sales/people//',
      'linkedin.com/company/',
    ),
    fc.oneof(
      fc.constantFrom('ada-example', 'Ada%20B', 'İ'.repeat(250), 'ACwAAA,NAME,x', ','),
      fc.string({ unit: 'grapheme', maxLength: 260 }),
    ),
    part('/', '/de', '?x=1', '#', ' '),
  )
  .map((parts) => parts.join(''));

const anything = fc.string({ unit: 'grapheme', maxLength: 300 });
const withoutNul = (input: string) => input.replaceAll('\0', '');

for (const [name, input] of [
  ['normalize_domain', fc.oneof(url, anything)],
  ['normalize_linkedin_url', fc.oneof(profile, anything)],
] as const) {
  test(
    `${name} of what it gives gives the same, and it never raises`,
    { timeout: propertyTimeout },
    async ({ sql }) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(input.map(withoutNul), { minLength: 50, maxLength: 100 }),
          async (inputs) => {
            const changed = await sql`
          with once as (
            select input, etl.${sql.unsafe(name)}(input) as key from unnest(${inputs}::text[]) as input
          )
          select input, key, etl.${sql.unsafe(name)}(key) as again
            from once
           where etl.${sql.unsafe(name)}(key) is distinct from key`;
            expect(changed).toEqual([]);
          },
        ),
        parameters(30),
      );
    },
  );
}

test('a key is either a company or a person, never both', { timeout: propertyTimeout }, async ({ sql }) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(url, profile).map(withoutNul), { minLength: 100, maxLength: 100 }),
      async (inputs) => {
        const [row] = await sql`
        select count(*)::int as both
          from unnest(${inputs}::text[]) as input
         where (select count(*) from etl.entity_of(input)) > 1`;
        expect(row).toEqual({ both: 0 });
      },
    ),
    parameters(10),
  );
});
