import { describe, expect } from 'vitest';

import {
  type AnySql,
  type Outcome,
  ada,
  fingerprint,
  id,
  profile,
  rowsOf,
  run,
  value,
} from '../sql/support/calls.ts';
import { test } from '../support/database.ts';

const slugs = [
  'clay-signal-new-hire',
  'clay-signal-news-fundraising',
  'clay-signal-job-posting',
  'clay-signal-job-change',
  'clay-signal-promotion',
  'signal-job-posting-v2',
  'signal-job-change-v2',
  'signal-promotion-v2',
  'job-posting',
] as const;

type Body = Record<string, unknown>;

async function example(sql: AnySql, slug: string): Promise<Body> {
  return (await value(
    sql`select example_request from reference.enrichment_workflow_registry where workflow_slug = ${slug}`,
  )) as Body;
}

/** A body that must go through. */
async function send(
  sql: AnySql,
  slug: string,
  body: Body,
  at: { at?: string; id?: string } = {},
): Promise<Outcome> {
  const outcome = await run(sql, slug, body, at);
  expect(outcome, JSON.stringify(outcome.body)).toMatchObject({ status: 200, body: { success: true } });
  return outcome;
}

const job = {
  job_id: 4300000001,
  title: 'Data Engineer',
  domain: 'acme.example',
  company_name: 'Acme Example',
};
const posting = (facts: Body = {}): Body => ({
  domain: 'acme.example',
  raw_job_post_data_payload: { jobPostData: { ...job, ...facts } },
});

describe('every signal', () => {
  test.for(slugs)(
    '%s: a second delivery of an event changes nothing, an older one overwrites nothing',
    async (slug, { sql }) => {
      const body = await example(sql, slug);
      await send(sql, slug, body, { at: '2026-02-01' });
      const once = await value(sql`select etl.fingerprint()`);
      await send(sql, slug, body, { at: '2026-02-02' });
      expect(await value(sql`select etl.fingerprint()`)).toBe(once);
      expect(await value(sql`select count(*)::int from core.signals`)).toBe(slug === 'job-posting' ? 0 : 1);
      await send(sql, slug, body, { at: '2026-01-01' });
      const stored = await fingerprint(sql);
      await sql`select etl.rebuild()`;
      expect(await fingerprint(sql)).toBe(stored);
      expect(await value(sql`select min(detected_at) = '2026-01-01' from core.signals`)).toBe(
        slug === 'job-posting' ? null : true,
      );
    },
  );

  test.for(slugs)('%s: optional fields may be absent, null or of any type', async (slug, { sql }) => {
    const body = await example(sql, slug);
    const required = (await value(
      sql`select strict_schema -> 'required' from reference.enrichment_workflow_registry where workflow_slug = ${slug}`,
    )) as string[];
    const part = (read: (content: unknown) => unknown) =>
      Object.fromEntries(
        Object.entries(body).flatMap(([key, content]) => {
          if (!required.includes(key)) return read(content) === undefined ? [] : [[key, read(content)]];
          // a posting has to be there, so its fields vary, not the posting
          if (slug === 'job-posting' && key === 'job_posting_payload')
            return [[key, { ...(content as Body), jobPostData: { title: read(1) ?? 'x' } }]];
          return [
            [
              key,
              typeof content === 'object'
                ? Object.fromEntries(
                    Object.keys(content as Body).map((name) => [
                      name,
                      // a v2 event has to name its person
                      name === 'fullProfile' && slug.endsWith('-v2') ? { url: ada } : read(1),
                    ]),
                  )
                : content,
            ],
          ];
        }),
      );
    for (const sent of [undefined, null, 17.5, true, [1], { a: 1 }]) {
      const outcome = await send(
        sql,
        slug,
        part(() => sent),
      );
      if (sent !== undefined && sent !== null) expect(outcome.body.warnings?.length).toBeGreaterThan(0);
    }
    expect(await value(sql`select count(*)::int from etl.failures`)).toBe(0);
  });

  test('keys and client domains are normalised', async ({ sql }) => {
    await send(sql, 'clay-signal-new-hire', {
      company_domain: ' HTTPS://www.Acme.example/jobs ',
      person_linkedin_url: 'linkedin.com/in/Ada-Example/?x=1',
    });
    await send(sql, 'signal-job-posting-v2', {
      client_domain: 'www.Client.example',
      raw_job_post_data_payload: { jobPostData: job },
    });
    expect(await rowsOf(sql, 'core.company_signals')).toMatchObject([
      { domain: 'acme.example', kind: 'job_posting', client_domain: 'client.example' },
      { domain: 'acme.example', kind: 'new_hire', person_linkedin_url: ada, client_domain: null },
    ]);
  });
});

