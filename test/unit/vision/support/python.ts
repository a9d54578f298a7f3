import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian's interpreter: the one that has Pillow, NumPy and torch as apt packages (the one on PATH may be another). */
export const PYTHON = '/usr/bin/python3';

/** Looks modules up without importing them: torch takes seconds. */
const FIND = 'import importlib.util, sys; sys.exit(any(importlib.util.find_spec(name) is None for name in sys.argv[1:]))';

/** How long a script that imports torch may take on a busy machine, in milliseconds. */
export const PYTHON_TIMEOUT = 240_000;

/** True where Debian's Python has all of `modules`; prints why tests are skipped where it cannot. */
export function pythonHas(...modules: readonly string[]): boolean {
  try {
    execFileSync(PYTHON, ['-c', FIND, ...modules], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write(
      `Skipped: these tests compare with ${PYTHON} and its modules ${modules.join(', ')}, which are not here (apt-get install python3-pil python3-torch python3-torchvision python3-onnx).\n`,
    );
    return false;
  }
}

/** Runs a script in a fresh folder, `input` on its standard input; returns what it writes to standard output. */
export function python(script: string, options: { readonly input?: Uint8Array; readonly folder: string }): Buffer {
  return execFileSync(PYTHON, ['-c', script], {
    cwd: options.folder,
    maxBuffer: 1 << 28,
    ...(options.input ? { input: options.input } : {}),
  });
}

/** A folder that the returned `remove` deletes with all its contents. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'model-loupe-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
