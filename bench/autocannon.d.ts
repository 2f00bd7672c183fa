// What the benchmarks use of autocannon, which brings no types.
declare module 'autocannon' {
  type Request = {
    method: string;
    headers: Record<string, string>;
    body?: string;
    setupRequest(request: Request): Request;
  };
  type Options = { url: string; connections: number; duration: number; requests: Request[] };
  type Result = { '2xx': number; non2xx: number; errors: number };
  export default function autocannon(options: Options): Promise<Result>;
}
