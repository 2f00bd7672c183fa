import { expect } from 'vitest';

import { test } from '../../support/database.ts';

test('one response per body, in order; a refused body says why and holds up none of the others', async ({
  sql,
}) => {
  const bodies = [
    { domain: 'globex.example', raw_payload: { name: 'Globex' } },
    { domain: 'no domain', raw_payload: {} },
    { domain: 'acme.example', raw_payload: { name: 'Acme' } },
  ].map((body) => JSON.stringify(body));
  const answers = await sql<{ answer: { success?: boolean; code?: string; raw_id?: string } }[]>`
    select answer from etl.ingest_batch('companyenrich', ${bodies}::text[]::jsonb[]) as answer`;

  expect(answers.map(({ answer }) => answer.code ?? answer.success)).toEqual([true, 'BADKY', true]);
  expect(
    await sql`
      select payload.id = ${answers[0]?.answer.raw_id ?? null}::uuid as is_first, company.name
        from core.companies as company
        join raw.payloads as payload on payload.entity_key = company.domain
       order by company.domain desc`,
  ).toEqual([
    { is_first: true, name: 'Globex' },
    { is_first: false, name: 'Acme' },
  ]);
});
