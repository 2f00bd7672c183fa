import fc from 'fast-check';
import { expect } from 'vitest';

import { test } from '../support/database.ts';
import { parameters, propertyTimeout } from './support/parameters.ts';
import { type Landing, observedAt } from './support/payloads.ts';
import { schedule } from './support/schedule.ts';
import { id } from '../sql/support/calls.ts';
import {
  inOneGo,
  installHelpers,
  landOnly,
  landedCount,
  processBatches,
  retryTransient,
  state,
} from './support/store.ts';

type Body = Record<string, unknown>;

type Example = {
  slug: string;
  /** ingest, upsert, inference or fetch; of the last two what was answered is in the body */
  type: string;
  body: Body;
  required: string[];
  payloadField: string | null;
};

const isObject = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Members as they are, or missing, null or of another type. */
function members(object: Body, isKept: (name: string) => boolean): fc.Arbitrary<Body> {
  return fc.record(
    Object.fromEntries(
      Object.entries(object).map(([name, value]) => [
        name,
        isKept(name)
          ? fc.constant<unknown>(value)
          : fc.oneof(
              { weight: 5, arbitrary: fc.constant<unknown>(value) },
              { weight: 1, arbitrary: fc.constantFrom<unknown>(undefined, null, [{ wrong: 1 }]) },
            ),
      ]),
    ),
  );
}

/**
 * An example as it is, or with members of its payload (of the answer, where a model gave one) missing, null or of
 * another type, and perhaps about another company and person.
 */
function variation({
  slug,
  body,
  required,
  payloadField,
}: Example): fc.Arbitrary<{ slug: string; body: Body }> {
  const payload = payloadField === null ? undefined : body[payloadField];
  const changed = !isObject(payload)
    ? members(body, (name) => required.includes(name))
    : isObject(payload.answer)
      ? members(payload.answer, () => false).map((answer) => ({
          ...body,
          [payloadField as string]: { ...payload, answer },
        }))
      : members(payload, () => false).map((part) => ({ ...body, [payloadField as string]: part }));
  return fc.tuple(changed, fc.boolean()).map(([changedBody, isOther]) => ({
    slug,
    body: isOther
      ? (JSON.parse(
          JSON.stringify(changedBody)
            .replaceAll('acme.example', 'globex.example')
            .replaceAll('ada-example', 'grace-example'),
        ) as Body)
      : changedBody,
  }));
}

test(
  'payloads of all workflows together give the same core one by one in any order, in batches, concurrently, repeated, and after a rebuild',
  { timeout: 4 * propertyTimeout },
  async ({ ownDatabase }) => {
    const connections = [0, 1, 2, 3].map(() => ownDatabase.connect(1));
    const sql = ownDatabase.connect(1);
    await installHelpers(sql);
    const examples = await sql<Example[]>`
      select workflow_slug as slug, workflow_type as type, etl.landing_example(workflow_slug) as body,
             array(select jsonb_array_elements_text(coalesce(request_schema -> 'required', '[]'))) as required,
             ingestion.payload_field as "payloadField"
        from reference.enrichment_workflow_registry
        join etl.ingestions as ingestion using (workflow_slug)
       where is_active
       order by workflow_slug`;
    const [all] = await sql<{ landing: number }[]>`
      select count(*)::int as landing
        from reference.enrichment_workflow_registry
       where is_active
         and workflow_type in ('ingest', 'upsert', 'inference', 'fetch')`;
    expect(examples).toHaveLength(all?.landing ?? NaN);
    expect([...new Set(examples.map(({ type }) => type))].sort()).toEqual([
      'fetch',
      'inference',
      'ingest',
      'upsert',
    ]);

    // Every example once, before any is varied: each of them lands, so each is drawn from.
    const plain = examples.map(({ slug, body }, number) => ({
      slug,
      body,
      observed_at: null,
      id: id(number),
    }));
    await landOnly(sql, plain);
    expect(await landedCount(sql)).toBe(plain.length);

    const landings = fc
      .array(fc.record({ payload: fc.oneof(...examples.map(variation)), observed_at: observedAt }), {
        minLength: 8,
        maxLength: 25,
      })
      .map((calls): Landing[] =>
        calls.map(({ payload, observed_at }, number) => ({ ...payload, observed_at, id: id(number) })),
      );

    await fc.assert(
      fc.asyncProperty(
        landings.chain((landed) =>
          fc.tuple(
            fc.constant(landed),
            fc.shuffledSubarray(landed, { minLength: landed.length }),
            fc.array(fc.nat(3), { minLength: landed.length, maxLength: landed.length }),
            schedule(landed),
          ),
        ),
        async ([landed, order, on, batches]) => {
          // Without what their own rules ask for some bodies are rightly refused, and are no payloads.
          await landOnly(sql, landed, { mayBeRefused: true });
          await processBatches([sql], inOneGo(landed));
          const expected = await state(sql);
          expect(expected.failures).toEqual([]);

          await sql`select test.unprocess()`;
          await processBatches(
            connections,
            order.map(({ slug, id }, place) => ({ slug, ids: [id], connection: on[place] ?? 0 })),
          );
          await retryTransient(sql);
          expect(await state(sql), 'one by one in another order').toEqual(expected);

          await sql`select test.unprocess()`;
          await processBatches(connections, batches);
          await retryTransient(sql);
          expect(await state(sql), 'in batches, some twice').toEqual(expected);

          await sql`select etl.rebuild()`;
          expect(await state(sql), 'rebuilt').toEqual(expected);
        },
      ),
      parameters(10),
    );
  },
);
