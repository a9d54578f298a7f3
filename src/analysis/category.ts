import type { Shape } from '../model';
import type { NodeCost } from './cost/types';
import type { Category } from './profile';
import type { ShapeResult } from './shapes/types';

const CONVOLUTIONS = new Set(['Conv', 'ConvTranspose', 'ConvInteger', 'QLinearConv', 'DeformConv', 'FusedConv', 'NhwcConv']);

const BY_OPERATOR: Readonly<Partial<Record<string, Category>>> = {
  BatchNormalization: 'normalization',
  Constant: 'dataMovement',
  Gemm: 'feedForward',
  MatMul: 'feedForward',
  Softmax: 'activation',
};

const FAMILIES: readonly (readonly [RegExp, Category])[] = [
  [/Normalization$|^LRN$/, 'normalization'],
  [/Pool$|^MaxUnpool$/, 'pooling'],
  [
    /^(Relu|LeakyRelu|PRelu|.*Gelu|Sigmoid|Hard.*|.*Softmax|Selu|Elu|Celu|Tanh|Mish|Swish|Softplus|Softsign|ThresholdedRelu|Erf|Clip)$/,
    'activation',
  ],
  [/^(LSTM|GRU|RNN)$/, 'recurrent'],
  [/^(Reshape|Transpose|Concat|Split|Slice|Gather.*|Shape|Squeeze|Unsqueeze|Expand|Tile|Pad|Cast|Identity|Flatten)$/, 'dataMovement'],
];

function convolution(cost: NodeCost, shapes: ShapeResult): Category {
  const weight = cost.node.inputs[cost.node.op === 'QLinearConv' ? 3 : 1];
  const fact = weight === undefined ? null : shapes.fact(weight, cost.scope);
  const shape: Shape | null = fact?.kind === 'tensor' ? fact.shape : null;
  const group = cost.node.attributes['group'];
  const groups = group?.kind === 'int' ? Number(group.value) : 1;
  if (groups > 1) return shape?.[1] === 1 ? 'convolution.depthwise' : 'convolution.grouped';
  const pointwise = shape !== null && shape.length > 2 && shape.slice(2).every((extent) => extent === 1);
  return pointwise ? 'convolution.pointwise' : 'convolution.standard';
}

/** The category of a node that belongs to no structure found in the graph: by its operator alone. */
export function categoryByOperator(cost: NodeCost, shapes: ShapeResult): Category {
  const { op } = cost.node;
  if (CONVOLUTIONS.has(op)) return convolution(cost, shapes);
  return BY_OPERATOR[op] ?? FAMILIES.find(([pattern]) => pattern.test(op))?.[1] ?? 'other';
}
