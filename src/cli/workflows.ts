import { ExitError, exitCodes } from '../errors.ts';
import { line, outline, table } from './output.ts';
import type { Context } from './program.ts';

type Workflow = {
  workflow_slug: string;
  workflow_type: string;
  entity_type: string;
  path: string;
  is_active: boolean;
  description: string;
};

/** `hq workflows`: the registry as a table, or everything about one workflow. */
export async function workflowsCommand({ database, output }: Context, slug?: string): Promise<number> {
  if (slug !== undefined) {
    const [row] = await database.sql<{ document: unknown }[]>`
      select etl.workflow_document(${slug}) as document`;
    if (!row?.document)
      throw new ExitError(`There is no workflow "${slug}": see "hq workflows".`, exitCodes.usage);
    output.result(row.document, () => line(outline(row.document)));
    return exitCodes.ok;
  }
  const workflows = await database.sql<Workflow[]>`
    select workflow_slug, workflow_type, entity_type, api_endpoint_url as path, is_active, description
      from reference.enrichment_workflow_registry
     order by workflow_slug`;
  output.result([...workflows], () => {
    const rows = workflows.map((workflow) => ({ ...workflow, state: workflow.is_active ? '' : 'inactive' }));
    line(table(rows, ['workflow_slug', 'workflow_type', 'entity_type', 'path', 'state'], 80));
  });
  return exitCodes.ok;
}
