import { describe, expect, it } from 'vitest';
import { sampleValues } from '../../../src/analysis/sampleValues';
import { inferShapes } from '../../../src/analysis/shapes';
import { type GraphSpec, integers, model, value, weight } from './models';

const told = (spec: GraphSpec) => Object.fromEntries(sampleValues(inferShapes(model(spec))));

describe('integers that the graph tells', () => {
  it('are rows that a table has', () => {
    const { ids = [] } = told({
      inputs: [value('ids', 'int64', [1, 7])],
      outputs: ['y'],
      initializers: [weight('table', [5, 4])],
      nodes: [{ op: 'Gather', inputs: ['table', 'ids'], outputs: ['y'] }],
    });
    expect(new Set(ids)).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  it('are what a branch compares with, also behind a cast', () => {
    const spec: GraphSpec = {
      inputs: [value('rate', 'int32', [])],
      outputs: ['y'],
      initializers: [integers('hertz', [16000], [])],
      nodes: [
        { op: 'Cast', inputs: ['rate'], outputs: ['long'], attributes: { to: 7 } },
        { op: 'Equal', inputs: ['long', 'hertz'], outputs: ['y'] },
      ],
    };
    expect(told(spec)).toEqual({ rate: [16000] });
  });

  it('are whole lengths of sequences, ones for masks and extents, and nothing where it tells none', () => {
    const spec: GraphSpec = {
      inputs: [
        value('x', 'float32', [6, 2, 3]),
        value('lengths', 'int32', [2]),
        value('attention_mask', 'int64', [1, 4]),
        value('size', 'int64', [2]),
        value('other', 'int64', [3]),
      ],
      outputs: ['y', 'e', 'n'],
      initializers: [weight('w', [1, 12, 3]), weight('r', [1, 12, 4]), weight('v', [1])],
      nodes: [
        { op: 'GRU', inputs: ['x', 'w', 'r', '', 'lengths'], outputs: ['y'], attributes: { hidden_size: 4 } },
        { op: 'Expand', inputs: ['v', 'size'], outputs: ['e'] },
        { op: 'Neg', inputs: ['other'], outputs: ['n'] },
      ],
    };
    expect(told(spec)).toEqual({ lengths: [6], attention_mask: [1], size: [1] });
  });
});