describe('signal_slug', () => {
  test.for([
    ['clay-hire', 'Signal "clay-hire" is not in reference.signal_registry.'],
    ['clay-promotion', 'Signal "clay-promotion" is about promotion, and this workflow about new_hire.'],
  ])('%s is refused for a new hire, and nothing is stored', async ([signal_slug, detail], { sql }) => {
    expect(
      await run(sql, 'clay-signal-new-hire', { company_domain: 'acme.example', signal_slug }),
    ).toMatchObject({
      status: 422,
      body: { code: 'BADRQ', errors: [{ pointer: '/signal_slug', detail }] },
    });
    expect(await value(sql`select count(*)::int from raw.payloads`)).toBe(0);
  });

  test('of an inactive signal is refused, also when it is the default', async ({ sql }) => {
    await sql`update reference.signal_registry set is_active = false where signal_slug = 'clay-news-fundraising'`;
    expect(await run(sql, 'clay-signal-news-fundraising', { company_domain: 'acme.example' })).toMatchObject({
      status: 422,
    });
  });

  test('the registry holds JSON, not its text', async ({ sql }) => {
    expect(
      await value(
        sql`select bool_and(jsonb_typeof(required_inputs) = 'object' and jsonb_typeof(output_fields) = 'object') from reference.signal_registry`,
      ),
    ).toBe(true);
  });
});

describe('news', () => {
  test.for([['soon'], [null], ['2026-13-45']])(
    'with the publication date %j are stored without one',
    async ([publishDate], { sql }) => {
      await send(sql, 'clay-signal-news-fundraising', {
        company_domain: 'acme.example',
        news_title: 'Series B',
        raw_event_payload: { newsData: { publishDate } },
      });
      expect(await rowsOf(sql, 'extracted.clay_news_fundraising')).toMatchObject([
        { news_title: 'Series B', publish_date: null },
      ]);
    },
  );

  test.for([['text'], [['list']], [{ newsData: null }]])(
    'may come with the event %j',
    async ([raw_event_payload], { sql }) => {
      await send(sql, 'clay-signal-news-fundraising', { company_domain: 'acme.example', raw_event_payload });
      expect(await value(sql`select raw_event_payload from raw.clay_news_fundraising_payloads`)).toEqual(
        raw_event_payload,
      );
    },
  );
});

