import autocannon from 'autocannon';

export type Sending = { url: string; headers: Record<string, string>; connections: number; seconds: number };

export type Sent = {
  done: number;
  perSecond: number;
  sent: number;
  latency: { median: number; p99: number };
};

/** POSTs JSON bodies for some seconds, each connection one at a time; `next` gives the path and body of request n. */
export async function send(
  { url, headers, connections, seconds }: Sending,
  next: (n: number) => { path?: string; body: string },
): Promise<Sent> {
  let sent = 0;
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
          const { path, body } = next(sent);
          request.body = body;
          if (path !== undefined) request.path = path;
          sent += 1;
          return request;
        },
      },
    ],
  });
  const elapsed = performance.now() - from;
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${result.non2xx} requests were refused and ${result.errors} failed.`);
  }
  const done = result['2xx'];
  // A rate of nothing would look like a slow run, and its latencies would be zero.
  if (done === 0) throw new Error(`None of ${sent} requests was answered in ${seconds} seconds.`);
  const latency = { median: result.latency.p50, p99: result.latency.p99 };
  return { done, perSecond: (done * 1000) / elapsed, sent, latency };
}
