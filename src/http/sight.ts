import type { AppContext } from './context.ts';
import type { Sight } from './reader.ts';

/** What the caller's key lets it see of the rows that belong to tenants: those of its own tenant; all with scope admin. */
export function sightOf(c: AppContext): Sight {
  const { scopes, tenant = null } = c.get('principal');
  return { tenant, seesAll: tenant === null && scopes.includes('admin') };
}
