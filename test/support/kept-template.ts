import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { errorCode } from '../../src/errors.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const keptFolder = join(root, 'node_modules', '.cache', 'hq-test');

/** All that the template database is made from. */
const madeFrom = [
  'migrations/committed',
  'migrations/current.sql',
  'sql',
  'src/database',
  'test/support',
  'package-lock.json',
];

/**
 * The data folder of a stopped cluster which holds the migrated template, kept between runs: to migrate takes longer
 * than most test files do. It is named after everything that it was made from, so a changed file makes a new one.
 */
export async function keptTemplate(binDir: string): Promise<string> {
  const { stdout: version } = await run(join(binDir, 'postgres'), ['--version']);
  const hash = createHash('sha256').update(version);
  for (const part of madeFrom) {
    for (const file of await filesOf(join(root, part))) hash.update(file).update(await readFile(file));
  }
  const major = /(\d+)/.exec(version)?.[1];
  return join(keptFolder, `${major}-${hash.digest('hex').slice(0, 16)}`);
}

/** Copies a folder with its owners, for the server may be another user. False where there is none to copy. */
export async function copyFolder(from: string, to: string): Promise<boolean> {
  try {
    await readdir(from);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
  await run('cp', ['-a', from, to]);
  return true;
}

/** Keeps a copy of the data folder of a stopped cluster as `kept`, in place of older ones of the same major version. */
export async function keepTemplate(dataDir: string, kept: string): Promise<void> {
  const [folder, name] = [dirname(kept), kept.slice(keptFolder.length + 1)];
  await mkdir(folder, { recursive: true });
  const older = (await readdir(folder)).filter((each) => each.split('-')[0] === name.split('-')[0]);
  for (const each of older) await rm(join(folder, each), { recursive: true, force: true });
  const unfinished = `${kept}.${process.pid}`;
  await copyFolder(dataDir, unfinished);
  await rename(unfinished, kept).catch((error: unknown) => {
    // Another run was faster; its copy is as good.
    if (errorCode(error) !== 'ENOTEMPTY') throw error;
    return rm(unfinished, { recursive: true });
  });
}

async function filesOf(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    if (errorCode(error) === 'ENOTDIR') return [path];
    throw error;
  }
}
