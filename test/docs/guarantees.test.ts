import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('every test that docs/guarantees.md names is there', async () => {
  const page = await readFile(`${root}/docs/guarantees.md`, 'utf8');
  const named = [...page.matchAll(/`(test\/[^`]+\.test\.ts)`/g)].map(([, path]) => path ?? '');
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((path) => !existsSync(`${root}/${path}`))).toEqual([]);
});
