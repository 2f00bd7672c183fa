import { readFile } from 'node:fs/promises';

/** What one repetition took: by the clock, and on the processor in the database backend (Linux only). */
export type Taken = { ms: number; cpuMs: number | undefined };

/** Times a step; `backend` is the process id of the database backend that does the work. */
export async function time(step: () => Promise<unknown>, backend?: number): Promise<Taken> {
  const cpuBefore = backend === undefined ? undefined : await processorMs(backend);
  const from = performance.now();
  await step();
  const ms = performance.now() - from;
  const cpuAfter = backend === undefined ? undefined : await processorMs(backend);
  const cpuMs = cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore;
  return { ms, cpuMs };
}

/** Processor time of a process so far, in milliseconds (to 10 ms); undefined where there is no /proc. */
export async function processorMs(pid: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in parentheses, may hold spaces; utime and stime are fields 14 and 15.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** "1.72 (1.65 to 1.90)": median and range. */
export function spread(values: number[]): string {
  return `${short(median(values))} (${short(Math.min(...values))} to ${short(Math.max(...values))})`;
}

/** A number with three significant digits, or none after the point from 1,000 on. */
export function short(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return value
    .toPrecision(3)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

/** Quotient of the two measurements of every repetition. */
export function ratios(ours: number[], theirs: number[]): number[] {
  return ours.map((value, index) => value / (theirs[index] ?? NaN));
}
