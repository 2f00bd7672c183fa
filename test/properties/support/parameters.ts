/**
 * How often and from which seed properties run: HQ_PROPERTY_RUNS (default given by the property) and
 * HQ_PROPERTY_SEED. fast-check prints seed and path of a counterexample; HQ_PROPERTY_PATH goes straight to it.
 */
export function parameters(runs: number) {
  const { HQ_PROPERTY_RUNS, HQ_PROPERTY_SEED, HQ_PROPERTY_PATH } = process.env;
  return {
    numRuns: HQ_PROPERTY_RUNS ? Number(HQ_PROPERTY_RUNS) : runs,
    ...(HQ_PROPERTY_SEED ? { seed: Number(HQ_PROPERTY_SEED) } : {}),
    ...(HQ_PROPERTY_PATH ? { path: HQ_PROPERTY_PATH } : {}),
  };
}

/** Room for a soak: two seconds a run, three minutes at least. */
export const propertyTimeout = Math.max(180_000, Number(process.env.HQ_PROPERTY_RUNS ?? 0) * 2000);
