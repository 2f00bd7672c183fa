import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type Log = Logger;

export interface LogSettings {
  level: string;
  /** Coloured lines for a person instead of JSON lines for a machine. */
  pretty: boolean;
}

/** A logger on standard output: one JSON object per line, or readable lines when `pretty`. Headers with keys are never logged. */
export function createLog(settings: LogSettings): Log {
  const options = { level: settings.level, base: undefined };
  if (!settings.pretty) {
    return pino(options);
  }
  return pino(
    options,
    pretty({ colorize: true, translateTime: 'HH:MM:ss', ignore: 'pid,hostname', sync: true }),
  );
}
