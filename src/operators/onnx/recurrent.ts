import { type Dim, formatShape, type Shape } from '../../model';
import { multiplyAdds } from '../common/costs';
import { operator } from '../common/define';
import { checkRank, dtypeOf, extent, product, shaped } from '../common/extents';
import { ACTIVATION_FLOPS } from '../common/flops';
import * as meaning from '../common/meanings';
import { contradict } from '../common/shapes';
import type { Cost, CostContext, CostRule, Operator, ShapeContext, ShapeRule } from '../rule';

type Context = ShapeContext | CostContext;

interface RecurrentSizes {
  readonly length: Dim;
  readonly batch: Dim;
  readonly inputs: Dim;
  readonly hidden: Dim;
  readonly directions: number;
}

/** X is `[length, batch, inputs]`, or `[batch, length, inputs]` with layout 1 (opset 14). */
function sizesOf(context: Context): RecurrentSizes {
  const x = context.tensor(0);
  const batchFirst = context.attributes.int('layout', 0) === 1;
  return {
    length: extent(x, batchFirst ? 1 : 0),
    batch: extent(x, batchFirst ? 0 : 1),
    inputs: extent(x, 2),
    hidden: context.attributes.int('hidden_size') ?? extent(context.tensor(2), -1),
    directions: context.attributes.string('direction', 'forward') === 'bidirectional' ? 2 : 1,
  };
}

/** Initial states must be as wide as the layer, one for each sequence of the batch. */
function checkStates(context: ShapeContext, expected: Shape): void {
  for (const input of [5, 6]) {
    const shape = context.tensor(input)?.shape;
    if (!shape) continue;
    const fits = shape.length === expected.length && shape.every((extent, axis) => !contradict(extent, expected[axis] ?? null));
    if (fits) continue;
    context.report(
      'state',
      `the initial state "${context.node.inputs[input]}" is ${formatShape(shape)}, and ${formatShape(expected)} is needed.`,
    );
  }
}

/** Outputs Y, Y_h and, for LSTM, Y_c. */
const recurrent: ShapeRule = (context) => {
  checkRank(context, 0, [3]);
  const { length, batch, hidden, directions } = sizesOf(context);
  const batchFirst = context.attributes.int('layout', 0) === 1;
  checkStates(context, batchFirst ? [batch, directions, hidden] : [directions, batch, hidden]);
  const dtype = dtypeOf(context.tensor(0));
  const all: Shape = batchFirst ? [batch, length, directions, hidden] : [length, directions, batch, hidden];
  const last: Shape = batchFirst ? [batch, directions, hidden] : [directions, batch, hidden];
  return [shaped(dtype, all), shaped(dtype, last), shaped(dtype, last)];
};

/** One cell: `gates` products of input and state with their matrices, and `flops` for its activations and gating per hidden unit. */
interface Cell {
  readonly gates: number;
  readonly flops: number;
}

/** One tanh. */
const RNN: Cell = { gates: 1, flops: ACTIVATION_FLOPS.Tanh };

/** Two sigmoids, one tanh; r * h, (1 - z) * n + z * h. */
const GRU: Cell = { gates: 3, flops: 2 * ACTIVATION_FLOPS.Sigmoid + ACTIVATION_FLOPS.Tanh + 5 };

/** Three sigmoids, two tanh; f * c + i * g, o * tanh(c). */
const LSTM: Cell = { gates: 4, flops: 3 * ACTIVATION_FLOPS.Sigmoid + 2 * ACTIVATION_FLOPS.Tanh + 4 };

/** Every step runs over the whole batch; shorter sequences (`sequence_lens`) are counted at full length. */
function cellCost(context: CostContext, cell: Cell): Cost | null {
  const { length, batch, inputs, hidden, directions } = sizesOf(context);
  const steps = product([directions, length, batch]);
  if (steps === null || typeof inputs !== 'number' || typeof hidden !== 'number') return null;
  const units = steps * BigInt(cell.gates) * BigInt(hidden);
  const macs = units * BigInt(inputs + hidden);
  // W and R products are added to each other; B holds a bias for each.
  const sums = units * (context.inputs[3] ? 3n : 1n);
  const peepholes = cell === LSTM && context.inputs[7] ? steps * BigInt(hidden) * 6n : 0n;
  const formula = `${directions} directions * ${length} steps * ${batch} sequences * ${cell.gates}*${hidden} units * (${inputs} + ${hidden})`;
  return multiplyAdds(macs, formula, sums + peepholes + steps * BigInt(hidden) * BigInt(cell.flops));
}

const costOf =
  (cell: Cell): CostRule =>
  (context) =>
    cellCost(context, cell);

/** Recurrent layers of ai.onnx; activations other than the defaults are counted as the defaults. */
export const RECURRENT: readonly Operator[] = meaning.means(
  {
    RNN: meaning.recur({ weights: [1, 2, 3], buffers: [4, 5] }),
    GRU: meaning.recur({ weights: [1, 2, 3], buffers: [4, 5] }),
    LSTM: meaning.recur({ weights: [1, 2, 3, 7], buffers: [4, 5, 6] }),
    DynamicQuantizeLSTM: meaning.recur({ weights: [1, 2, 3, 7], settings: [8, 9, 10, 11] }),
  },
  [
    operator('RNN', 1, recurrent, costOf(RNN)),
    operator('GRU', 1, recurrent, costOf(GRU)),
    operator('LSTM', 1, recurrent, costOf(LSTM)),
    operator('DynamicQuantizeLSTM', 1, recurrent, costOf(LSTM), 'com.microsoft'),
  ],
);
