import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bundledCli, scratch } from './support';

const { path: bundle, cli } = bundledCli('standardInput');
const { file } = scratch();

function piped(input: Uint8Array | string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, ...args], { input, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('- in place of a model', () => {
  const conv = readFileSync('samples/conv.onnx');
  it.each([['inspect'], ['profile', '--json'], ['profile', '--csv', '--input', '2x3x64x64'], ['textconv']])(
    'is what is piped into %s',
    (command, ...rest) => {
      const piping = piped(conv, command, '-', ...rest);
      const named = cli(command, 'samples/conv.onnx', ...rest);
      expect({ ...piping, stdout: piping.stdout.replaceAll('stdin.onnx', 'conv.onnx') }).toEqual(named);
      expect(named.status).toBe(0);
    },
  );

  it('is what is piped into check', () => {
    const budget = file('budgets.json', JSON.stringify({ parameters: { max: 1 } }));
    expect(piped(conv, 'check', '-', '--budget', budget)).toEqual(cli('check', 'samples/conv.onnx', '--budget', budget));
  });

  it('is a model or an image for run, not both', () => {
    const star = 'samples/images/star_01.png';
    for (const run of [
      piped(conv, 'run', '-', star, '--provider', 'cpu'),
      piped(readFileSync(star), 'run', 'samples/conv.onnx', '-', '--provider', 'cpu'),
    ]) {
      expect(run.status).toBe(0);
      expect(run.stdout).toMatch(/^\w+ +\d+\.\d%\n/);
    }
    const both = piped(conv, 'run', '-', '-');
    expect(both.status).toBe(2);
    expect(both.stderr).toMatch(/^model-loupe: Only one of MODEL and IMAGE can be standard input\.\n/);
  });

  it('says in a sentence that nothing, or no model, came', () => {
    expect(piped('', 'inspect', '-')).toEqual({ status: 1, stdout: '', stderr: 'model-loupe: stdin.onnx is empty.\n' });
    const { status, stderr } = piped('hello\n', 'inspect', '-');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^model-loupe: stdin\.onnx is [^\n]+\.\n$/);
  });
});

describe('JSON that a command is given', () => {
  it('may begin with a byte order mark, in UTF-8 or UTF-16', () => {
    const text = '\ufeff{"parameters": {"max": "30M"}}';
    for (const [at, content] of [Buffer.from(text), Buffer.from(text, 'utf16le')].entries()) {
      expect(cli('check', 'samples/conv.onnx', '--budget', file(`b${at}.json`, content)).stdout).toMatch(/^ok {2}/);
    }
    const set = file('set.loupe.json', '\ufeff{"models": [{"architecture": "ResNet-50"}]}');
    expect(cli('compare', set)).toMatchObject({ status: 0, stderr: '' });
  });

  it('is no folder, and no pipe that nobody writes to', () => {
    const pipe = file('pipe.json', '');
    if (process.platform === 'win32') return; // Windows has no named pipes among its files.
    spawnSync('sh', ['-c', 'rm "$0" && mkfifo "$0"', pipe]);
    expect(cli('check', 'samples/conv.onnx', '--budget', pipe)).toMatchObject({
      status: 1,
      stderr: `model-loupe: ${pipe} is not a file.\n`,
    });
    expect(cli('inspect', pipe)).toMatchObject({ status: 1, stdout: '' });
  });
});

describe('a file that is written', () => {
  it('replaces another whole, and leaves nothing behind where it cannot', () => {
    const target = file('out.onnx', 'old');
    writeFileSync(target, 'old', { mode: 0o640 });
    expect(cli('arch', 'build', 'ResNet-50', '-o', target).status).toBe(0);
    expect(readFileSync(target).length).toBeGreaterThan(1000);
    const { status, stderr } = cli('arch', 'build', 'ResNet-50', '-o', `${target}/inside/x.onnx`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^model-loupe: [^\n]+ cannot be written \(ENOTDIR\)\.\n$/);
  });
});