describe('a job posting', () => {
  test('of three workflows is one row of core, with its title registered once whatever its case', async ({
    sql,
  }) => {
    await send(sql, 'job-posting', {
      domain: 'acme.example',
      job_posting_payload: { ...job, title: 'Data  engineer' },
    });
    await send(sql, 'clay-signal-job-posting', {
      ...posting(),
      cleaned_job_title: 'Engineer',
      job_function: 'Engineering',
    });
    await send(sql, 'signal-job-posting-v2', {
      client_domain: 'client.example',
      raw_job_post_data_payload: { jobPostData: job },
    });
    expect(await rowsOf(sql, 'core.company_job_postings')).toMatchObject([
      {
        domain: 'acme.example',
        job_id: 4300000001,
        title: 'Data Engineer',
        cleaned_job_title: 'Engineer',
        job_function: 'Engineering',
      },
    ]);
    expect(
      await value(
        sql`select count(*)::int from core.company_job_postings join reference.job_titles as title on title.id = job_title_id`,
      ),
    ).toBe(1);
    expect(await rowsOf(sql, 'reference.job_titles')).toHaveLength(1);
  });

  test('keeps what a later delivery lacks', async ({ sql }) => {
    await send(sql, 'clay-signal-job-posting', posting({ salary_min: 90000, salary_unit: 'year' }), {
      at: '2026-01-01',
    });
    await send(sql, 'clay-signal-job-posting', posting({ salary_min: null, location: 'Springfield' }), {
      at: '2026-02-01',
    });
    expect(await rowsOf(sql, 'core.company_job_postings')).toMatchObject([
      { salary_min: 90000, salary_unit: 'year', location: 'Springfield' },
    ]);
  });

  test.for([[0], [null], [undefined]])(
    'with the job id %j is extracted and a signal, but no row of postings',
    async ([job_id], { sql }) => {
      const { body } = await send(sql, 'clay-signal-job-posting', posting({ job_id }));
      expect(body.core_id).toBeNull();
      expect(await rowsOf(sql, 'core.company_job_postings')).toEqual([]);
      expect(await rowsOf(sql, 'core.company_signals')).toMatchObject([{ title: 'Data Engineer' }]);
    },
  );

  test('of the older, flat body is taken too; the event wins, and a null event does no harm', async ({
    sql,
  }) => {
    const flat = {
      domain: 'acme.example',
      company_linkedin_url: 'https://www.linkedin.com/company/acme-example',
      job_title: 'Old',
      company_name: 'Acme',
      post_on: 'Jan 12, 2026',
    };
    await send(sql, 'clay-signal-job-posting', { ...flat, raw_job_post_data_payload: { jobPostData: null } });
    await send(sql, 'clay-signal-job-posting', {
      ...flat,
      raw_job_post_data_payload: { jobPostData: { title: 'New' } },
    });
    expect(await rowsOf(sql, 'extracted.clay_job_posting')).toMatchObject([
      { job_title: 'New', company_name: 'Acme' },
      { job_title: 'Old', post_on: '2026-01-12', company_linkedin_url: flat.company_linkedin_url },
    ]);
  });

  test.for([
    ['2026-01-12T09:30:00.000Z', '2026-01-12 09:30:00'],
    ['2026-1-5', '2026-01-05 00:00:00'],
    ['2026/01/12', '2026-01-12 00:00:00'],
    ['01/02/2026', '2026-01-02 00:00:00'],
    ['22/01/2026', '2026-01-22 00:00:00'],
    ['20260112', '2026-01-12 00:00:00'],
    ['January 12, 2026 at 5:04 PM', '2026-01-12 00:00:00'],
    ['jan 12, 2026', '2026-01-12 00:00:00'],
    ['02/30/2026', null],
    ['Smarch 1, 2026', null],
    ['3 days ago', null],
    ['2026', null],
  ] as const)('posted "%s" was posted %s', async ([posted, expected], { sql }) => {
    expect(
      await value(
        sql`select to_char(core.posting_time(to_jsonb(${posted}::text)) at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')`,
      ),
    ).toBe(expected);
  });

  test('without job data is refused', async ({ sql }) => {
    for (const job_posting_payload of [{}, { jobPostData: null }, { jobPostData: {} }]) {
      expect(await run(sql, 'job-posting', { domain: 'acme.example', job_posting_payload })).toMatchObject({
        status: 422,
        body: { detail: 'No job data found in payload.' },
      });
    }
  });

  test('names its recruiter', async ({ sql }) => {
    await send(sql, 'job-posting', {
      domain: 'acme.example',
      job_posting_payload: {
        url: 'https://www.linkedin.com/jobs/view/1',
        jobPostData: { ...job, recruiter_name: 'Ada Example', recruiter_url: ada },
      },
    });
    expect(await rowsOf(sql, 'core.people')).toMatchObject([{ linkedin_url: ada, full_name: 'Ada Example' }]);
    expect(await rowsOf(sql, 'extracted.company_job_postings')).toMatchObject([
      { url: 'https://www.linkedin.com/jobs/view/1' },
    ]);
  });

  test('of the initial check is kept, but is no signal', async ({ sql }) => {
    await send(sql, 'signal-job-posting-v2', {
      client_domain: 'client.example',
      raw_job_post_data_payload: { isInitialCheck: true, jobPostData: job },
    });
    expect(await rowsOf(sql, 'core.company_signals')).toMatchObject([{ is_initial_check: true }]);
    expect(await rowsOf(sql, 'core.signals')).toEqual([]);
  });
});

