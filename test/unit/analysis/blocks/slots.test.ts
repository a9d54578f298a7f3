import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/analysis/assemble';
import { type GraphSpec, integers, model, type NodeSpec, value, weight } from '../models';

const [SLOTS, INPUTS, WIDTH] = [5, 49, 16];

/** Slot attention (Locatello et al. 2020): each input shares itself out over the slots, which take the mean of what they got. */
const slots = (nodes: readonly NodeSpec[]): GraphSpec => ({
  inputs: [value('slots', 'float32', [1, SLOTS, WIDTH]), value('x', 'float32', [1, INPUTS, WIDTH])],
  outputs: ['y'],
  initializers: [...['q', 'k', 'v'].map((name) => weight(`w${name}`, [WIDTH, WIDTH])), integers('one', [1])],
  nodes: [
    { op: 'MatMul', inputs: ['slots', 'wq'], outputs: ['q'] },
    { op: 'MatMul', inputs: ['x', 'wk'], outputs: ['k'] },
    { op: 'MatMul', inputs: ['x', 'wv'], outputs: ['v'] },
    ...nodes,
  ],
});

/** As the paper's code: inputs by slots, turned for the mean. */
const TURNED: readonly NodeSpec[] = [
  { op: 'Transpose', inputs: ['q'], outputs: ['qt'], attributes: { perm: [0, 2, 1] } },
  { op: 'MatMul', inputs: ['k', 'qt'], outputs: ['logits'] },
  { op: 'Softmax', inputs: ['logits'], outputs: ['share'], attributes: { axis: -1 } },
  { op: 'ReduceSum', inputs: ['share', 'one'], outputs: ['sum'] },
  { op: 'Div', inputs: ['share', 'sum'], outputs: ['weights'] },
  { op: 'Transpose', inputs: ['weights'], outputs: ['turned'], attributes: { perm: [0, 2, 1] } },
  { op: 'MatMul', inputs: ['turned', 'v'], outputs: ['y'] },
];

/** As ports of it: slots by inputs. */
const STRAIGHT: readonly NodeSpec[] = [
  { op: 'Transpose', inputs: ['k'], outputs: ['kt'], attributes: { perm: [0, 2, 1] } },
  { op: 'MatMul', inputs: ['q', 'kt'], outputs: ['logits'] },
  { op: 'Softmax', inputs: ['logits'], outputs: ['share'], attributes: { axis: 1 } },
  { op: 'ReduceSum', inputs: ['share', 'two'], outputs: ['sum'] },
  { op: 'Div', inputs: ['share', 'sum'], outputs: ['weights'] },
  { op: 'MatMul', inputs: ['weights', 'v'], outputs: ['y'] },
];

function attention(spec: GraphSpec) {
  const { profile } = analyse(model(spec), { name: 'slots.onnx', bytes: 1 });
  const all = profile.blocks.flatMap(function open(block): typeof profile.blocks {
    return [block, ...block.children.flatMap(open)];
  });
  return all.filter(({ kind }) => kind === 'attention').map(({ attributes }) => attributes);
}

describe('slot attention', () => {
  it.each([
    ['turned, as in the paper', slots(TURNED)],
    ['straight', { ...slots(STRAIGHT), initializers: [...(slots(STRAIGHT).initializers ?? []), integers('two', [2])] }],
  ])('has its slots as queries and its inputs as keys: %s', (_, spec) => {
    expect(attention(spec)).toMatchObject([{ queries: SLOTS, keys: INPUTS }]);
  });

  it('leaves attention between other numbers of queries and keys as it was', () => {
    const cross = slots([
      { op: 'Transpose', inputs: ['k'], outputs: ['kt'], attributes: { perm: [0, 2, 1] } },
      { op: 'MatMul', inputs: ['q', 'kt'], outputs: ['logits'] },
      { op: 'Softmax', inputs: ['logits'], outputs: ['weights'], attributes: { axis: -1 } },
      { op: 'MatMul', inputs: ['weights', 'v'], outputs: ['y'] },
    ]);
    expect(attention(cross)).toMatchObject([{ queries: SLOTS, keys: INPUTS }]);
  });
});
