import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The tenant (domain of a client) of the request that is being answered, or undefined for none. Every statement of the
 * request runs under it, by row-level security, so that no handler has to think of it.
 */
export const currentTenant = new AsyncLocalStorage<string>();
