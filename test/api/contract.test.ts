import { expect } from 'vitest';
import { z } from 'zod';

import { type Call, type Json, test as base } from '../http/support/api.ts';
import { type Contract, contracts } from './contract.ts';
import { loadSample } from './support/sample.ts';

type Fixtures = { sample: Call; document: Json };

const test = base.extend<Fixtures>({
  sample: [
    async ({ pool, call }, use) => {
      await loadSample(pool, 30);
      // seller.example sells to the three companies that the sample's people work and worked at.
      for (const name of ['zenith', 'zephyr', 'zodiac']) {
        const body = {
          origin_company_domain: 'seller.example',
          company_customer_name: name,
          company_customer_domain: `${name}.example`,
          workflow_slug: 'manual-company-customers',
        };
        await pool`select etl.ingest('manual-company-customers', ${pool.json(body)})`;
      }
      await use(call);
    },
    { scope: 'file' },
  ],
  document: [async ({ call }, use) => use((await call('/openapi.json')).body as Json), { scope: 'file' }],
});

/** Every field is there, null when it is not known. */
function expectFields(found: Json, fields: string[]) {
  expect(Object.keys(found as object)).toEqual(expect.arrayContaining(fields));
}

function rowsOf(body: Json, { bare }: Contract): Json[] {
  return (bare ? body : body.data) as Json[];
}

// One after the other, in the order of the file: what one saves another deletes.
for (const contract of contracts) {
  const { method, path, query = [], call, json, rows, body: fields, meta } = contract;
  test(`${method} ${path} takes the parameters and gives the fields it always did`, async ({
    sample,
    document,
  }) => {
    const operation = document.paths[path]?.[method.toLowerCase()];
    expect(operation, 'is in the OpenAPI document').toBeDefined();
    const documented = ((operation.parameters ?? []) as { name: string }[]).map(({ name }) => name);
    expect(documented).toEqual(expect.arrayContaining(query));

    const { status, body } = await sample(call, { method, ...(json ? { json } : {}) });
    expect(status, JSON.stringify(body)).toBe(200);
    if (fields) expectFields(body, fields);
    if (meta) expectFields(body.meta, meta);
    if (rows) {
      const found = rowsOf(body, contract);
      expect(found.length, 'the call finds rows').toBeGreaterThan(0);
      for (const row of found) expectFields(row, rows);
    }
    const { schema } = operation.responses['200'].content['application/json'];
    const checked = z.fromJSONSchema(schema).safeParse(body);
    expect(checked.error?.issues ?? [], 'the answer is as OpenAPI says').toEqual([]);
  });
}
