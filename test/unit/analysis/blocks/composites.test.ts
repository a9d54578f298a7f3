import { describe, expect, it } from 'vitest';
import { type Composite, findComposites } from '../../../../src/analysis/blocks/composites';
import { flowOf } from '../../../../src/analysis/blocks/flow';
import { inferShapes } from '../../../../src/analysis/shapes';
import type { Tensor } from '../../../../src/model';
import { model, type NodeSpec, value } from '../models';

function scalar(name: string, number: number): Tensor {
  return { name, dtype: 'float32', shape: [], storage: { kind: 'inline', data: new Uint8Array(Float32Array.of(number).buffer) } };
}

/** `['Mul', 'x', 0.5, 'half']`: operator, operands (numbers become constants), result; attributes last. */
type Step = readonly [op: string, ...operands: (string | number)[]];

/** Composites of steps on `x [2, 8, 16]`; the result of step i is `v<i>`, axes of a reduction an attribute. */
function composites(steps: readonly Step[], axes: readonly (readonly number[])[] = []): readonly Composite[] {
  const initializers: Tensor[] = [];
  let reductions = 0;
  const nodes = steps.map(([op, ...operands], at): NodeSpec => {
    const inputs = operands.map((operand) => {
      if (typeof operand === 'string') return operand;
      const name = `c${initializers.length}`;
      initializers.push(scalar(name, operand));
      return name;
    });
    const attributes = op === 'ReduceMean' ? { axes: axes[reductions++] ?? [-1], keepdims: 1 } : {};
    return { op, inputs, outputs: [`v${at}`], attributes };
  });
  const built = model({ inputs: [value('x', 'float32', [2, 8, 16])], outputs: [`v${steps.length - 1}`], nodes, initializers });
  const shapes = inferShapes(built);
  return findComposites(flowOf(shapes, shapes.main, null)).list;
}

function names(steps: readonly Step[], axes?: readonly (readonly number[])[]): readonly string[] {
  return composites(steps, axes).map(({ label, nodes }) => `${label} ${nodes.length}`);
}

/** As PyTorch's exporter writes them (opset 13, torch.onnx.symbolic_opset9). */
const GELU: readonly Step[] = [
  ['Div', 'x', Math.SQRT2],
  ['Erf', 'v0'],
  ['Add', 'v1', 1],
  ['Mul', 'x', 'v2'],
  ['Mul', 'v3', 0.5],
];
const TANH_GELU: readonly Step[] = [
  ['Mul', 'x', 0.5],
  ['Pow', 'x', 3],
  ['Mul', 'v1', 0.044715],
  ['Add', 'x', 'v2'],
  ['Mul', 'v3', Math.sqrt(2 / Math.PI)],
  ['Tanh', 'v4'],
  ['Add', 'v5', 1],
  ['Mul', 'v0', 'v6'],
];
const HARD_SWISH: readonly Step[] = [
  ['Add', 'x', 3],
  ['Clip', 'v0', 0, 6],
  ['Mul', 'x', 'v1'],
  ['Div', 'v2', 6],
];
const LAYER_NORM: readonly Step[] = [
  ['ReduceMean', 'x'],
  ['Sub', 'x', 'v0'],
  ['Pow', 'v1', 2],
  ['ReduceMean', 'v2'],
  ['Add', 'v3', 1e-5],
  ['Sqrt', 'v4'],
  ['Div', 'v1', 'v5'],
];
const RMS_NORM: readonly Step[] = [
  ['Pow', 'x', 2],
  ['ReduceMean', 'v0'],
  ['Add', 'v1', 1e-6],
  ['Sqrt', 'v2'],
  ['Div', 'x', 'v3'],
];

function replaced(steps: readonly Step[], at: number, step: Step): readonly Step[] {
  return steps.map((old, index) => (index === at ? step : old));
}

describe('activations written as small operators', () => {
  it('are known by what they compute, in any exporter’s order', () => {
    expect(names(GELU)).toEqual(['GELU 5']);
    expect(names(TANH_GELU)).toEqual(['GELU 8']);
    expect(names(HARD_SWISH)).toEqual(['Hard swish 4']);
    expect(
      names([
        ['Sigmoid', 'x'],
        ['Mul', 'v0', 'x'],
      ]),
    ).toEqual(['SiLU 2']);
    expect(
      names([
        ['Mul', 'x', 1.702],
        ['Sigmoid', 'v0'],
        ['Mul', 'x', 'v1'],
      ]),
    ).toEqual(['QuickGELU 3']);
    expect(
      names([
        ['Softplus', 'x'],
        ['Tanh', 'v0'],
        ['Mul', 'x', 'v1'],
      ]),
    ).toEqual(['Mish 3']);
    // As Transformers writes it: the half first.
    expect(
      names([
        ['Mul', 'x', 0.5],
        ['Mul', 'x', Math.SQRT1_2],
        ['Erf', 'v1'],
        ['Add', 1, 'v2'],
        ['Mul', 'v0', 'v3'],
      ]),
    ).toEqual(['GELU 5']);
  });

  it('are not named for the operators that occur: x tanh(x) is no GELU', () => {
    expect(
      names([
        ['Tanh', 'x'],
        ['Mul', 'x', 'v0'],
      ]),
    ).toEqual(['Activation 2']);
    expect(
      names([
        ['Mul', 'x', 1.2],
        ['Sigmoid', 'v0'],
        ['Mul', 'x', 'v1'],
      ]),
    ).toEqual(['Activation 3']);
  });

  it('are refused with a wrong constant or the wrong order', () => {
    expect(names(replaced(GELU, 0, ['Div', 'x', 2]))).toEqual(['Activation 4']);
    expect(names(replaced(GELU, 2, ['Sub', 'v1', 1]))).toEqual(['Activation 4']);
    expect(names(replaced(TANH_GELU, 1, ['Pow', 'x', 2]))).toEqual(['Activation 8']);
    expect(names(replaced(HARD_SWISH, 0, ['Add', 'x', 1]))).toEqual(['Activation 3']);
  });
});

describe('normalisations written as small operators', () => {
  it('are layer and RMS normalisation', () => {
    expect(names(LAYER_NORM)).toEqual(['LayerNorm 7']);
    expect(names(RMS_NORM)).toEqual(['RMSNorm 5']);
  });

  it('are refused with another exponent, another root or statistics of other axes', () => {
    expect(names(replaced(LAYER_NORM, 2, ['Pow', 'v1', 3]))).toEqual([]);
    expect(names(replaced(LAYER_NORM, 2, ['Mul', 'v1', 'x']))).toEqual([]);
    expect(names(replaced(LAYER_NORM, 5, ['Pow', 'v4', 1]))).toEqual([]);
    // What is centred along one axis is scaled by the root mean square along another: no layer normalisation.
    expect(names(LAYER_NORM, [[-1], [1]])).toEqual(['RMSNorm 5']);
    expect(names(replaced(RMS_NORM, 0, ['Pow', 'x', 4]))).toEqual([]);
  });
});
