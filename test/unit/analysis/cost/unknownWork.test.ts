import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/analysis/assemble';
import { isAmong, NEVER_MULTIPLY } from '../../../../src/operators/meaning';
import { lookup } from '../../../../src/operators/registry';
import { readCases, runCase } from '../../operators/cases';
import { type GraphSpec, model, value } from '../models';

function notCounted(spec: GraphSpec) {
  const { profile } = analyse(model(spec), { name: 'model.onnx', bytes: 1 });
  return { reason: profile.notCounted[0]?.reason, bounds: profile.lowerBounds.filter((figure) => figure === 'macs' || figure === 'flops') };
}

describe('the reason for work that is not counted', () => {
  it.each([
    [
      'a transform whose length is given at run time',
      {
        inputs: [value('x', 'float32', [1, 16, 1]), value('n', 'int64', [])],
        nodes: [{ op: 'DFT', inputs: ['x', 'n'], outputs: ['y'] }],
      },
      'the value of "n" is known only when the model runs',
      ['macs', 'flops'],
    ],
    [
      'windows whose step is given at run time',
      {
        inputs: [value('x', 'float32', [1, 64, 1]), value('step', 'int64', []), value('w', 'float32', [16])],
        nodes: [{ op: 'STFT', inputs: ['x', 'step', 'w'], outputs: ['y'] }],
      },
      'the value of "step" is known only when the model runs',
      ['macs', 'flops'],
    ],
    [
      'a selection of boxes',
      {
        inputs: [value('b', 'float32', [1, 9, 4]), value('s', 'float32', [1, 2, 9])],
        nodes: [{ op: 'NonMaxSuppression', inputs: ['b', 's'], outputs: ['y'] }],
      },
      'how many overlaps it computes depends on the scores',
      ['flops'],
    ],
    [
      'trees',
      {
        inputs: [value('x', 'float32', [4, 3])],
        nodes: [{ op: 'TreeEnsembleRegressor', domain: 'ai.onnx.ml', inputs: ['x'], outputs: ['y'] }],
      },
      'which way a row takes through its trees depends on the values',
      ['flops'],
    ],
    [
      'attention whose past is as long as an input says',
      {
        inputs: [
          value('q', 'float32', [1, 1, 8]),
          value('k', 'float32', [1, 1, 8]),
          value('v', 'float32', [1, 1, 8]),
          value('pk', 'float32', [1, 2, 32, 4]),
          value('pv', 'float32', [1, 2, 32, 4]),
          value('past', 'int32', [1]),
        ],
        nodes: [
          {
            op: 'DecoderMaskedMultiHeadAttention',
            domain: 'com.microsoft',
            inputs: ['q', 'k', 'v', '', '', 'pk', 'pv', 'past'],
            outputs: ['y'],
            attributes: { num_heads: 2, past_present_share_buffer: 1 },
          },
        ],
      },
      'the value of "past" is known only when the model runs',
      ['macs', 'flops'],
    ],
    [
      'an addition of a tensor without a shape: no multiply-adds are missing',
      {
        inputs: [value('a', 'float32', [2, 3]), value('n', 'int64', [1])],
        nodes: [
          { op: 'Expand', inputs: ['a', 'n'], outputs: ['e'] },
          { op: 'Exp', inputs: ['e'], outputs: ['y'] },
        ],
      },
      expect.stringContaining('the shape of "e"'),
      ['flops'],
    ],
  ] as const)('says what is missing for %s', (_, spec, reason, bounds) => {
    expect(notCounted({ outputs: ['y'], ...spec })).toEqual({ reason, bounds });
  });
});

describe('kinds of operators that never multiply and add', () => {
  it.each(['onnx-backend.json', 'ort-contrib.json'])('hold for every case of %s', (file) => {
    const wrong = readCases(file).filter((one) => {
      const domain = one.domain ?? '';
      const meaning = lookup(domain, one.op, one.opset)?.meaning ?? null;
      return isAmong(meaning, NEVER_MULTIPLY) && (runCase(one).cost?.macs ?? 0n) > 0n;
    });
    expect(wrong.map(({ op }) => op)).toEqual([]);
  });
});
