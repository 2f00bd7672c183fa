import { deliveryStates } from '../deliver/states.ts';
import type { Calls, DeliveryAction } from './calls.ts';
import { changeDeliveryHandler, deliveryHandler, listDeliveriesHandler } from './deliveries.ts';
import type { JsonSchema } from './registry.ts';
import { idParameter, listSchema, type Route, textSchema, timeSchema, uuidSchema } from './route.ts';

const deliverySchema: JsonSchema = {
  type: 'object',
  properties: {
    id: uuidSchema,
    workflow_slug: { type: 'string' },
    title: { type: ['string', 'null'] },
    destination: { type: 'string', description: 'The host; the rest of the URL may be a secret.' },
    state: { type: 'string', enum: [...deliveryStates] },
    total: { type: 'integer' },
    sent: { type: 'integer', description: 'Rows that the receiver has accepted.' },
    failed: { type: 'integer', description: 'Rows that were given up.' },
    skipped: { type: 'integer', description: 'Rows that are not sent: they lack a required field.' },
    waiting: { type: 'integer' },
    rate: { type: ['number', 'null'], description: 'Rows a second, of late.' },
    seconds_left: { type: ['number', 'null'] },
    problem: { type: ['string', 'null'], description: 'Why it paused by itself.' },
    next_attempt_at: { ...timeSchema, description: 'When it is tried again, where it waits for that.' },
    created_at: { type: 'string', format: 'date-time' },
    started_at: timeSchema,
    finished_at: timeSchema,
    failures: {
      ...listSchema({
        position: { type: 'integer' },
        state: { type: 'string', enum: ['failed', 'skipped'] },
        attempts: { type: 'integer' },
        status: { type: ['integer', 'null'], description: 'Of the answer.' },
        problem: textSchema,
        answer: textSchema,
        attempted_at: timeSchema,
      }),
      description: 'The first failed and skipped rows.',
    },
  },
};

const deliveryActions: Record<DeliveryAction, string> = {
  pause: 'Pause a delivery',
  resume: 'Resume a paused delivery',
  cancel: 'Cancel a delivery; what was sent stays sent',
  retry: 'Send the failed rows of a delivery once more',
};

/** Routes that show and steer deliveries. */
export function deliveryRoutes(calls: Calls): Route[] {
  return [
    {
      method: 'get',
      path: '/deliveries',
      scopes: ['ingest', 'read'],
      handler: listDeliveriesHandler(calls),
      tag: 'deliveries',
      summary: 'Deliveries, newest first',
      parameters: [
        {
          name: 'state',
          in: 'query',
          description: 'Only those in this state.',
          schema: { type: 'string', enum: [...deliveryStates] },
        },
        {
          name: 'limit',
          in: 'query',
          description: 'At most so many (up to 200).',
          schema: { type: 'integer', default: 50 },
        },
        {
          name: 'before',
          in: 'query',
          description: 'Id of the last delivery of the page before.',
          schema: uuidSchema,
        },
      ],
      success: {
        status: 200,
        description: 'Each as under its own path, without its failures.',
        schema: { type: 'array', items: deliverySchema },
      },
      problems: ['unauthorized', 'forbidden', 'unprocessable'],
    },
    {
      method: 'get',
      path: '/deliveries/:id',
      scopes: ['ingest', 'read'],
      handler: deliveryHandler(calls),
      tag: 'deliveries',
      summary: 'How far a delivery is',
      parameters: [
        idParameter('delivery'),
        {
          name: 'failures',
          in: 'query',
          description: 'How many failures to show (up to 1,000).',
          schema: { type: 'integer', default: 20 },
        },
      ],
      success: { status: 200, description: 'Counts, rate, time left, failures.', schema: deliverySchema },
      problems: ['unauthorized', 'forbidden', 'not-found', 'unprocessable'],
    },
    ...Object.entries(deliveryActions).map(([action, summary]): Route => ({
      method: 'post',
      path: `/deliveries/:id/${action}`,
      scopes: ['ingest'],
      handler: changeDeliveryHandler(calls, action as DeliveryAction),
      tag: 'deliveries',
      summary,
      parameters: [idParameter('delivery')],
      success: { status: 200, description: 'The delivery.', schema: deliverySchema },
      problems: ['unauthorized', 'forbidden', 'not-found', 'conflict'],
    })),
  ];
}
