import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('docs/errors.md lists every own code that SQL raises or refuses with', async () => {
  const names = (await readdir(`${root}/sql`, { recursive: true })).filter((name) => name.endsWith('.sql'));
  const texts = await Promise.all(names.map((name) => readFile(`${root}/sql/${name}`, 'utf8')));
  const used = texts.flatMap((text) =>
    [...text.matchAll(/(?:errcode = |refusal\(|then )'([A-Z]{5})'/g)].map(([, code]) => code ?? ''),
  );
  const page = await readFile(`${root}/docs/errors.md`, 'utf8');
  const unlisted = [...new Set(used)].filter((code) => !page.includes(`| \`${code}\` |`));
  expect(used).toContain('BADRQ');
  expect(unlisted).toEqual([]);
});
