import { expect } from 'vitest';

import { test } from '../support/database.ts';
import { type AnySql, type Outcome, id, run } from '../sql/support/calls.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Body = { [name: string]: Json };

type Workflow = {
  slug: string;
  type: string;
  example: Body;
  required: string[];
  payloadField: string | null;
  /** where the key stands, from the body down */
  keyPath: string[];
  responseFields: string[];
  /** what has to be started before the example, which asks for it, is answered */
  awaits: string | null;
};

const lands = ({ type }: Workflow) => ['ingest', 'upsert', 'inference', 'fetch'].includes(type);

/** Everything the registry says; the same claims are checked for each row. */
async function workflows(sql: AnySql): Promise<Workflow[]> {
  return await sql<Workflow[]>`
    select workflow_slug as slug, workflow_type as type, etl.landing_example(workflow_slug) as example,
           array(select jsonb_array_elements_text(coalesce(request_schema -> 'required', '[]'))) as required,
           ingestion.payload_field as "payloadField",
           string_to_array(coalesce(ingestion.key_field, ''), '/') as "keyPath",
           array(select jsonb_object_keys(coalesce(response_schema -> 'properties', '{}')) as field order by field) as "responseFields",
           handler.example_awaits as awaits
      from reference.enrichment_workflow_registry
      left join etl.ingestions as ingestion using (workflow_slug)
      left join etl.handlers as handler using (workflow_slug)
     where is_active
     order by workflow_slug`;
}

/** What a claim has against a workflow; the failure shows all workflows that break it, with the evidence. */
async function objections(sql: AnySql, claim: (workflow: Workflow) => Promise<string | undefined>) {
  const found: string[] = [];
  for (const workflow of await workflows(sql)) {
    const objection = await claim(workflow);
    if (objection !== undefined) found.push(`${workflow.slug}: ${objection}`);
  }
  return found;
}

async function fingerprint(sql: AnySql): Promise<string> {
  const [row] = await sql<{ print: string }[]>`select etl.fingerprint() as print`;
  return row?.print ?? '';
}

/** The example with its optional parts changed: what is required and the key stay, the payload's own members are all optional. */
function changed(
  { example, required, payloadField, keyPath }: Workflow,
  change: (value: Json) => Json | undefined,
): Body {
  const entries = Object.entries(example).map(([name, value]): [string, Json | undefined] => {
    if (name === payloadField && value !== null && typeof value === 'object' && !Array.isArray(value)) {
      return [
        name,
        dropUndefined(
          Object.entries(value).map(([member, item]) => [
            member,
            name === keyPath[0] && member === keyPath[1] ? onlyAt(keyPath.slice(2), item) : change(item),
          ]),
        ),
      ];
    }
    return [name, required.includes(name) ? value : change(value)];
  });
  return dropUndefined(entries);
}

