import { expect } from 'vitest';

import { type Call, type Json, test as base } from './support/api.ts';

/** Names that are in rows of one tenant only, wherever such rows are kept. */
const secrets = { 'one.example': 'SecretOfOne', 'two.example': 'SecretOfTwo' } as const;
const clients = Object.keys(secrets) as (keyof typeof secrets)[];

type Asked = { path: string; json?: unknown };
type Caller = 'admin' | 'writer' | 'reader' | 'tenant';
type Planted = { deliveries: string[] };

const each = (path: (client: string) => string): Asked[] => clients.map((client) => ({ path: path(client) }));
const tenantTables = [
  ...['client', 'target_client'].flatMap((schema) =>
    ['leads', 'leads_people'].map((table) => `${schema}/${table}`),
  ),
  'raw/client_lead_payloads',
  'core/target_client_view_settings',
  'core/target_client_views',
  'extracted/target_client_view_requests',
];

/** Routes that show rows of tenants, and how they are asked so that they would show those of both. */
const showing: Record<string, (planted: Planted) => Asked[]> = {
  'get /api/client-leads': () =>
    ['json', 'csv', 'ndjson'].map((format) => ({ path: `/api/client-leads?format=${format}` })),
  'get /api/target-client-leads': () => [{ path: '/api/target-client-leads' }],
  'get /api/target-views': () => [{ path: '/api/target-views' }],
  'get /api/target-views/{slug}': () => each((client) => `/api/target-views/${client.replace('.', '-')}`),
  'get /api/tables/{schema}/{table}': () =>
    tenantTables.flatMap((table) =>
      ['json', 'csv', 'ndjson'].map((format) => ({ path: `/api/tables/${table}?format=${format}` })),
    ),
  'get /api/admin/{schema}/{table}': () => tenantTables.map((table) => ({ path: `/api/admin/${table}` })),
  'get /api/companies/{domain}': () => [
    ...each((client) => `/api/companies/${client}`),
    ...each((client) => `/api/companies/${client}?explain=true`),
    ...each((client) => `/api/companies/${client}?as_of=2999-01-01`),
  ],
  'get /api/companies/{domain}/explain': () => each((client) => `/api/companies/${client}/explain`),
  'post /api/companies/batch': () => [{ path: '/api/companies/batch', json: { keys: clients } }],
  'get /api/changes': () => [{ path: '/api/changes?limit=10000' }],
  'get /deliveries': () => [{ path: '/deliveries' }],
  'get /deliveries/{id}': ({ deliveries }) => deliveries.map((id) => ({ path: `/deliveries/${id}` })),
};

/** Routes that only read, and show no row of a tenant to anyone. */
const free = [
  ...['', '/quick', '/recently-promoted', '/new-in-role', '/at-vc-portfolio', '/by-past-employer'],
  ...['/by-company-customers', '/past-employer-count', '/past-employer-breakdown', '/past-employer-preview'],
  '/priority-companies',
].map((name) => `get /api/leads${name}`);
free.push(
  ...['', '/search', '/lookup', '/by-technology', '/by-job-title', '/by-google-ads', '/by-linkedin-ads'].map(
    (name) => `get /api/companies${name}`,
  ),
  'get /api/companies/by-meta-ads',
  ...['check-has-customers', 'check-has-case-studies', 'public-company-info', 'enrichment-status'].map(
    (name) => `post /api/companies/${name}`,
  ),
  ...['customers', 'has-customers', 'has-case-studies', 'customer-insights', 'icp', 'ads', 'similar'].map(
    (name) => `get /api/companies/{domain}/${name}`,
  ),
  'get /api/people',
  ...['work-history', 'enrichment-status', 'workflow-enrichment-status', 'batch'].map(
    (name) => `post /api/people/${name}`,
  ),
  ...['', '/explain'].map((name) => `get /api/people/record${name}`),
  ...['workflows', 'workflows/summary', 'coverage'].map((name) => `get /api/enrichment/${name}`),
  ...['pending', 'batch/{batch_id}/status', 'queue/status'].map(
    (name) => `get /api/enrichment/similar-companies/${name}`,
  ),
  'get /api/filters',
  ...['seniorities', 'job-functions', 'employee-ranges', 'funding-ranges', 'revenue-ranges'].map(
    (name) => `get /api/filters/${name}`,
  ),
  ...['industries', 'signals', 'business-models', 'countries', 'vc-firms', 'technologies', 'job-titles'].map(
    (name) => `get /api/filters/${name}`,
  ),
  ...['', '/{recipe_id}/count', '/{recipe_id}/sample'].map((name) => `get /api/admin/gaps/recipes${name}`),
  ...['list', 'missing-customers', 'missing-customers/count'].map(
    (name) => `get /api/admin/top-vc-portfolio/${name}`,
  ),
  'get /api/tables',
  'get /api/tables/{schema}/{table}/columns',
  'get /api/admin/tables/{schema}/{table}/count',
  'get /api/admin/{schema}/{table}/count',
  'post /read/companies/db/check-existence',
  ...['payloads', 'productions', 'jobs'].map((name) => `get /${name}/{id}`),
  ...['', 'health', 'ready', 'metrics'].map((name) => `get /${name}`),
);

