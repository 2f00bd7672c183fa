import { expect } from 'vitest';

import { test } from './support/api.ts';

type Workflow = { path: string; example: Record<string, unknown> };

/** The members of a body's own objects made lists and objects that nothing expects; its own texts and numbers stay. */
function scrambled(example: Record<string, unknown>): Record<string, unknown> {
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inner);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inner(member)]));
    return typeof value === 'string' ? [value] : { value };
  };
  return Object.fromEntries(
    Object.entries(example).map(([name, value]) => [name, typeof value === 'object' ? inner(value) : value]),
  );
}

// Those that ask models and other services are tried with such services in test/produce.
test.for([
  ['as it is', '', ({ example }: Workflow) => example],
  ['in an array', '', ({ example }: Workflow) => [example]],
  ['on a dry run', '?dry_run=true', ({ example }: Workflow) => example],
  ['with fields of the wrong type', '', ({ example }: Workflow) => scrambled(example)],
] as const)(
  'every workflow answers its example, %s, with what the OpenAPI document says and nothing else',
  { timeout: 120_000 },
  async ([, suffix, bodyOf], { call, pool }) => {
    const workflows = await pool<Workflow[]>`
      select api_endpoint_url as path, example_request as example
        from reference.enrichment_workflow_registry
       where is_active and not workflow_type in ('inference', 'fetch') and payload_type is distinct from 'job_video'
       order by workflow_slug`;
    expect(workflows.length).toBeGreaterThan(90);
    const objections: string[] = [];
    for (const workflow of workflows) {
      try {
        // The check is made by the call itself (support/contract.ts).
        const { status, text } = await call(workflow.path + suffix, { json: bodyOf(workflow) });
        // Some examples are about what has to be there first.
        if (status >= 300 && ![404, 409, 422].includes(status))
          objections.push(`${workflow.path}: ${status} ${text}`);
      } catch (error) {
        objections.push(String(error));
      }
    }
    expect(objections).toEqual([]);
  },
);
