import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/analysis/assemble';
import { chooseBindings } from '../../../src/analysis/bindings';
import { UserError } from '../../../src/bytes';
import type { Dim, DType } from '../../../src/model';
import { integers, model, value, weight } from './models';

function withInput(dtype: DType, shape: readonly Dim[]) {
  return model({ inputs: [value('x', dtype, shape)], outputs: ['y'], nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }] });
}

describe('defaults for free dimensions', () => {
  it.each<[string, DType, readonly Dim[], Record<string, number>]>([
    ['an image, named', 'float32', ['batch', 3, 'height', 'width'], { batch: 1, height: 224, width: 224 }],
    ['an image, unnamed', 'float32', [null, 3, null, null], { 'x.0': 1, 'x.2': 224, 'x.3': 224 }],
    ['an image, channels last', 'uint8', ['N', 'a', 'b', 3], { N: 1, a: 224, b: 224 }],
    ['an image of one fixed side', 'float32', ['n', 3, 'h', 384], { n: 1, h: 384 }],
    ['channels', 'float32', ['batch', 'channels', 64, 64], { batch: 1, channels: 3 }],
    ['tokens', 'int64', ['batch_size', 'sequence_length'], { batch_size: 1, sequence_length: 128 }],
    ['a negative extent', 'float32', [-1, 10], { 'x.0': 1 }],
  ])('%s', (_, dtype, shape, expected) => {
    const { bindings, numbers } = chooseBindings(withInput(dtype, shape));
    expect(numbers).toEqual(expected);
    expect(Object.values(bindings).every((binding) => binding.assumed)).toBe(true);
  });

  it('derive sums of other dimensions', () => {
    const cached = model({
      inputs: [value('ids', 'int64', ['batch', 'seq']), value('mask', 'int64', ['batch', 'past_seq + seq'])],
      outputs: ['y'],
      nodes: [{ op: 'Identity', inputs: ['ids'], outputs: ['y'] }],
    });
    expect(chooseBindings(cached, { bindings: { seq: 10 } }).numbers).toMatchObject({ batch: 1, seq: 10 });
  });

  it('of an image fit the constants that the model applies to it', () => {
    // A position table for 12 x 12 patches of 16 pixels: 192 x 192, not 224.
    const fitted = model({
      inputs: [value('x', 'float32', ['n', 3, 'h', 'w'])],
      outputs: ['y'],
      initializers: [weight('patch', [32, 3, 16, 16]), integers('tokens', [0, 32, -1]), weight('positions', [1, 32, 144])],
      nodes: [
        { op: 'Conv', inputs: ['x', 'patch'], outputs: ['p'], attributes: { strides: [16, 16] } },
        { op: 'Reshape', inputs: ['p', 'tokens'], outputs: ['t'] },
        { op: 'Add', inputs: ['t', 'positions'], outputs: ['y'] },
      ],
    });
    const { profile } = analyse(fitted, { name: 'fitted', bytes: 0 });
    expect(profile.bindings['h']).toEqual({ value: 192, assumed: true });
    expect(profile.warnings).toEqual([]);
  });
});

describe('requests', () => {
  const image = withInput('float32', ['batch', 3, 'height', 'width']);

  it('bind by name or by whole shape, and are no assumption', () => {
    expect(chooseBindings(image, { bindings: { height: 320 } }).bindings['height']).toEqual({ value: 320, assumed: false });
    const byShape = chooseBindings(image, { shapes: { x: [2, 3, 64, 48] } });
    expect(byShape.numbers).toEqual({ batch: 2, height: 64, width: 48 });
  });

  it.each([
    ['no such dimension', { bindings: { depth: 3 } }, 'depth'],
    ['no such input', { shapes: { picture: [1, 3, 8, 8] } }, 'picture'],
    ['another rank', { shapes: { x: [3, 8, 8] } }, 'rank'],
    ['two numbers for one name', { bindings: { batch: 1 }, shapes: { x: [2, 3, 8, 8] } }, 'batch'],
    ['a negative extent', { bindings: { batch: -1 } }, 'batch'],
    ['an absurd extent', { bindings: { batch: 1e12 } }, 'batch'],
  ])('%s is refused with a reason', (_, request, word) => {
    expect(() => chooseBindings(image, request)).toThrow(UserError);
    expect(() => chooseBindings(image, request)).toThrow(word);
  });
});