describe('a job change', () => {
  test('keeps commas in names, and takes the first of a list', async ({ sql }) => {
    await send(sql, 'clay-signal-job-change', {
      person_linkedin_url: ada,
      new_company_name: 'Acme, Inc.',
      new_company_domain: 'www.acme.example, globex.example',
      new_company_linkedin_url: ['https://www.linkedin.com/company/acme-example'],
      start_date_at_new_job: '2025-11-01T00:00:00Z,2020-01-01',
    });
    expect(await rowsOf(sql, 'extracted.clay_job_change')).toMatchObject([
      {
        new_company_name: 'Acme, Inc.',
        new_company_domain: 'acme.example',
        new_company_linkedin_url: 'https://www.linkedin.com/company/acme-example',
        start_date_at_new_job: '2025-11-01',
        started_within_threshold: null,
      },
    ]);
    expect(await rowsOf(sql, 'core.person_current_employer')).toMatchObject([
      { linkedin_url: ada, company_domain: 'acme.example' },
    ]);
    expect(await rowsOf(sql, 'core.companies')).toMatchObject([
      { domain: 'acme.example', name: 'Acme, Inc.' },
    ]);
  });

  const event = {
    newCompany: 'https://www.linkedin.com/company/globex-example/',
    fullProfile: {
      url: ada,
      name: 'Ada Example',
      latest_experience: {
        company: 'Side Project',
        company_domain: 'side.example',
        url: 'https://www.linkedin.com/company/side',
        title: 'Advisor',
      },
      experience: [
        {
          company: 'Globex',
          company_domain: 'globex.example',
          url: 'https://linkedin.com/company/Globex-Example',
          title: 'VP of Marketing',
          start_date: '2026-01-01',
        },
      ],
    },
  };

  test('is about the company that the event names, not the latest of the profile', async ({ sql }) => {
    await send(sql, 'signal-job-change-v2', {
      client_domain: 'client.example',
      raw_job_change_payload: event,
    });
    await send(sql, 'clay-signal-job-change', {
      person_linkedin_url: ada,
      job_change_event_raw_payload: event,
    });
    const expected = {
      linkedin_url: ada,
      company_domain: 'globex.example',
      company_name: 'Globex',
      title: 'VP of Marketing',
      occurred_on: '2026-01-01',
    };
    expect(await rowsOf(sql, 'core.person_signals')).toMatchObject([
      { ...expected, client_domain: null },
      { ...expected, client_domain: 'client.example' },
    ]);
  });

  test('of a company that the profile lacks takes nothing from another job', async ({ sql }) => {
    await send(sql, 'clay-signal-job-change', {
      person_linkedin_url: ada,
      new_company_domain: 'initech.example',
      job_change_event_raw_payload: { fullProfile: event.fullProfile },
    });
    expect(await rowsOf(sql, 'extracted.clay_job_change')).toMatchObject([
      {
        new_company_domain: 'initech.example',
        new_company_name: null,
        new_job_title: null,
        person_name: 'Ada Example',
      },
    ]);
  });

  test('updates title, start and employer when it is newer than the profile, and not when it is older', async ({
    sql,
  }) => {
    const seen = {
      title: 'Software Engineer',
      start_date: '2020-01-01',
      company: 'Acme',
      company_domain: 'acme.example',
      is_current: true,
    };
    await profile(sql, {
      name: 'Ada Example',
      latest_experience: seen,
      last_refresh: '2026-02-01T00:00:00Z',
    });
    const known = () =>
      Promise.all(['core.person_job_titles', 'core.person_tenure'].map((table) => rowsOf(sql, table)));
    const before = await known();
    await send(
      sql,
      'clay-signal-job-change',
      { person_linkedin_url: ada, job_change_event_raw_payload: event },
      { at: '2026-01-15', id: id(1) },
    );
    expect(await known()).toEqual(before);
    await send(
      sql,
      'signal-job-change-v2',
      { client_domain: 'client.example', raw_job_change_payload: event },
      { at: '2026-02-15', id: id(2) },
    );
    expect(await known()).toMatchObject([
      [{ linkedin_url: ada, matched_job_function: 'Marketing', source: 'signal_job_change' }],
      [{ linkedin_url: ada, job_start_date: '2026-01-01', source: 'signal_job_change' }],
    ]);
    expect(await rowsOf(sql, 'core.person_current_employer')).toMatchObject([
      { company_domain: 'globex.example' },
    ]);
  });

  test.for([[{ origin: null, fullProfile: null }], [{ fullProfile: { latest_experience: null } }], [{}]])(
    'of the event %j, which names no person, is refused',
    async ([raw_job_change_payload], { sql }) => {
      expect(
        await run(sql, 'signal-job-change-v2', { client_domain: 'client.example', raw_job_change_payload }),
      ).toMatchObject({
        status: 422,
        body: { code: 'BADKY', errors: [{ pointer: '/raw_job_change_payload/fullProfile/url' }] },
      });
    },
  );

  test('takes explicit nulls for parts of the event', async ({ sql }) => {
    await send(sql, 'signal-job-change-v2', {
      client_domain: 'client.example',
      raw_job_change_payload: { origin: null, fullProfile: { url: ada, latest_experience: null } },
    });
    expect(await rowsOf(sql, 'core.person_signals')).toMatchObject([{ linkedin_url: ada, title: null }]);
  });

  test('without a usable client is refused', async ({ sql }) => {
    expect(
      await run(sql, 'signal-job-change-v2', {
        client_domain: 'no domain',
        raw_job_change_payload: { fullProfile: { url: ada } },
      }),
    ).toMatchObject({ status: 422, body: { code: 'BADRQ', errors: [{ pointer: '/client_domain' }] } });
  });

  test('has one row per client', async ({ sql }) => {
    for (const client_domain of ['client.example', 'other.example', 'client.example']) {
      await send(sql, 'signal-job-change-v2', { client_domain, raw_job_change_payload: event });
    }
    expect(await rowsOf(sql, 'core.signals')).toMatchObject([
      { client_domain: 'client.example' },
      { client_domain: 'other.example' },
    ]);
    expect(
      await value(sql`select array_agg(origin_table_id) from raw.signal_job_change_payloads`),
    ).toHaveLength(3);
  });
});

