import { describe, expect, it } from 'vitest';
import { classes, toProbabilities } from '../../../../src/vision/decoders/classes';
import type { OutputTensor } from '../../../../src/vision/decoders/decoder';
import { type Labels, NO_LABELS } from '../../../../src/vision/labels';

function output(shape: readonly number[], values: readonly number[], name = 'output', dtype = 'float32'): OutputTensor {
  return { name, dtype, shape, values: Float32Array.from(values) };
}

/** The classes of the one answer, best first; none where there is no answer. */
function decode(outputs: readonly OutputTensor[], names: Labels) {
  const { answers, warnings } = classes.decode(outputs, names);
  const [answer] = answers;
  return { output: answer?.output, labels: answer?.kind === 'classes' ? answer.classes : [], warnings };
}

describe('toProbabilities', () => {
  it('is softmax for logits, however large', () => {
    // exp(0) : exp(ln 2) : exp(ln 5) = 1 : 2 : 5
    expect([...toProbabilities(Float32Array.of(0, Math.log(2), Math.log(5)))]).toEqual(
      [1 / 8, 2 / 8, 5 / 8].map((value) => expect.closeTo(value, 6)),
    );
    expect([...toProbabilities(Float32Array.of(1000, 1000))]).toEqual([0.5, 0.5]);
  });

  it('leaves probabilities as they are', () => {
    expect([...toProbabilities(Float32Array.of(0.25, 0.75))]).toEqual([0.25, 0.75]);
  });
});

describe('classes', () => {
  it.each([[[3]], [[1, 3]], [[1, 3, 1, 1]], [[1, 1, 1, 3]], [[2, 3]]])('reads a class vector of shape %j', (shape) => {
    const values = shape[0] === 2 ? [0.1, 0.7, 0.2, 1, 0, 0] : [0.1, 0.7, 0.2];
    const { labels, warnings } = decode([output(shape, values)], { names: ['a', 'b', 'c'], source: 'labels.txt' });
    expect(labels.map(({ label, index }) => `${index}${label}`)).toEqual(['1b', '2c', '0a']);
    expect(warnings).toEqual([]);
  });

  it('shows numbers where there are no names, and says where names do not fit', () => {
    expect(decode([output([1, 2], [1, 0])], NO_LABELS).labels[0]).toMatchObject({ index: 0, label: '0' });
    const { labels, warnings } = decode([output([1, 2], [1, 0])], { names: ['a', 'b', 'c'], source: 'labels.txt' });
    expect(labels[0]?.label).toBe('0');
    expect(warnings).toEqual(['labels.txt names 3 classes but the output output has 2; numbers are shown.']);
  });

  it('chooses the class vector among several outputs', () => {
    const embedding = output([1, 4], [1, 2, 3, 4], 'pooled_features');
    const logits = output([1, 2], [0, 9], 'logits');
    expect(decode([embedding, logits], NO_LABELS)).toMatchObject({ output: 'logits', labels: [{ index: 1 }, { index: 0 }] });
    const byCount = decode([output([1, 3], [0, 0, 9], 'aux'), output([1, 2], [0, 9], 'main')], { names: ['a', 'b'], source: 'x' });
    expect(byCount.labels[0]?.label).toBe('b');
  });

  it('gives no labels for other outputs, and says what they are', () => {
    const { labels, warnings } = decode([output([1, 4, 2], Array(8).fill(0), 'boxes')], NO_LABELS);
    expect(labels).toEqual([]);
    expect(warnings).toEqual(['No output is a vector of classes (boxes [1, 4, 2]), so no labels are shown.']);
  });

  it('gives no labels when values are not finite', () => {
    const { labels, warnings } = decode([output([1, 2], [Number.NaN, 1])], NO_LABELS);
    expect(labels).toEqual([]);
    expect(warnings[0]).toMatch(/not finite/);
  });
});
