import { expect } from 'vitest';

import { test } from '../http/support/api.ts';
import { testProducer } from '../support/producer.ts';
import { pricingPage, startModels, startWebsite } from './support/servers.ts';

type Schema = {
  properties: Record<string, { enum?: string[]; properties?: Record<string, { enum?: string[] }> }>;
};

/** For each attribute its first allowed value, or "unknown" for those named. */
function answerTo(schema: Schema, unknown: string[]): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.entries(schema.properties).map(([attribute, { properties = {} }]) => [
      attribute,
      Object.fromEntries(
        Object.entries(properties).map(([field, { enum: values }]) => [
          field,
          values === undefined ? `why ${attribute}` : unknown.includes(field) ? 'unknown' : (values[0] ?? ''),
        ]),
      ),
    ]),
  );
}

test('all attributes of a pricing page come from one page and one call, into the core tables of the single workflows', async ({
  serve,
  pool,
}) => {
  const attributes = await pool<{ attribute: string; path: string }[]>`
    select attribute, api_endpoint_url as path
      from reference.pricing_attributes
      join reference.enrichment_workflow_registry using (workflow_slug)
     order by attribute`;
  expect(attributes).toHaveLength(14);
  await using site = await startWebsite({ '/pricing': pricingPage });
  const [declared] = await pool<{ schema: Schema }[]>`
    select answer_schema as schema from etl.producers where workflow_slug = 'infer-pricing-page'`;
  const schema = declared?.schema as Schema;
  const whole = answerTo(schema, ['pricing_model']);
  let single: Record<string, string> | undefined;
  await using models = await startModels(() => ({ json: single ?? whole }));
  const producer = testProducer(pool, { googleApiKey: 'test-key', googleBaseUrl: `${models.url}/gemini` });
  const { call } = await serve({}, producer);

  const json = { domain: 'all.example', pricing_page_url: `${site.url}/pricing` };
  const { status, body } = await call('/run/companies/gemini/pricing-page/infer', { json });
  expect(status).toBe(200);
  expect({ site: site.requests.length, models: models.requests.length }).toEqual({ site: 1, models: 1 });
  expect(body.explanations.free_trial).toBe('why free_trial');
  for (const { attribute } of attributes) {
    const core = await pool.unsafe<Record<string, string>[]>(
      `select ${attribute}, explanation from core.company_${attribute} where domain = 'all.example'`,
    );
    // What the page does not tell stays out of core.
    const expected = { [attribute]: whole[attribute]?.[attribute], explanation: `why ${attribute}` };
    expect(core).toEqual(attribute === 'pricing_model' ? [] : [expected]);
    expect(body[attribute]).toBe(whole[attribute]?.[attribute]);
  }

  // The single workflows read the same kept page, and write the same rows.
  for (const { attribute, path } of attributes) {
    single = whole[attribute];
    const alone = await call(path, { json: { ...json, domain: 'alone.example' } });
    expect({ attribute, status: alone.status }).toEqual({ attribute, status: 200 });
    const [difference] = await pool.unsafe<{ same: boolean }[]>(
      `select (select jsonb_agg(to_jsonb(row) order by explanation) from (select ${attribute}, explanation from core.company_${attribute} where domain = 'all.example') as row)
              is not distinct from
              (select jsonb_agg(to_jsonb(row) order by explanation) from (select ${attribute}, explanation from core.company_${attribute} where domain = 'alone.example') as row) as same`,
    );
    expect({ attribute, ...difference }).toEqual({ attribute, same: true });
  }
  expect(site.requests).toHaveLength(1);
});