/** Of a value what stands at the path, and nothing beside it. */
function onlyAt([name, ...rest]: string[], value: Json): Json {
  if (name === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return { [name]: onlyAt(rest, value[name] ?? null) };
}

function dropUndefined(entries: [string, Json | undefined][]): Body {
  return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

type Kind = 'absent' | 'null' | 'empty text' | 'wrongly typed';

/**
 * The workflows that refuse a body whose optional fields are absent, null, empty or wrongly typed, and why: each has to,
 * and no other may.
 */
const refusals: Record<string, { because: string; butTakes?: Kind }> = {
  'analyze-sec-10k': { because: 'the key, domain, may be left out only by those who send a document' },
  'analyze-sec-10q': { because: 'the key, domain, may be left out only by those who send a document' },
  'analyze-sec-8k-executive': {
    because: 'the key, domain, may be left out only by those who send a document',
  },
  'builtwith-techstack': { because: 'its payload is the list, or has it' },
  'client-lead-ingest': { because: 'a lead has a person or a company' },
  'company-customers-claygent': { because: 'what Claygent found stands in either of two fields' },
  'company-customers-v2': { because: 'what Claygent found stands in either of two fields' },
  'company-ticker': { because: 'its payload is the ticker, or has it' },
  'infer-company-country': { because: 'the key, domain, may be left out by those who only ask' },
  'infer-company-industry': { because: 'the key, domain, may be left out by those who only ask' },
  'infer-company-linkedin-url': { because: 'the key, domain, may be left out by those who only ask' },
  'job-posting': { because: 'its payload holds the job' },
  'predictleads-techstack': { because: 'its payload is the list, or has it' },
  'salesnav-export-to-clay': { because: 'a file without rows is a mistake' },
  'staging-company-linkedin-update': {
    because: 'it changes one of two fields; empty text clears it',
    butTakes: 'empty text',
  },
  'target-client-lead-ingest': { because: 'a lead has a person or a company' },
};

/** What a workflow in that list has against its outcome; nothing when it is refused as it has to be. */
function objectionToRefusal({ slug }: Workflow, kind: Kind, { status, body }: Outcome): string | undefined {
  const isRefused = status === 422 && (body.code === 'BADKY' || body.code === 'BADRQ');
  const hasTo = slug in refusals && refusals[slug]?.butTakes !== kind;
  if (hasTo === isRefused) return undefined;
  return hasTo ? `has to refuse, and answers ${status}` : `refuses: ${JSON.stringify(body)}`;
}

/** What has to be started first is not there: 404. */
const isAwaited = ({ awaits }: Workflow, { status, body }: Outcome) =>
  awaits !== null && status === 404 && body.code === 'UNKEY';

test('answers its example with every documented field', async ({ sql }) => {
  const found = await objections(sql, async (workflow) => {
    const outcome = await run(sql, workflow.slug, workflow.example);
    const { status, body } = outcome;
    if (workflow.awaits !== null) return isAwaited(workflow, outcome) ? undefined : `answers ${status}`;
    if (status !== 200) return `answers ${status}: ${JSON.stringify(body)}`;
    const missing = workflow.responseFields.filter((field) => field !== 'warnings' && !(field in body));
    if (missing.length > 0) return `does not answer ${missing.join(', ')}`;
    return body.warnings && `warns about its own example: ${JSON.stringify(body.warnings)}`;
  });
  expect(found).toEqual([]);
});

test('leaves in core what the registry claims', async ({ sql }) => {
  expect(await sql`select workflow_slug, problem from etl.audit() where not ok`).toEqual([]);
});

test('changes nothing in core when its example comes a second time', async ({ sql }) => {
  // At one time, because some facts are the time of the check itself.
  const at = '2026-01-15T00:00:00Z';
  const found = await objections(sql, async (workflow) => {
    if (!lands(workflow)) return undefined;
    await run(sql, workflow.slug, workflow.example, { at });
    const before = await fingerprint(sql);
    await run(sql, workflow.slug, workflow.example, { at });
    return before === (await fingerprint(sql)) ? undefined : 'changes core';
  });
  expect(found).toEqual([]);
});

test('lets no older payload overwrite what a newer one extracted', async ({ sql }) => {
  let number = 0;
  const found = await objections(sql, async (workflow) => {
    if (!lands(workflow)) return undefined;
    const newer = id((number += 2));
    await run(sql, workflow.slug, workflow.example, { at: '2020-02-02T00:00:00Z', id: newer });
    const count = async () => {
      const targets = await sql<{ target: string }[]>`
        select target from etl.extractions where workflow_slug = ${workflow.slug} order by target`;
      const rows: Record<string, number> = {};
      for (const { target } of targets) {
        const [row] = await sql.unsafe<{ rows: number }[]>(
          `select count(*)::int as rows from ${target} where raw_payload_id = $1`,
          [newer],
        );
        rows[target] = row?.rows ?? 0;
      }
      return rows;
    };
    const before = await count();
    await run(sql, workflow.slug, workflow.example, { at: '2019-01-01T00:00:00Z', id: id(number - 1) });
    const after = await count();
    return JSON.stringify(before) === JSON.stringify(after)
      ? undefined
      : `${JSON.stringify(before)} became ${JSON.stringify(after)}`;
  });
  expect(found).toEqual([]);
});

for (const [kind, change] of [
  ['absent', () => undefined],
  ['null', () => null],
  ['empty text', () => ''],
] as const) {
  test(`takes every optional field ${kind}, without a warning`, async ({ sql }) => {
    const found = await objections(sql, async (workflow) => {
      const outcome = await run(sql, workflow.slug, changed(workflow, change));
      const { status, body } = outcome;
      const objection = objectionToRefusal(workflow, kind, outcome);
      if (objection !== undefined || status === 422) return objection;
      if (isAwaited(workflow, outcome)) return undefined;
      if (status !== 200 && status !== 202) return `answers ${status}: ${JSON.stringify(body)}`;
      return body.warnings && `warns: ${JSON.stringify(body.warnings)}`;
    });
    expect(found).toEqual([]);
  });
}

test('takes every optional field wrongly typed: nothing raises, and warnings say what was dropped', async ({
  sql,
}) => {
  const wrong = (value: Json): Json => (Array.isArray(value) ? { wrong: true } : [[{ wrong: 1 }]]);
  const found = await objections(sql, async (workflow) => {
    const body = changed(workflow, wrong);
    if (JSON.stringify(body) === JSON.stringify(workflow.example)) return undefined;
    const outcome = await run(sql, workflow.slug, body);
    const objection = objectionToRefusal(workflow, 'wrongly typed', outcome);
    if (objection !== undefined || outcome.status === 422) return objection;
    if (outcome.status !== 200 && outcome.status !== 202) {
      return `answers ${outcome.status}: ${JSON.stringify(outcome.body)}`;
    }
    return lands(workflow) && outcome.body.warnings === undefined ? 'does not warn' : undefined;
  });
  expect(found).toEqual([]);
});
