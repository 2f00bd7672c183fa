import { expect } from 'vitest';

import { personPath, test } from '../http/support/api.ts';

const ada = 'https://www.linkedin.com/in/ada-example';

test('whether a person is enriched: by work history, by an empty one, by workflow', async ({ call }) => {
  const status = (linkedin_url: unknown) => call('/api/people/enrichment-status', { json: { linkedin_url } });
  const byWorkflow = (workflow_slug: string) =>
    call('/api/people/workflow-enrichment-status', {
      json: { person_linkedin_url: `${ada}/`, workflow_slug, company_name: null },
    });
  const unknown = await status(ada);
  expect(unknown.body).toEqual({
    linkedin_url: ada,
    is_enriched: false,
    entry_count: 0,
    last_enriched_at: null,
  });

  const body = (experience: object[]) => ({
    linkedin_url: ada,
    workflow_slug: 'clay-person-profile',
    raw_payload: { name: 'Ada', experience },
  });
  await call(personPath, { json: body([]) });
  expect((await status('linkedin.com/in/Ada-Example')).body).toMatchObject({
    is_enriched: true,
    entry_count: 0,
    last_enriched_at: expect.any(String),
  });
  await call(personPath, {
    json: body([{ title: 'Engineer', company: 'Acme', company_domain: 'acme.example' }]),
  });
  expect((await status(ada)).body).toMatchObject({ is_enriched: true, entry_count: 1 });

  const known = await byWorkflow('clay-person-profile');
  expect(known.body).toMatchObject({
    person_linkedin_url: ada,
    workflow_slug: 'clay-person-profile',
    enriched: true,
    count: 1,
    last_enriched_at: expect.any(String),
  });
  expect((await byWorkflow('salesnav-person')).body).toMatchObject({
    enriched: false,
    last_enriched_at: null,
  });
  const none = await byWorkflow('nothing');
  expect([none.status, none.body.code]).toEqual([404, 'UNKWF']);
  for (const value of ['acme.example', '', 7, null, 'a\u0000b'])
    expect((await status(value)).status, String(value)).toBe(422);
});
