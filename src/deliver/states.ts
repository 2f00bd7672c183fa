/** The states of a delivery that people see; etl.deliveries also knows one that is still being received. */
export const deliveryStates = ['sending', 'paused', 'done', 'cancelled'] as const;
