import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Files and folders that must be gone when this process is. */
const leftovers = new Set<string>();

/**
 * A folder for temporary files, for this user alone (0700), for as long as `use` takes. It goes with the process too,
 * however that ends but for SIGKILL.
 */
export async function withTemporaryFolder<Result>(prefix: string, use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  hold(folder);
  try {
    return await use(folder);
  } finally {
    // Windows keeps a file for a moment after its last reader closed it. What cannot go now goes with the process.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 }).then(
      () => release(folder),
      () => {},
    );
  }
}

/** From now on the process does not end without removing this file or folder. */
export function hold(path: string): void {
  if (leftovers.size === 0) {
    process.on('exit', removeAll);
    for (const signal of SIGNALS) process.on(signal, die);
  }
  leftovers.add(path);
}

/** It is gone, or is to stay. */
export function release(path: string): void {
  leftovers.delete(path);
  if (leftovers.size > 0) return;
  process.off('exit', removeAll);
  // While nothing is left, a signal ends the process at once, native code included, as it does with no listener.
  for (const signal of SIGNALS) process.off(signal, die);
}

function removeAll(): void {
  for (const path of leftovers) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // The process is at its end: there is nobody to tell, and the others are still to go.
    }
  }
}

/** Ends as the signal would have ended it, so that a shell says 128 and its number: 130 after Ctrl+C. */
function die(signal: NodeJS.Signals): void {
  removeAll();
  leftovers.clear();
  for (const one of SIGNALS) process.off(one, die);
  process.kill(process.pid, signal);
}
