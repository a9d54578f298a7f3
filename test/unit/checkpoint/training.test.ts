import { describe, expect, it } from 'vitest';
import { type Optimizer, trainingFootprint } from '../../../src/checkpoint/training';
import { structureOf, type Written } from './support';

/** Conv2d(3, 16, 3), BatchNorm2d(16), Linear(64, 128), LayerNorm(128), Linear(128, 10, bias=False) in a Sequential. */
const NETWORK: readonly Written[] = [
  ['0.weight', [16, 3, 3, 3]],
  ['0.bias', [16]],
  ['1.weight', [16]],
  ['1.bias', [16]],
  ['1.running_mean', [16]],
  ['1.running_var', [16]],
  ['1.num_batches_tracked', [], 'int64'],
  ['3.weight', [128, 64]],
  ['3.bias', [128]],
  ['4.weight', [128]],
  ['4.bias', [128]],
  ['5.weight', [10, 128]],
];

/** Bytes of the tensors in `optimizer.state` after a step, as PyTorch 2.15 had them; 10,336 parameters. */
const MEASURED: Readonly<Partial<Record<Optimizer, number>>> = {
  sgd: 0,
  momentum: 41_344,
  adamw: 82_724,
  rmsprop: 41_380,
  adagrad: 41_380,
  adafactor: 4_236,
};

describe('what training holds', () => {
  const structure = structureOf(NETWORK);

  it.each(Object.entries(MEASURED) as [Optimizer, number][])('of %s is what PyTorch allocates', (optimizer, bytes) => {
    expect(trainingFootprint(structure, optimizer, 'fp32')).toMatchObject({
      weights: 41_344,
      gradients: 41_344,
      optimizerStates: bytes,
      copies: 0,
    });
  });

  it('adds up in every precision', () => {
    // 16 bytes for each parameter in mixed precision with a master copy and Adam (arXiv 1910.02054, section 3.1).
    const { total, buffers, weights, gradients, optimizerStates, copies } = trainingFootprint(structure, 'adamw', 'master');
    expect(total - buffers - 4 * 9).toBe(16 * 10_336);
    expect(weights + gradients + optimizerStates + copies + buffers).toBe(total);
    expect(trainingFootprint(structure, 'adamw', 'bf16').weights).toBe(2 * 10_336);
  });

  it('leaves what is not trained without gradients', () => {
    const frozen = { main: structure.main && { ...structure.main } };
    for (const tensor of structure.tensors) if (tensor.tensor.name === '3.weight') Object.assign(tensor.tensor, { trainable: false });
    expect(trainingFootprint(frozen, 'momentum', 'fp32')).toMatchObject({
      weights: 41_344,
      gradients: 41_344 - 4 * 8192,
      optimizerStates: 41_344 - 4 * 8192,
    });
  });
});
