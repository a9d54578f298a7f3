import { describe, expect, it } from 'vitest';
import { decodeOutputs } from '../../../../src/vision/decoders';
import { NO_LABELS } from '../../../../src/vision/labels';

describe('the answers of a run', () => {
  it('are one for each output: classes where there are some, the tensor as it is elsewhere', () => {
    const scores = { name: 'scores', dtype: 'float32', shape: [1, 2], values: Float32Array.of(0.25, 0.75) };
    const boxes = { name: 'boxes', dtype: 'float32', shape: [1, 3, 4], values: new Float32Array(12) };
    const names = { name: 'names', dtype: 'string', shape: [1], values: null };
    const { answers, warnings } = decodeOutputs([boxes, scores, names], NO_LABELS);
    expect(answers).toEqual([
      {
        kind: 'classes',
        output: 'scores',
        classes: [
          { index: 1, label: '1', probability: 0.75 },
          { index: 0, label: '0', probability: 0.25 },
        ],
      },
      { kind: 'tensor', output: 'boxes', dtype: 'float32', shape: [1, 3, 4] },
      { kind: 'tensor', output: 'names', dtype: 'string', shape: [1] },
    ]);
    expect(warnings).toEqual([]);
  });

  it('are tensors alone where no output is a class vector, with the reason', () => {
    const { answers, warnings } = decodeOutputs(
      [{ name: 'map', dtype: 'float32', shape: [1, 2, 2], values: new Float32Array(4) }],
      NO_LABELS,
    );
    expect(answers).toEqual([{ kind: 'tensor', output: 'map', dtype: 'float32', shape: [1, 2, 2] }]);
    expect(warnings).toEqual(['No output is a vector of classes (map [1, 2, 2]), so no labels are shown.']);
  });
});
