

import { company, companyPath, test } from './support/api.ts';

test('smoke', async ({ call }) => {
  for (const n of [1, 2, 3])
    await call(companyPath, { json: company(`t${n}.example`, { keywords: ['a', 'b'] }) });
  console.log((await call('/api/tables')).body.tables.length);
  console.log((await call('/api/tables/core/companies/columns')).text.slice(0, 400));
  const page = await call('/api/tables/core/company_keywords?limit=4');
  console.log(page.text.slice(0, 2000));
  console.log(
    (
      await call(
        `/api/tables/core/company_keywords?limit=4&after=${page.body.meta.next_cursor}&count=exact&columns=domain,keyword`,
      )
    ).text,
  );
  console.log(
    (
      await call(
        `/api/tables/core/companies?sort=-created_at,domain&limit=2&columns=domain&domain.in=t1.example,www.T2.example`,
      )
    ).text,
  );
  console.log((await call(`/api/tables/core/companies?format=csv`)).text);
  console.log((await call(`/api/tables/raw/payloads?count=exact&limit=1`)).text.slice(0, 600));
  console.log((await call(`/api/admin/core/companies?name=Name&limit=1`)).text.slice(0, 600));
  console.log((await call(`/api/admin/core/companies/count`)).text.slice(0, 600));
  console.log((await call(`/api/admin/tables/core/companies/count`)).text.slice(0, 600));
  console.log((await call(`/api/tables/etl/jobs`)).text.slice(0, 600));
  console.log((await call(`/api/tables/core/companies?nope=1`)).text.slice(0, 600));
  console.log((await call(`/api/tables/core/companies?created_at.gte=x`)).text.slice(0, 600));
});
