import { describe, expect, it } from 'vitest';
import { call, float, ints, shapeOf, tensor } from '../rules';

const EMPTY = tensor('float32', [0], []);
const scales = (...values: readonly number[]) => tensor('float32', [values.length], values);

function resize(
  x: ReturnType<typeof float>,
  inputs: readonly (ReturnType<typeof float> | null)[],
  attributes: Record<string, number | string | readonly number[]> = {},
) {
  return call({ op: 'Resize', opset: 19, inputs: [x, ...inputs], attributes });
}

describe('Resize', () => {
  it('floors extents times scales, in float32 as ONNX Runtime does', () => {
    expect(shapeOf(resize(float(1, 1, 7, 9), [null, scales(1, 1, 0.6, 0.5)]))).toEqual([1, 1, 4, 4]);
    // 10 * float32(0.7) is 7 in float32, 6.999999880790710 in float64 (onnxruntime 1.30 gives 7).
    expect(shapeOf(resize(float(1, 1, 10, 10), [null, scales(1, 1, 0.7, 0.7)]))).toEqual([1, 1, 7, 7]);
  });

  it('keeps free extents through whole scales and their inverses', () => {
    expect(shapeOf(resize(float('N', 3, 'H', 'W'), [EMPTY, scales(1, 1, 2, 0.5)]))).toEqual(['N', 3, '2*H', 'floor((W)/2)']);
    expect(shapeOf(resize(float('N', 3, 'H', 'W'), [EMPTY, scales(1, 1, 1.5, 2)]))).toEqual(['N', 3, null, '2*W']);
  });

  it('takes sizes, free ones too, after the empty scales exporters write', () => {
    const sizes = tensor('int64', [4], ['N', 3, 'height', 64]);
    expect(shapeOf(resize(float('N', 3, 7, 7), [EMPTY, EMPTY, sizes]))).toEqual(['N', 3, 'height', 64]);
  });

  it('keeps the aspect ratio on the named axes only', () => {
    const attributes = { axes: [2, 3], keep_aspect_ratio_policy: 'not_larger' };
    expect(shapeOf(resize(float(1, 3, 10, 20), [null, null, ints(5, 5)], attributes))).toEqual([1, 3, 3, 5]);
    const smaller = { axes: [2, 3], keep_aspect_ratio_policy: 'not_smaller' };
    expect(shapeOf(resize(float(1, 3, 10, 20), [null, null, ints(5, 5)], smaller))).toEqual([1, 3, 5, 10]);
  });

  it('reports scales that are too few', () => {
    expect(resize(float(1, 3, 10, 20), [null, scales(2, 2)]).reports.map(({ code }) => code)).toEqual(['extent']);
  });

  it('costs nothing for the nearest neighbour, 7 FLOPs for four, 31 for sixteen', () => {
    const twice = [null, scales(1, 1, 2, 2)];
    expect(resize(float(1, 1, 4, 4), twice).cost?.flops).toBe(0n);
    expect(resize(float(1, 1, 4, 4), twice, { mode: 'linear' }).cost?.flops).toBe(64n * 7n);
    expect(resize(float(1, 1, 4, 4), twice, { mode: 'cubic' }).cost?.flops).toBe(64n * 31n);
    // Antialiasing halves: eight neighbours by axis instead of four.
    expect(resize(float(1, 1, 8, 8), [null, scales(1, 1, 0.5, 0.5)], { mode: 'cubic', antialias: 1 }).cost?.flops).toBe(16n * 127n);
  });
});

describe('Upsample', () => {
  it('reads scales where its versions keep them', () => {
    const floats = { kind: 'floats', value: [1, 1, 2, 3] } as const;
    expect(shapeOf(call({ op: 'Upsample', opset: 7, inputs: [float(1, 1, 2, 2)], attributes: { scales: floats } }))).toEqual([1, 1, 4, 6]);
    expect(shapeOf(call({ op: 'Upsample', opset: 9, inputs: [float(1, 1, 2, 2), scales(1, 1, 2, 3)] }))).toEqual([1, 1, 4, 6]);
  });
});

describe('GridSample', () => {
  it('weighs 2^r neighbours, or 4^r for cubic', () => {
    const inputs = [float(1, 2, 5, 5), float(1, 3, 4, 2)];
    expect(call({ op: 'GridSample', inputs }).cost?.flops).toBe(24n * 7n);
    expect(call({ op: 'GridSample', inputs, attributes: { mode: 'cubic' } }).cost?.flops).toBe(24n * 31n);
    expect(call({ op: 'GridSample', inputs, attributes: { mode: 'nearest' } }).cost?.flops).toBe(0n);
  });
});
