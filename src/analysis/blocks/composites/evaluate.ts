import { attributesOf } from '../../../operators/attributes';
import type { Attributes } from '../../../operators/rule';
import type { Flow } from '../flow';
import { actOf } from '../words';
import { erf } from './curves';

type Operands = readonly (number | undefined)[];

/** One element of what a node makes of one element of each input; `null` for an act that no activation is written with. */
function apply(act: string | undefined, [a = Number.NaN, b = Number.NaN, c]: Operands, attributes: Attributes): number | null {
  switch (act) {
    case 'add':
      return a + b;
    case 'subtract':
      return a - b;
    case 'multiply':
      return a * b;
    case 'divide':
      return a / b;
    case 'power':
      return a ** b;
    case 'negate':
      return -a;
    case 'cast':
      return a;
    case 'exponential':
      return Math.exp(a);
    case 'logarithm':
      return Math.log(a);
    case 'sigmoid':
      return 1 / (1 + Math.exp(-a));
    case 'hardSigmoid':
      return Math.min(Math.max(attributes.float('alpha', 0.2) * a + attributes.float('beta', 0.5), 0), 1);
    case 'tanh':
      return Math.tanh(a);
    case 'softplus':
      return Math.log1p(Math.exp(a));
    case 'erf':
      return erf(a);
    case 'relu':
      return Math.max(a, 0);
    case 'clip': {
      const low = Number.isNaN(b) ? attributes.float('min', Number.NEGATIVE_INFINITY) : b;
      return Math.min(Math.max(a, low), c ?? attributes.float('max', Number.POSITIVE_INFINITY));
    }
    default:
      return null;
  }
}

/**
 * The value at one number of an expression of elementwise steps, from `source`
 * to what the last of `steps` makes; steps come in topological order.
 * `null` where a constant in it is not known.
 */
export function evaluate(flow: Flow, steps: readonly number[], source: string, x: number): number | null {
  const known = new Map<string, number>([[source, x]]);
  let last: number | null = null;
  for (const index of steps) {
    const node = flow.nodes[index];
    if (!node) return null;
    const operands: (number | undefined)[] = [];
    for (const name of node.inputs) {
      const value = name === '' ? undefined : (known.get(name) ?? flow.constants(name)?.[0]);
      if (name !== '' && value === undefined) return null;
      operands.push(value);
    }
    last = apply(actOf(flow, index), operands, attributesOf(node, flow.scope.attributes));
    if (last === null) return null;
    known.set(node.outputs[0] ?? '', last);
  }
  return last;
}
