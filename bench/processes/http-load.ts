import autocannon from 'autocannon';

import { type BodySize, companyBody } from '../payloads.ts';
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

answer<Load, Rate>({}, async ({ url, headers, connections, seconds, first, bodies: count, size }) => {
  const bodies = Array.from({ length: count }, (_, index) =>
    JSON.stringify(companyBody(first + index, size)),
  );
  let next = 0;
  const from = performance.now();
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        setupRequest(request) {
          request.body = bodies[next % count] as string;
          next += 1;
          return request;
        },
      },
    ],
  });
  const elapsed = performance.now() - from;
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${result.non2xx} requests were refused and ${result.errors} failed.`);
  }
  return { done: result['2xx'], perSecond: (result['2xx'] * 1000) / elapsed, sent: next };
});
