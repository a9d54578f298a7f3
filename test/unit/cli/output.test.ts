import { spawn, spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundledCli, cli, scratch } from './support';

const { path: bundle, cli: bundled } = bundledCli('output');
const { folder } = scratch();
const COMMANDS: readonly (readonly string[])[] = [
  ['inspect', 'samples/conv.onnx'],
  ['profile', 'samples/vit.onnx', '--json'],
  ['profile', 'samples/vit.onnx', '--csv'],
  ['compare', 'samples/vit.onnx', '--format', 'html'],
  ['textconv', 'samples/vit.onnx'],
  ['--help'],
  ['--version'],
  ['arch', 'show', 'ResNet-50'],
];

interface Ending {
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs the command line with this as its standard output; a pipe is closed before anything is read from it. */
function ended(args: readonly string[], stdout: 'closed pipe' | number): Promise<Ending> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [bundle, ...args], { stdio: ['ignore', stdout === 'closed pipe' ? 'pipe' : stdout, 'pipe'] });
    child.stdout?.destroy();
    let stderr = '';
    child.stderr?.on('data', (data) => {
      stderr += data;
    });
    child.on('close', (code) => done({ code, stderr }));
  });
}

describe('standard output', () => {
  it.each(COMMANDS)('whose reader is gone ends %s %s quietly', async (...args) => {
    expect(await ended(args, 'closed pipe')).toEqual({ code: 141, stderr: '' });
  });

  // Only Linux has a device that is always full.
  it.skipIf(process.platform !== 'linux').each(COMMANDS)('without room ends %s %s with a sentence', async (...args) => {
    const full = openSync('/dev/full', 'w');
    const { code, stderr } = await ended(args, full);
    closeSync(full);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^model-loupe: The results cannot be written to standard output \(ENOSPC\)[^\n]*\.\n$/);
  });

  it('is touched by one file alone', () => {
    const files = readdirSync('src/cli').filter((name) => /\bstd(out|err)\b/.test(readFileSync(join('src/cli', name), 'utf8')));
    expect(files).toEqual(['output.ts']);
  });
});

describe('a command', () => {
  it('that help does not know is a wrong use', async () => {
    for (const name of ['bogus', 'constructor', '__proto__', 'toString']) {
      const { status, stdout, stderr } = await cli('help', name);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr.split('\n')[0]).toBe(`model-loupe: There is no command "${name}".`);
    }
  });

  it('takes a name that begins with a dash after --, and none before', () => {
    copyFileSync(resolve('samples/conv.onnx'), join(folder, '-x.onnx'));
    expect(inFolder('inspect', '--', '-x.onnx')).toContain('multiply-adds');
    expect(bundled('inspect', '--', '--help')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'model-loupe: --help cannot be read (ENOENT). Check the path.\n',
    });
    expect(bundled('inspect', '-x.onnx').status).toBe(2);
  });

  it('takes the name of a reference system after --', async () => {
    const { status, stdout } = await cli('arch', 'show', '--imageSize', '64', '--', 'ResNet-50');
    expect(status).toBe(0);
    expect(stdout).toContain('ResNet-50');
    expect((await cli('arch', 'show', '--', '--imageSize')).stderr).toContain('"--imageSize"');
  });
});

function inFolder(...args: readonly string[]): string {
  return spawnSync(process.execPath, [bundle, ...args], { cwd: folder, encoding: 'utf8' }).stdout;
}
