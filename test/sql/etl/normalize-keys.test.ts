import { describe, expect } from 'vitest';

import { test } from '../../support/database.ts';

/** What comes in, and the key it is; null where it is none. */
const domains: [string, string | null][] = [
  ['acme.example', 'acme.example'],
  [' ACME.Example ', 'acme.example'],
  ['https://www.acme.example/about?x=1#team', 'acme.example'],
  ['HTTP://user:secret@acme.example:8080/', 'acme.example'],
  ['//acme.example/x', 'acme.example'],
  ['acme.example.', 'acme.example'],
  ['www.www.acme.example', 'acme.example'],
  // "www" is the name itself where nothing but the top level follows
  ['http://www.com', 'www.com'],
  ['shop.acme.co.uk', 'shop.acme.co.uk'],
  ['acme_shop.example', 'acme_shop.example'],
  // RFC 3492, section 7.1, and DNS's own spelling of the same
  ['bücher.example', 'xn--bcher-kva.example'],
  ['BÜCHER.example', 'xn--bcher-kva.example'],
  ['bu\u0308cher.example', 'xn--bcher-kva.example'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['他们为什么不说中文.example', 'xn--ihqwcrb4cv8a8dqg056pqjye.example'],
  ['почемужеонинеговорятпорусски.example', 'xn--b1abfaaepdrnnbgefbadotcwatmq2g4l.example'],
  ['3年b組金八先生.example', 'xn--3b-ww4c5e180e575a65lsy2b.example'],
  ['münchen.де', 'xn--mnchen-3ya.xn--d1ac'],
  ['', null],
  ['acme', null],
  ['localhost', null],
  ['192.0.2.1', null],
  ['[2001:db8::1]', null],
  ['ada@acme.example', null],
  ['acme..example', null],
  ['-acme.example', null],
  ['acme-.example', null],
  ['ac me.example', null],
  ['ac\u200bme.example', null],
  ['acme.e', null],
  [`${'a'.repeat(64)}.example`, null],
  [`${'ü'.repeat(63)}.example`, null],
  [`${'a.'.repeat(130)}example`, null],
];

const member = `ACoAAB${'c_D-4'.repeat(6)}`;
const profiles: [string, string | null][] = [
  ['https://www.linkedin.com/in/ada-example', 'https://www.linkedin.com/in/ada-example'],
  ['http://de.linkedin.com/in/Ada-Example/?trk=x', 'https://www.linkedin.com/in/ada-example'],
  ['linkedin.com/in/ada-example/details/experience/', 'https://www.linkedin.com/in/ada-example'],
  [' //www.linkedin.com//in/ada-example#top', 'https://www.linkedin.com/in/ada-example'],
  // one person, however the browser or the export spells the name
  ['https://www.linkedin.com/in/j%C3%B6rg-example', 'https://www.linkedin.com/in/j%c3%b6rg-example'],
  ['https://www.linkedin.com/in/J%c3%96RG-example', 'https://www.linkedin.com/in/j%c3%b6rg-example'],
  ['https://www.linkedin.com/in/jörg-example', 'https://www.linkedin.com/in/j%c3%b6rg-example'],
  ['https://www.linkedin.com/in/jo\u0308rg-example', 'https://www.linkedin.com/in/j%c3%b6rg-example'],
  ['https://www.linkedin.com/in/%61da-example', 'https://www.linkedin.com/in/ada-example'],
  ['https://www.linkedin.com/in/ada-%F0%9F%9A%80', 'https://www.linkedin.com/in/ada-%f0%9f%9a%80'],
  // not UTF-8: as it came, in lower case
  ['https://www.linkedin.com/in/ada-%FF', 'https://www.linkedin.com/in/ada-%ff'],
  ['https://www.linkedin.com/in/ada-%00', 'https://www.linkedin.com/in/ada-%00'],
  ['https://www.linkedin.com/in/100%', 'https://www.linkedin.com/in/100%25'],
  // ids are hashes: their case counts
  [`https://www.linkedin.com/in/${member}`, `https://www.linkedin.com/in/${member}`],
  [
    'https://www.linkedin.com/sales/lead/ACwAAABcD,NAME_SEARCH,x1',
    'https://www.linkedin.com/sales/lead/ACwAAABcD',
  ],
  ['linkedin.com/SALES/people/ACwAAABcD', 'https://www.linkedin.com/sales/people/ACwAAABcD'],
  ['', null],
  ['ada-example', null],
  ['https://www.linkedin.com/in/', null],
  ['https://www.linkedin.com/company/acme', null],
  ['https://www.linkedin.com/pub/ada/1/2/3', null],
  ['https://linkedin.com.evil.example/in/ada', null],
  ['https://evil.example/linkedin.com/in/ada', null],
  [`https://www.linkedin.com/in/${'a'.repeat(251)}`, null],
];

describe('etl.normalize_domain', () => {
  for (const [input, key] of domains) {
    test(`makes ${JSON.stringify(input.slice(0, 60))} ${key ?? 'null'}`, async ({ sql }) => {
      const [row] = await sql`select etl.normalize_domain(${input}) as key`;
      expect(row?.key).toBe(key);
    });
  }
});

describe('etl.normalize_linkedin_url', () => {
  for (const [input, key] of profiles) {
    test(`makes ${JSON.stringify(input.slice(0, 80))} ${key ?? 'null'}`, async ({ sql }) => {
      const [row] = await sql`select etl.normalize_linkedin_url(${input}) as key`;
      expect(row?.key).toBe(key);
    });
  }
});
