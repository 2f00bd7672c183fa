import type { BenchPostgres } from './postgres.ts';
import type { Row } from './report.ts';

/** Sizes of a run; main.ts reads them from the command line. */
export type Sizes = {
  /** repetitions of every measurement; medians are taken over them */
  repetitions: number;
  /** payloads in a batch */
  batch: number;
  /** payloads sent one by one in a repetition */
  singles: number;
  /** payloads the client of the old kind does in a repetition */
  oldPayloads: number;
  /** seconds of load in a repetition of c, d and g */
  seconds: number;
  /** callers at a time in c and g */
  callers: number;
  /** connections at a time in d */
  connections: number;
  /** companies stored before, in e */
  stored: number[];
};

export type Context = {
  postgres: BenchPostgres;
  sizes: Sizes;
  /** tells what is being done, on standard error */
  progress(message: string): void;
};

/** Measures one thing and gives the rows of its table. */
export type Part = (context: Context) => Promise<Row[]>;
