/** The states of a production (etl.productions). */
export const productionStates = ['pending', 'running', 'done', 'failed', 'cancelled'] as const;
