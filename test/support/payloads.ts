import type { Sql } from '../../src/database/connect.ts';

/** A CompanyEnrich body for a domain: the registry's own example about another company. */
export async function companyBody(sql: Sql, domain: string): Promise<Record<string, unknown>> {
  const [row] = await sql<{ body: Record<string, unknown> }[]>`
    select example_request || jsonb_build_object('domain', ${domain}::text) as body
      from reference.enrichment_workflow_registry
     where workflow_slug = 'companyenrich'`;
  if (!row) throw new Error('The registry lacks the workflow companyenrich.');
  return row.body;
}
