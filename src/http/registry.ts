import { z } from 'zod';

import type { Sql } from '../database/connect.ts';
import { Turns } from './turns.ts';

export type JsonSchema = Record<string, unknown>;

/** One row of reference.enrichment_workflow_registry. */
export type Workflow = {
  slug: string;
  type: string;
  entityType: string;
  provider: string | null;
  platform: string | null;
  payloadType: string | null;
  description: string;
  path: string;
  /** older paths that lead here too */
  otherPaths: string[];
  coreTables: string[];
  timeoutMs: number;
  maxBodyBytes: number;
  requestSchema: JsonSchema;
  strictSchema: JsonSchema;
  responseSchema: JsonSchema;
  exampleRequest: unknown;
  /** a delivery workflow whose rows may come as an uploaded file */
  takesFile: boolean;
  /** field of the request that says where rows are delivered to, for workflows that have one */
  urlField: string | null;
  isActive: boolean;
  inactiveReason: string | null;
};

type RegistryRow = Omit<Workflow, 'timeoutMs'> & { timeoutSeconds: number };

/**
 * The workflow registry in memory, by path. A changed row replaces its entry; nothing else is derived from it but the
 * validator, made when the first body comes.
 */
export class WorkflowRegistry {
  readonly #sql: Sql;
  #bySlug = new Map<string, Workflow>();
  #byPath = new Map<string, Workflow>();
  #validators = new WeakMap<Workflow, z.ZodType>();
  #version = 0;
  #changed = new Set<string>();
  /** one read at a time, so that an older answer never takes the place of a newer one */
  readonly #reading = new Turns();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Grows with every change; what is derived from the whole registry is made again when it has grown. */
  get version(): number {
    return this.#version;
  }

  /** All workflows, in order of their paths. */
  all(): Workflow[] {
    return [...this.#bySlug.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  find(path: string): Workflow | undefined {
    return this.#byPath.get(path);
  }

  /** Reads every row. */
  readAll(): Promise<void> {
    return this.#reading.take(async () => {
      const workflows = await this.#read(null);
      this.#bySlug = new Map(workflows.map((workflow) => [workflow.slug, workflow]));
      this.#indexPaths();
    });
  }

  /**
   * Reads the row of a slug again; slugs given meanwhile are read together. Rejects when the database does; the slug is
   * then read with the next one.
   */
  readAgain(slug: string): Promise<void> {
    this.#changed.add(slug);
    return this.#reading.take(() => this.#readChanged());
  }

  /** The validator of the workflow's strict schema. */
  validator(workflow: Workflow): z.ZodType {
    let validator = this.#validators.get(workflow);
    if (!validator) {
      validator = z.fromJSONSchema(withRequiredProperties(workflow.strictSchema));
      this.#validators.set(workflow, validator);
    }
    return validator;
  }

  async #readChanged(): Promise<void> {
    const slugs = [...this.#changed];
    if (slugs.length === 0) return;
    this.#changed.clear();
    try {
      const workflows = await this.#read(slugs);
      for (const slug of slugs) this.#bySlug.delete(slug);
      for (const workflow of workflows) this.#bySlug.set(workflow.slug, workflow);
      this.#indexPaths();
    } catch (error) {
      for (const slug of slugs) this.#changed.add(slug);
      throw error;
    }
  }

  #indexPaths(): void {
    this.#byPath = new Map(
      [...this.#bySlug.values()].flatMap((workflow) =>
        [workflow.path, ...workflow.otherPaths].map((path) => [path, workflow] as const),
      ),
    );
    this.#version += 1;
  }

  async #read(slugs: string[] | null): Promise<Workflow[]> {
    const rows = await this.#sql<RegistryRow[]>`
      select workflow_slug as slug,
             workflow_type as type,
             entity_type as "entityType",
             provider,
             platform,
             payload_type as "payloadType",
             description,
             api_endpoint_url as path,
             to_jsonb(other_paths) as "otherPaths",
             to_jsonb(core_tables) as "coreTables",
             timeout as "timeoutSeconds",
             max_body_bytes as "maxBodyBytes",
             request_schema as "requestSchema",
             strict_schema as "strictSchema",
             response_schema as "responseSchema",
             example_request as "exampleRequest",
             coalesce(delivered.takes_file, false) as "takesFile",
             coalesce(delivered.url_field, case when request_schema -> 'properties' ? 'webhook_url' then 'webhook_url' end) as "urlField",
             is_active as "isActive",
             inactive_reason as "inactiveReason"
        from reference.enrichment_workflow_registry
        left join etl.delivery_sources as delivered using (workflow_slug)
       where ${slugs === null}
          or workflow_slug in (select jsonb_array_elements_text(${JSON.stringify(slugs ?? [])}::text::jsonb))`;
    return rows.map(({ timeoutSeconds, ...row }) => ({ ...row, timeoutMs: timeoutSeconds * 1000 }));
  }
}

/** z.fromJSONSchema asks only for required properties that have a schema: gives the others the empty one. */
function withRequiredProperties(schema: JsonSchema): Parameters<typeof z.fromJSONSchema>[0] {
  const required = Array.isArray(schema.required) ? (schema.required as string[]) : [];
  const anything = Object.fromEntries(required.map((name) => [name, {}]));
  return { ...schema, properties: { ...anything, ...(schema.properties as object | undefined) } };
}
