import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';
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
    vi.spyOn(process[stream], 'write').mockImplementation((chunk) => {
      texts[stream] += String(chunk);
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
