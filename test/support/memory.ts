import { readFile } from 'node:fs/promises';

export const megabyte = 1024 * 1024;

/** NODE_OPTIONS: Node keeps memory that it does not need while there is plenty; so told, it shows what it needs. */
export const frugalNode = '--max-old-space-size=96 --max-semi-space-size=2';

/** Most memory that a process has ever held, in bytes; undefined where the system does not tell. */
export async function peakMemory(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
