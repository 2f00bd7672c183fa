import { type Outbound, OutboundError } from '../clients/outbound.ts';
import { unprocessable } from './context.ts';
import type { Problem } from './problems.ts';
import type { Workflow } from './registry.ts';

/** Why a body is refused for where it wants rows delivered to; null when it may, or names no destination. */
export async function destinationRefusal(
  outbound: Outbound,
  workflow: Workflow,
  body: unknown,
): Promise<Problem | null> {
  if (workflow.urlField === null) return null;
  const url = (body as Record<string, unknown>)[workflow.urlField];
  if (typeof url !== 'string') return null;
  try {
    await outbound.check(url.trim());
    return null;
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return unprocessable(
      [{ pointer: `/${workflow.urlField}`, detail: `cannot be delivered to: ${error.message}` }],
      'BADRQ',
    );
  }
}
