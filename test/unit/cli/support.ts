import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, vi } from 'vitest';
import { main } from '../../../src/cli/main';

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process. */
export async function cli(...args: readonly string[]): Promise<Outcome> {
  const texts = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((chunk: unknown, ...rest: readonly unknown[]) => {
      texts[stream] += String(chunk);
      const done = rest.at(-1);
      if (typeof done === 'function') done();
      return true;
    }),
  );
  try {
    return { status: await main(args), ...texts };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** A folder that goes after the test file's tests, and a function that writes files there. */
export function scratch(): { readonly folder: string; file(name: string, content: string | Uint8Array): string } {
  const folder = mkdtempSync(join(tmpdir(), 'model-loupe-cli-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    file: (name, content) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
  };
}

/** Version that bundles made here answer `--version` with. */
export const VERSION = '1.2.3';

/** The command line as one file, made before the test file's tests and gone after them. */
export function bundledCli(name: string): { readonly path: string; cli(...args: readonly string[]): Outcome } {
  // Beside node_modules, so that the bundle finds the native packages.
  const path = resolve('node_modules', '.cache', 'model-loupe', `${name}-${process.pid}.cjs`);
  beforeAll(() =>
    build({
      entryPoints: ['src/cli.ts'],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: path,
      external: ['onnxruntime-node', 'sharp'],
      define: { VERSION: JSON.stringify(VERSION) },
      logLevel: 'error',
    }),
  );
  afterAll(() => rmSync(path, { force: true }));
  return {
    path,
    cli: (...args) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], { encoding: 'utf8' });
      return { status: status ?? -1, stdout, stderr };
    },
  };
}
