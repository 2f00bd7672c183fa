import { expect } from 'vitest';

import { test } from '../support/database.ts';

test('runs as a role that is no superuser', async ({ sql }) => {
  const [row] = await sql`select rolsuper, rolcreatedb from pg_roles where rolname = current_user`;
  expect(row).toEqual({ rolsuper: false, rolcreatedb: true });
});
