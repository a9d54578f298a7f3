import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTemporaryFolder } from '../../../src/runtime/leftovers';

const folder = mkdtempSync(join(tmpdir(), 'model-loupe-leftovers-'));
const script = join(folder, 'script.cjs');
afterAll(() => rmSync(folder, { recursive: true }));

const SCRIPT = `
import { writeFileSync } from 'node:fs';
import { withTemporaryFolder } from './src/runtime/leftovers';
withTemporaryFolder('held-', async (path) => {
  writeFileSync(path + '/file', 'x');
  process.stdout.write(path);
  if (process.argv[2] === 'exit') process.exit(7);
  await new Promise(() => setInterval(() => {}, 1000));
});
`;

describe('withTemporaryFolder', () => {
  beforeAll(() =>
    build({
      stdin: { contents: SCRIPT, resolveDir: '.', loader: 'ts' },
      bundle: true,
      platform: 'node',
      outfile: script,
      logLevel: 'error',
    }),
  );

  it('is for this user alone, and goes with the work, done or failed', async () => {
    let seen = '';
    const work = withTemporaryFolder('held-', async (path) => {
      seen = path;
      if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o700);
      throw new Error('failed');
    });
    await expect(work).rejects.toThrow('failed');
    expect(existsSync(seen)).toBe(false);
    expect(process.listenerCount('SIGINT')).toBe(0);
  });

  const ended = (how: 'exit' | NodeJS.Signals) =>
    new Promise<{ code: number | null; signal: string | null; path: string }>((done) => {
      const child = spawn(process.execPath, [script, how], { env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder } });
      let path = '';
      child.stdout.on('data', (data) => {
        path += data;
        if (how !== 'exit') child.kill(how);
      });
      child.on('close', (code, signal) => done({ code, signal, path }));
    });

  it('goes with the process', async () => {
    const { code, path } = await ended('exit');
    expect([code, existsSync(path)]).toEqual([7, false]);
    expect(path).toContain('held-');
  });

  // On Windows a signal from another process is no signal.
  it.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'goes with %s, which ends the process as ever',
    async (signal) => {
      const end = await ended(signal);
      expect(end).toMatchObject({ code: null, signal });
      expect(readdirSync(folder)).toEqual(['script.cjs']);
    },
  );
});
