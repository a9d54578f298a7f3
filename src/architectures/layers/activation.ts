import type { GraphBuilder, Handle } from '../graph';

/** Activations that the reference systems use; `identity` adds no node. */
export type ActivationName = 'relu' | 'relu6' | 'silu' | 'gelu' | 'hardSwish' | 'sigmoid' | 'identity';

/** Activations as PyTorch's exporter writes them at opset 17: SiLU as x * sigmoid(x), GELU by Erf. */
export function activation(b: GraphBuilder, name: ActivationName, x: Handle): Handle {
  switch (name) {
    case 'relu':
      return b.node('Relu', [x]);
    case 'relu6':
      return b.node('Clip', [x, b.scalar(0), b.scalar(6)]);
    case 'silu':
      return b.node('Mul', [x, b.node('Sigmoid', [x])]);
    case 'gelu': {
      const erf = b.node('Erf', [b.node('Div', [x, b.scalar(Math.SQRT2)])]);
      const twice = b.node('Mul', [x, b.node('Add', [erf, b.scalar(1)])]);
      return b.node('Mul', [twice, b.scalar(0.5)]);
    }
    case 'hardSwish':
      return b.node('HardSwish', [x]);
    case 'sigmoid':
      return b.node('Sigmoid', [x]);
    case 'identity':
      return x;
    default:
      return name satisfies never;
  }
}
