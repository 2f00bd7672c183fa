import { AsyncLocalStorage } from 'node:async_hooks';

import type { Scope } from './authenticate.ts';
import type { Principal } from './calls.ts';

/** The setting under which row-level security shows the rows of all tenants; see sql/tables/leads.sql. */
const allTenants = '';
/** A space is the domain of nobody: under it, no row of any tenant is shown. */
export const noTenant = ' ';

const setting = new AsyncLocalStorage<string>();

/**
 * The value of `hq.client_domain` for the request that is being answered. Whoever sends its statements sets it, so that
 * no handler has to think of tenants. What the server does by itself, outside requests, is bound to none.
 */
export function currentTenant(): string {
  return setting.getStore() ?? allTenants;
}

/**
 * Answers for a caller: a key with a tenant sees the rows of that tenant, an admin those of all, who writes is not
 * bound, as the body names the client; and every other reader sees no rows of tenants at all.
 */
export function runAs<T>({ tenant, scopes }: Principal, routeScopes: readonly Scope[], handle: () => T): T {
  const isWriting = routeScopes.includes('ingest') && scopes.includes('ingest');
  const isBound = tenant !== null || !(scopes.includes('admin') || isWriting);
  return setting.run(isBound ? (tenant ?? noTenant) : allTenants, handle);
}
