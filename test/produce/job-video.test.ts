import { expect } from 'vitest';

import { test } from '../http/support/api.ts';
import { testProducer } from '../support/producer.ts';
import { startModels } from './support/servers.ts';

const path = '/run/linkedin/job-video/ingest';
const posting = {
  job_title: 'Rocket Engineer',
  company_name: 'Acme Example',
  company_logo_description: null,
  location: 'Berlin',
  work_type: 'Hybrid',
  salary_min: 70_000.4,
  salary_max: null,
  salary_currency: 'EUR',
  salary_period: 'yr',
  is_promoted: true,
  is_easy_apply: false,
  is_actively_reviewing: false,
  confidence: 0.6,
};

function form(file: Blob | null, fields: Record<string, string> = {}) {
  const body = new FormData();
  if (file) body.set('video', file, 'jobs.mp4');
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return { method: 'POST', body };
}

test('a recording goes to the model as it is, and each opening is stored once', async ({ serve, pool }) => {
  await using models = await startModels([
    {
      json: {
        jobs: [
          posting,
          { ...posting, job_title: 'rocket engineer', confidence: 0.9, salary_max: 90_000 },
          { ...posting, location: 'Hamburg' },
          { ...posting, company_name: '' },
        ],
      },
      inputTokens: 5_000,
      outputTokens: 300,
    },
  ]);
  const producer = testProducer(pool, { googleApiKey: 'test-key', googleBaseUrl: `${models.url}/gemini` });
  const { call } = await serve({}, producer);
  const video = new Blob(['not really a film'], { type: 'video/mp4' });
  const { status, body } = await call(
    path,
    form(video, { search_query: 'rockets', search_date: '2026-01-31' }),
  );
  expect({ status, body }).toMatchObject({
    status: 200,
    body: {
      video_filename: 'jobs.mp4',
      jobs_extracted: 2,
      tokens_used: 5_300,
      raw_video_id: body.raw_payload_id,
    },
  });
  const sent = models.requests[0]?.body ?? '';
  expect(sent).toContain(Buffer.from('not really a film').toString('base64'));
  expect(sent).toContain('video/mp4');
  // A long list takes the model minutes to write.
  expect(models.requests[0]?.path).toContain(':streamGenerateContent');
  expect(
    await pool`
      select job_title, location, confidence, salary_min, salary_max, search_date::text
        from extracted.linkedin_job_postings_video
       where raw_video_id = ${body.raw_video_id}
       order by posting_order`,
  ).toEqual([
    {
      job_title: 'rocket engineer',
      location: 'Berlin',
      confidence: 0.9,
      salary_min: 70_000,
      salary_max: 90_000,
      search_date: '2026-01-31',
    },
    {
      job_title: 'Rocket Engineer',
      location: 'Hamburg',
      confidence: 0.6,
      salary_min: 70_000,
      salary_max: null,
      search_date: '2026-01-31',
    },
  ]);
});

test('what is no recording is refused, and nothing is asked', async ({ serve, pool }) => {
  await using models = await startModels([{ json: { jobs: [] } }]);
  const producer = testProducer(pool, { googleApiKey: 'test-key', googleBaseUrl: `${models.url}/gemini` });
  const { call } = await serve({}, producer);
  const text = new Blob(['hello'], { type: 'text/plain' });
  const video = new Blob(['film'], { type: 'video/webm' });
  expect((await call(path, form(null, { search_query: 'rockets' }))).status).toBe(422);
  expect((await call(path, form(text))).status).toBe(422);
  expect((await call(path, form(video, { search_date: 'soon' }))).status).toBe(422);
  expect(
    (await call(path, { json: { video: { attachment: 'never-sent', content_type: 'video/mp4' } } })).status,
  ).toBe(502);
  const repeated = await call(path, { ...form(video), headers: { 'Idempotency-Key': 'once' } });
  expect(repeated.body).toMatchObject({ status: 422, errors: [{ header: 'Idempotency-Key' }] });
  const large = new Blob([new Uint8Array(21 * 1024 * 1024)], { type: 'video/mp4' });
  expect((await call(path, form(large))).status).toBe(413);
  expect(models.requests).toHaveLength(0);
});
