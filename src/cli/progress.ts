import { SingleBar } from 'cli-progress';

/** Shows how far a load is. */
export type Progress = {
  /** total bytes (undefined: not known), bytes and lines done in earlier runs */
  start(totalBytes: number | undefined, bytes: number, lines: number): void;
  update(bytes: number, lines: number, failed: number): void;
  stop(): void;
};

/** For output that nobody watches. */
export const noProgress: Progress = {
  start: () => undefined,
  update: () => undefined,
  stop: () => undefined,
};

/** A bar on standard error with rate and time left; without a known size, a count. */
export function terminalProgress(unit = 'lines'): Progress {
  let bar: SingleBar | undefined;
  let startedAt = 0;
  let first = { bytes: 0, lines: 0 };
  let total: number | undefined;
  return {
    start(totalBytes, bytes, lines) {
      startedAt = Date.now();
      first = { bytes, lines };
      total = totalBytes;
      const counts = `{lines} ${unit} | {rate} ${unit}/s | {failed} failed`;
      bar = new SingleBar({
        format: total === undefined ? ` ${counts}` : ` {bar} {percentage}% | ${counts} | {left} left`,
        barCompleteChar: '█',
        barIncompleteChar: '░',
        barsize: 30,
        stopOnComplete: false,
        stream: process.stderr,
      });
      bar.start(total || 1, bytes, { lines, rate: '-', failed: 0, left: '-' });
    },
    update(bytes, lines, failed) {
      const seconds = Math.max((Date.now() - startedAt) / 1000, 0.001);
      const bytesPerSecond = (bytes - first.bytes) / seconds;
      bar?.update(total === undefined ? 0 : bytes, {
        lines: lines.toLocaleString('en'),
        rate: Math.round((lines - first.lines) / seconds).toLocaleString('en'),
        failed: failed.toLocaleString('en'),
        left: total === undefined ? '-' : duration((total - bytes) / bytesPerSecond),
      });
    },
    stop() {
      bar?.stop();
    },
  };
}

/** Seconds as `4 s`, `3 min 20 s` or `2 h 5 min`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-';
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