describe('a promotion', () => {
  test('keeps commas in titles; a threshold that was not sent was not met', async ({ sql }) => {
    await send(sql, 'clay-signal-promotion', {
      person_linkedin_url: ada,
      new_title: 'VP, Sales',
      previous_title: ['Director, Sales', 'Manager'],
      confidence: '85',
      promotion_event_raw_payload: {
        fullProfile: { latest_experience: { company: 'Acme', company_domain: 'acme.example' } },
      },
    });
    expect(await rowsOf(sql, 'extracted.clay_promotion')).toMatchObject([
      {
        new_title: 'VP, Sales',
        previous_title: 'Director, Sales',
        confidence: '85',
        started_within_threshold: null,
        company_domain: 'acme.example',
      },
    ]);
    expect(await rowsOf(sql, 'core.person_signals')).toMatchObject([
      { title: 'VP, Sales', confidence: 85, company_domain: 'acme.example' },
    ]);
  });

  test('with one title as text is one title', async ({ sql }) => {
    const { body } = await send(sql, 'signal-promotion-v2', {
      client_domain: 'client.example',
      days_since_promotion: '90',
      raw_promotion_payload: { newTitle: 'VP of Marketing', confidence: 'high', fullProfile: { url: ada } },
    });
    expect(body).toMatchObject({
      new_title: 'VP of Marketing',
      warnings: [{ field: '/raw_promotion_payload/confidence' }],
    });
    expect(await rowsOf(sql, 'extracted.signal_promotion')).toMatchObject([
      { new_titles: ['VP of Marketing'], previous_titles: null, confidence: null, days_since_promotion: 90 },
    ]);
    expect(await rowsOf(sql, 'core.person_job_titles')).toMatchObject([{ source: 'signal_promotion' }]);
  });
});

