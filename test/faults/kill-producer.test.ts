import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'vitest';

import { startModels, startWebsite, pricingPage } from '../produce/support/servers.ts';
import { test } from '../support/database.ts';
import { spawnHq, startServe, until } from '../support/hq.ts';

const count = 200;
const kills = 10;

test(
  `kill -9 of the worker at random moments, ${kills} times, during ${count} inferences: every acknowledged one is landed, exactly once`,
  { timeout: 240_000 },
  async ({ ownDatabase }) => {
    await using site = await startWebsite({ '/pricing': pricingPage });
    await using models = await startModels(() => ({
      afterMs: 30 + Math.random() * 120,
      then: { json: { pricing_model: 'flat', explanation: 'One price.' } },
    }));
    const env = {
      DATABASE_URL: ownDatabase.url,
      GEMINI_API_KEY: 'test-key',
      HQ_GOOGLE_BASE_URL: `${models.url}/gemini`,
      HQ_OUTBOUND_ALLOW: '127.0.0.1',
      HQ_PRODUCER_CONCURRENCY: '4',
      HQ_SWEEP_MS: '50',
    };
    const sql = ownDatabase.connect(2);
    // Only the provider's limits decide how fast it goes, and here they would only make the test long.
    await sql`insert into etl.providers (provider, calls_per_minute) values ('google', 60000) on conflict (provider) do update set calls_per_minute = 60000`;
    const bodies = Array.from({ length: count }, (_, i) => ({
      domain: `kill${i}.example`,
      pricing_page_url: `${site.url}/pricing`,
    }));
    const [row] = await sql<{ outcomes: { status: number; payload_id: string }[] }[]>`
      select etl.run_batch('infer-pricing-model', array(select jsonb_array_elements(${sql.json(bodies)}))) as outcomes`;
    const accepted = (row?.outcomes ?? [])
      .filter(({ status }) => status === 202)
      .map(({ payload_id }) => payload_id);
    expect(accepted).toHaveLength(count);

    const done = async () => {
      const [counted] = await sql<
        { done: number }[]
      >`select count(*)::int as done from etl.productions where state = 'done'`;
      return counted?.done ?? 0;
    };
    let killed = 0;
    for (let i = 0; i < kills && (await done()) < count; i += 1) {
      const before = await done();
      const worker = spawnHq(['serve', '--worker-only'], env);
      const ended = once(worker, 'exit');
      await until('the worker works', async () => (await done()) > before, 60_000);
      await sleep(Math.random() * 150);
      worker.kill('SIGKILL');
      await ended;
      killed += 1;
      // A statement that was under way still ends on the server, and may take a lease of its own before it does.
      await until('its connections are gone', async () => {
        const open = await sql`
          select from pg_stat_activity
           where datname = current_database() and backend_type = 'client backend' and application_name <> 'hq test'`;
        return open.length === 0;
      });
      // What the dead one held is free once its lease has run out; the clock is turned on, as nobody renews it.
      await sql`update etl.productions set leased_until = now() - interval '1 second' where state = 'running'`;
      await sql`update etl.pages set fetching_until = now() where fetching_until > now()`;
      await sql`update etl.provider_slots set held_until = now() - interval '1 second'`;
    }
    expect(killed).toBe(kills);

    const last = await startServe(['--worker-only'], env);
    await until('all are done', async () => (await done()) === count, 60_000);
    await last.stop();

    const [landed] = await sql<{ payloads: number; keys: number; core: number }[]>`
      select count(*)::int as payloads, count(distinct entity_key)::int as keys,
             (select count(*)::int from core.company_pricing_model) as core
        from raw.payloads
       where id = any (${accepted}::uuid[])`;
    expect(landed).toEqual({ payloads: count, keys: count, core: count });
    const [all] = await sql<
      { count: number }[]
    >`select count(*)::int as count from raw.payloads where workflow_slug = 'infer-pricing-model'`;
    expect(all?.count).toBe(count);
    // Repeats only where an answer was in flight: at most as many per kill as were under way.
    expect(models.requests.length).toBeLessThanOrEqual(count + killed * 4);
  },
);
