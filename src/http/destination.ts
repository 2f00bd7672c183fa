import { type Outbound, OutboundError } from '../clients/outbound.ts';
import { unprocessable } from './context.ts';
import type { Problem } from './problems.ts';
import type { Workflow } from './registry.ts';

/** Why a body of a delivery workflow is refused for where it wants to go; null when it may, and for other workflows. */
export async function destinationRefusal(
  outbound: Outbound,
  workflow: Workflow,
  body: unknown,
): Promise<Problem | null> {
  if (workflow.type !== 'delivery') return null;
  const { webhook_url: url } = body as { webhook_url?: unknown };
  try {
    await outbound.check(String(url).trim());
    return null;
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return unprocessable(
      [{ pointer: '/webhook_url', detail: `cannot be delivered to: ${error.message}` }],
      'BADRQ',
    );
  }
}
