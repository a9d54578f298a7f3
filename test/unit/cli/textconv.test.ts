import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { model, node, tensor, value } from '../../fixtures/onnx';
import { bundledCli, cli, scratch } from './support';

const { folder, file } = scratch();
const { path: bundle } = bundledCli('textconv');

function convolution(stride: number, weight: number): Uint8Array {
  return model({
    inputs: [value('image', 'float32', ['batch', 3, 'height', 'width'])],
    outputs: [value('y', 'float32', ['batch', 4, null, null])],
    initializers: [tensor('w', 'float32', [4, 3, 3, 3], new Array<number>(108).fill(weight)), tensor('shape', 'int64', [2], [0, -1])],
    nodes: [
      node('Conv', ['image', 'w'], ['c'], { kernel_shape: [3, 3], strides: [stride, stride] }, { name: 'conv' }),
      node('Reshape', ['c', 'shape'], ['y']),
    ],
  });
}

describe('textconv', () => {
  it('says names, operators, attributes and shapes, and integers that describe the computation', async () => {
    const { status, stdout } = await cli('textconv', file('a.onnx', convolution(1, 0.5)));
    expect(status).toBe(0);
    for (const line of [
      '  input image float32 [batch, 3, height, width]',
      '  initializer w float32 [4, 3, 3, 3]',
      '  initializer shape int64 [2] = 0, -1',
      '  node conv: Conv',
      '    (image, w)',
      '    kernel_shape = [3, 3]',
      '    strides = [1, 1]',
    ]) {
      expect(stdout.split('\n')).toContain(line);
    }
    expect(stdout).not.toContain('0.5');
  });

  it('does not change with the weights', async () => {
    const first = await cli('textconv', file('a.onnx', convolution(1, 0.5)));
    const second = await cli('textconv', file('b.onnx', convolution(1, 0.25)));
    expect(second.stdout).toBe(first.stdout);
  });

  it('makes git show what changed in a model', () => {
    const git = (...args: readonly string[]) => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' });
    git('init', '--quiet');
    writeFileSync(join(folder, '.gitattributes'), '*.onnx diff=onnx\n');
    git('config', 'diff.onnx.textconv', `"${process.execPath}" "${bundle}" textconv`);
    file('net.onnx', convolution(1, 0.5));
    git('add', 'net.onnx');
    file('net.onnx', convolution(2, 0.5));
    const changed = git('diff', '--unified=0', 'net.onnx')
      .split('\n')
      .filter((line) => /^[+-] /.test(line));
    expect(changed).toContain('-    strides = [1, 1]');
    expect(changed).toContain('+    strides = [2, 2]');
    expect(changed.every((line) => /strides|->/.test(line))).toBe(true);
  });
});
