import { rmSync } from 'node:fs';

/** Removes a folder of temporary files at once; what cannot be removed stays, since there is nobody who could mend it. */
export function removeNow(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // On Windows another process may still hold a file open.
  }
}
