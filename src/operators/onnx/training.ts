import { elements, flopsOnly } from '../common/costs';
import { operator, uncounted } from '../common/define';
import { like } from '../common/extents';
import type { CostRule, Operator, ShapeRule } from '../rule';

const DOMAIN = 'ai.onnx.preview.training';

/**
 * Optimisers take R, T, then for n tensors all X, all gradients G and all of
 * each state, and return the new X and the new states.
 */
function optimizer(states: number): ShapeRule {
  return (context) => {
    const count = Math.floor((context.inputs.length - 2) / (2 + states));
    return context.node.outputs.map((_, i) => like(context.tensor(i < count ? 2 + i : 2 + count + i)));
  };
}

/** `flops` for every element of every optimised tensor. */
function optimizerCost(states: number, flops: number): CostRule {
  return (context) => {
    const count = Math.floor((context.inputs.length - 2) / (2 + states));
    let sum = 0n;
    for (let i = 0; i < count; i++) {
      const size = elements(context.inputs[2 + i] ?? null);
      if (size === null) return null;
      sum += size;
    }
    return flopsOnly(sum * BigInt(flops), `${sum} elements * ${flops} FLOPs`);
  };
}

/** One gradient per input named in `xs`, of its shape. */
const gradient: ShapeRule = (context) => context.node.outputs.map((_, i) => like(context.tensor(i)));

/**
 * Optimiser steps of ai.onnx.preview.training, with the FLOPs of their formulas:
 * regularisation 2 each; momentum 3 + 2; Adagrad 2 + 5; Adam 3 + 4 + 6.
 */
export const TRAINING: readonly Operator[] = [
  operator('Momentum', 1, optimizer(1), optimizerCost(1, 7), DOMAIN),
  operator('Adagrad', 1, optimizer(1), optimizerCost(1, 9), DOMAIN),
  operator('Adam', 1, optimizer(2), optimizerCost(2, 15), DOMAIN),
  uncounted('Gradient', 1, gradient, { reason: 'it stands for the whole backward pass', multiplies: true }, DOMAIN),
];
