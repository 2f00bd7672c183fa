#!/usr/bin/env node
// The command `hq` where the Node on the path may be older than the one the project brings along:
// hands over to src/main.ts under node_modules/.bin/node, and passes on signals and the exit code.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundled = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const node = existsSync(bundled) ? bundled : process.execPath;

// As in the scripts of package.json: what streams through is cleared away sooner, and takes 40 MB less.
const options = ['--max-semi-space-size=8'];
const args = [...options, join(root, 'src', 'main.ts'), ...process.argv.slice(2)];

const child = spawn(node, args, { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(`hq: cannot start ${node}: ${error.message}; run "npm ci" first.`);
  process.exitCode = 4;
});
child.on('exit', (code, signal) => {
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } else {
    process.exitCode = code ?? 1;
  }
});