/** Routes that write, beside all under /run: a key with a tenant only reads, so they are not for it. */
const writing = [
  'post /api/leads/priority-companies',
  'post /api/target-views',
  'delete /api/target-views/{slug}',
  'delete /api/leads/priority-companies/{company_name}',
  'post /api/enrichment/similar-companies/batch',
  'delete /api/enrichment/similar-companies/queue/clear',
  'post /jobs',
  'post /jobs/{id}/cancel',
  ...['pause', 'resume', 'cancel', 'retry'].map((action) => `post /deliveries/{id}/${action}`),
  'get /admin/keys',
  'post /admin/keys',
  'delete /admin/keys/{id}',
];

const test = base.extend<{ planted: Planted; document: Json; as: Record<Caller, Call> }>({
  planted: [
    async ({ pool }, use) => {
      for (const client of clients) {
        const secret = secrets[client];
        for (const [slug, field] of [
          ['client-lead-ingest', 'client_domain'],
          ['target-client-lead-ingest', 'target_client_domain'],
        ] as const) {
          const named = { [field]: client, first_name: secret, full_name: secret };
          await pool`
            select etl.ingest(${slug}, example_request || ${pool.json(named)})
              from reference.enrichment_workflow_registry where workflow_slug = ${slug}`;
        }
        const view = { domain: client, name: secret, filters: { industry: 'Retail' } };
        await pool`select etl.ingest('target-view-upsert', ${pool.json(view)})`;
        const order = { webhook_url: 'https://hooks.acme.example/in/4', client_domain: client };
        await pool`select etl.run('client-leads-to-clay', ${pool.json(order)})`;
        await pool`
          update etl.delivery_rows set state = 'failed', problem = ${secret}, answer = ${secret} where body ->> 'client_domain' = ${client}`;
        await pool`update etl.deliveries set title = ${secret} where request ->> 'client_domain' = ${client}`;
      }
      await pool`select etl.sequence_changes()`;
      const made = await pool<{ id: string }[]>`select id from etl.deliveries order by id`;
      await use({ deliveries: made.map(({ id }) => id) });
    },
    { scope: 'file' },
  ],
  document: [async ({ call }, use) => use((await call('/openapi.json')).body as Json), { scope: 'file' }],
  as: [
    async ({ pool, call }, use) => {
      const made = await pool<{ name: string; key: string }[]>`
        select wanted.name, api.create_key(wanted.name, wanted.scopes::text[], wanted.tenant) ->> 'key' as key
          from (values ('admin', '{admin}', null), ('writer', '{read,ingest}', null), ('reader', '{read}', null), ('tenant', '{read}', 'one.example'))
            as wanted (name, scopes, tenant)`;
      const keyed = (key: string): Call => {
        return (path, init = {}) => call(path, { ...init, headers: { authorization: `Bearer ${key}` } });
      };
      await use(Object.fromEntries(made.map(({ name, key }) => [name, keyed(key)])) as Record<Caller, Call>);
    },
    { scope: 'file' },
  ],
});

const routesOf = (document: Json) =>
  Object.entries(document.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );

