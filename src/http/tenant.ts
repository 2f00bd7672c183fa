import { AsyncLocalStorage } from 'node:async_hooks';

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
 * Answers for a caller: a key with a tenant sees the rows of that tenant, whatever it asks. Of keys without one, those with the
 * scope admin or ingest, who can write for every tenant, see the rows of all, and those that only read see none.
 */
export function runAs<T>({ tenant, scopes }: Principal, handle: () => T): T {
  const seesAll = scopes.includes('admin') || scopes.includes('ingest');
  return setting.run(tenant ?? (seesAll ? allTenants : noTenant), handle);
}
