// Runs npm the way this process was started by it, on every platform.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** npm's own JavaScript entry, or null where only the `npm` command can be used. */
export function npmEntry() {
  const beside = dirname(process.execPath);
  const candidates = [
    process.env.npm_execpath,
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  return candidates.find((path) => path?.endsWith('npm-cli.js') && existsSync(path)) ?? null;
}

/** Runs npm with these arguments and returns its exit code; `node` is the Node binary that runs it. */
export function npm(args, { cwd, env = {}, node = process.execPath, stdio = 'inherit' } = {}) {
  const entry = npmEntry();
  const options = { cwd, env: { ...process.env, ...env }, stdio };
  // Windows finds npm.cmd only through a shell; the arguments are ours and need no quoting.
  const result = entry
    ? spawnSync(node, [entry, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (result.error) throw result.error;
  return result.status ?? 1;
}