describe('each example', () => {
  test.for([
    ['clay-signal-new-hire', 'extracted.clay_new_hire', 'core.company_signals'],
    ['clay-signal-news-fundraising', 'extracted.clay_news_fundraising', 'core.company_signals'],
    ['clay-signal-job-posting', 'extracted.clay_job_posting', 'core.company_signals'],
    ['signal-job-posting-v2', 'extracted.signal_job_posting', 'core.company_signals'],
    ['clay-signal-job-change', 'extracted.clay_job_change', 'core.person_signals'],
    ['signal-job-change-v2', 'extracted.signal_job_change', 'core.person_signals'],
    ['clay-signal-promotion', 'extracted.clay_promotion', 'core.person_signals'],
    ['signal-promotion-v2', 'extracted.signal_promotion', 'core.person_signals'],
  ] as const)('of %s fills every column of %s that it can', async ([slug, extracted, core], { sql }) => {
    const { body } = await send(sql, slug, await example(sql, slug));
    expect(body.warnings).toBeUndefined();
    const [row] = await sql`select to_jsonb(stored) as row from ${sql(extracted)} as stored`;
    expect(row?.row.id).toBe(body.extracted_id);
    expect(row?.row.raw_payload_id).toBe(body.raw_id);
    expect(Object.entries(row?.row).filter(([, content]) => content === null)).toEqual([]);
    expect(await rowsOf(sql, core)).toHaveLength(1);
    expect(await rowsOf(sql, 'core.signals')).toHaveLength(1);
  });
});

describe('a snapshot of the people at a company', () => {
  test('counts its people, and dates itself by its id', async ({ sql }) => {
    const body = await example(sql, 'company-people-snapshot');
    await send(sql, 'company-people-snapshot', body);
    await send(sql, 'company-people-snapshot', body);
    await send(sql, 'company-people-snapshot', {
      ...body,
      linkedin_url: 'https://www.linkedin.com/in/bea-example',
    });
    await send(
      sql,
      'company-people-snapshot',
      { ...body, snapshot_batch_id: 'second' },
      { at: '2026-02-27T23:00:00Z' },
    );
    const batches = await sql`
      select snapshot_batch_id, snapshot_date::text, person_count from reference.snapshot_batches order by snapshot_date`;
    expect([...batches]).toEqual([
      { snapshot_batch_id: body.snapshot_batch_id, snapshot_date: '2026-01-30', person_count: 2 },
      { snapshot_batch_id: 'second', snapshot_date: '2026-02-27', person_count: 1 },
    ]);
    expect(await rowsOf(sql, 'core.person_current_employer')).toMatchObject([
      { linkedin_url: ada, company_domain: 'acme.example' },
      { company_domain: 'acme.example' },
    ]);
  });
});

describe('a signal for a client', () => {
  test('belongs to the person it is about: forgetting the person erases it', async ({ sql }) => {
    for (const slug of ['signal-job-change-v2', 'signal-promotion-v2'])
      await send(sql, slug, await example(sql, slug));
    const person = await value(sql`select linkedin_url from core.person_signals limit 1`);
    await sql`select etl.forget(${person as string})`;
    for (const table of [
      'raw.payloads',
      'extracted.signal_job_change',
      'extracted.signal_promotion',
      'core.person_signals',
    ])
      expect(await rowsOf(sql, table), table).toEqual([]);
  });

  test('belongs to the company that posted the job; a posting that names none stays with its client', async ({
    sql,
  }) => {
    for (const jobPostData of [job, { ...job, domain: null }, { ...job, domain: 'no domain' }]) {
      await send(sql, 'signal-job-posting-v2', {
        client_domain: 'client.example',
        raw_job_post_data_payload: { jobPostData },
      });
    }
    expect(
      await sql`select entity_key, count(*)::int from raw.payloads group by entity_key order by entity_key`,
    ).toEqual([
      { entity_key: 'acme.example', count: 1 },
      { entity_key: 'client.example', count: 2 },
    ]);
    expect(await rowsOf(sql, 'core.company_signals')).toMatchObject([{ domain: 'acme.example' }]);
  });
});
