// What the benchmarks use of autocannon, which brings no types.
declare module 'autocannon' {
  type Request = {
    method: string;
    path?: string;
    headers: Record<string, string>;
    body?: string;
    setupRequest(request: Request): Request;
  };
  type Options = { url: string; connections: number; duration: number; requests: Request[] };
  type Latency = { p50: number; p99: number };
  type Result = { '2xx': number; non2xx: number; errors: number; latency: Latency };
  export default function autocannon(options: Options): Promise<Result>;
}
