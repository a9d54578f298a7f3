import { describe, expect, it } from 'vitest';
import type { DType, Shape, Value } from '../../../src/model';
import { imageInput } from '../../../src/vision/imageInput';

function input(shape: Shape | null, dtype: DType = 'float32', name = 'x'): Value {
  return { name, type: { kind: 'tensor', dtype, shape } };
}

describe('imageInput', () => {
  it.each([
    [[1, 3, 224, 256], { layout: 'NCHW', batch: 1, channels: 3, height: 224, width: 256 }],
    [['batch', 3, 'height', 'width'], { layout: 'NCHW', batch: 1, channels: 3, height: null, width: null }],
    [[1, 224, 224, 3], { layout: 'NHWC', batch: 1, channels: 3, height: 224, width: 224 }],
    [[null, null, null, 3], { layout: 'NHWC', batch: 1, channels: 3, height: null, width: null }],
    [[8, 1, 28, 28], { layout: 'NCHW', batch: 8, channels: 1, height: 28, width: 28 }],
    [[3, 32, 32], { layout: 'NCHW', batch: 0, channels: 3, height: 32, width: 32 }],
    [[32, 32, 1], { layout: 'NHWC', batch: 0, channels: 1, height: 32, width: 32 }],
    [['n', 'c', 'h', 'w'], { layout: 'NCHW', batch: 1, channels: 3, height: null, width: null }],
    [null, { layout: 'NCHW', batch: 1, channels: 3, height: null, width: null }],
  ] as const)('%j', (shape, expected) => {
    expect(imageInput([input(shape)], 'm.onnx')).toEqual({ name: 'x', dtype: 'float32', ...expected });
  });

  it.each([
    [
      [input([1, 128], 'int64', 'input_ids')],
      'm.onnx takes no image: its input is input_ids int64 [1, 128]; an image input is a float32, float16 or uint8 tensor [N, C, H, W] or [N, H, W, C] with 1 or 3 channels.',
    ],
    [[input([1, 4, 64, 64])], /takes no image: its input is x float32 \[1, 4, 64, 64\]/],
    [[input([1, 3, 1, 1])], /takes no image/],
    [[], 'm.onnx takes no image: it has no inputs.'],
    [
      [input([1, 3, 64, 64]), input([1], 'float32', 'scale')],
      'm.onnx takes more than an image: its inputs are x float32 [1, 3, 64, 64], scale float32 [1]; only models with an image as their one input can be run.',
    ],
  ])('refuses %j', (inputs, message) => {
    expect(() => imageInput(inputs, 'm.onnx')).toThrow(message);
  });
});
