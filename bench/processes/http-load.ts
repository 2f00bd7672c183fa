import { type BodySize, companyBody } from '../payloads.ts';
import { send } from '../send.ts';
import { answer } from './child.ts';

/** Load for some seconds with the bodies of companies from `first` on, taken in turn. */
export type Load = {
  url: string;
  headers: Record<string, string>;
  connections: number;
  seconds: number;
  first: number;
  bodies: number;
  size: BodySize;
};

export type Rate = { done: number; perSecond: number; sent: number };

answer<Load, Rate>({}, async ({ first, bodies: count, size, ...sending }) => {
  const bodies = Array.from({ length: count }, (_, index) =>
    JSON.stringify(companyBody(first + index, size)),
  );
  return send(sending, (n) => ({ body: bodies[n % count] as string }));
});