/** How a route is asked that shows nothing of tenants: about the second of them, where it can be. */
function examples(route: string, document: Json): Asked[] {
  const [method = '', path = ''] = route.split(' ');
  const { parameters = [], requestBody } = document.paths[path][method] as Json;
  const about: Record<string, string> = {
    domain: 'two.example',
    schema: 'client',
    table: 'leads',
    recipe_id: 'companies-missing-industry',
    id: '00000000-0000-7000-8000-000000000000',
    batch_id: '00000000-0000-7000-8000-000000000000',
  };
  const query = new URLSearchParams();
  for (const parameter of parameters as Json[]) {
    if (parameter.in === 'query' && parameter.required) query.set(parameter.name, String(parameter.example));
  }
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => about[name] ?? 'two');
  const json =
    requestBody === undefined
      ? undefined
      : { ...about, schema_name: 'raw', table_name: 'client_lead_payloads' };
  return [{ path: query.size > 0 ? `${filled}?${query}` : filled, ...(json ? { json } : {}) }];
}

async function secretsIn(call: Call, asked: Asked[]): Promise<string[]> {
  const found = new Set<string>();
  for (const { path, json } of asked) {
    const { status, text } = await call(path, json === undefined ? {} : { json });
    expect(status, `${path}: ${text.slice(0, 300)}`).toBeOneOf([200, 403, 404, 422, 503]);
    for (const secret of Object.values(secrets)) if (text.includes(secret)) found.add(secret);
  }
  return [...found].sort();
}

test('every route is known to show rows of tenants, to show none, or to write', ({ document }) => {
  const known = [...Object.keys(showing), ...free, ...writing];
  const routes = routesOf(document).filter((route) => !route.startsWith('post /run/'));
  // Whoever adds a route says here what it shows, and the tests below try it.
  expect(routes.toSorted()).toEqual(known.toSorted());
});

test.for(Object.keys(showing))(
  '%s shows a tenant its own rows, a reader none, and all to who writes or administers',
  async (route, { as, planted }) => {
    const asked = showing[route]?.(planted) ?? [];
    const seen: Record<string, string[]> = {};
    for (const [name, call] of Object.entries(as)) seen[name] = await secretsIn(call, asked);
    expect(seen).toEqual({
      admin: ['SecretOfOne', 'SecretOfTwo'],
      writer: ['SecretOfOne', 'SecretOfTwo'],
      reader: [],
      tenant: ['SecretOfOne'],
    });
  },
);

test('each asking alone shows a tenant nothing of another', async ({ as, planted }) => {
  for (const asked of Object.values(showing).flatMap((ask) => ask(planted))) {
    expect(await secretsIn(as.tenant, [asked]), asked.path).not.toContain('SecretOfTwo');
    expect(await secretsIn(as.reader, [asked]), asked.path).toEqual([]);
  }
});

test('the other routes that read show nothing of tenants', async ({ as, planted, document }) => {
  expect(planted.deliveries).toHaveLength(2);
  for (const route of free) {
    for (const name of ['tenant', 'reader', 'admin'] as const) {
      expect(await secretsIn(as[name], examples(route, document)), `${name}: ${route}`).toEqual([]);
    }
  }
});

test('what counts the rows of tenants counts those that the caller may see', async ({ as, planted }) => {
  expect(planted.deliveries).toHaveLength(2);
  for (const path of ['/api/admin/client/leads/count', '/api/admin/tables/target_client/leads/count']) {
    const counts: Record<string, number> = {};
    for (const [name, call] of Object.entries(as)) counts[name] = (await call(path)).body.count as number;
    expect(counts, path).toEqual({ admin: 2, writer: 2, reader: 0, tenant: 1 });
  }
});

test('a key with a tenant can call nothing that writes', async ({ as, document }) => {
  const runs = routesOf(document).filter((route) => route.startsWith('post /run/'));
  expect(runs.length).toBeGreaterThan(80);
  for (const route of [...runs, ...writing]) {
    const [method = '', path = ''] = route.split(' ');
    const filled = path.replaceAll(/\{\w+\}/g, 'one-example');
    const { status } = await as.tenant(filled, {
      method: method.toUpperCase(),
      ...(method === 'post' ? { json: { client_domain: 'one.example' } } : {}),
    });
    expect(status, route).toBe(403);
  }
});
