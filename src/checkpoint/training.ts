import { isFloating } from '../model';
import type { CheckpointStructure } from './structure';
import { tensorsWithin } from './tree';

/** Optimizers by what they keep for each trained element (torch.optim, and the 8-bit AdamW of arXiv 2110.02861). */
export const OPTIMIZERS = ['sgd', 'momentum', 'adamw', 'adamw8bit', 'lion', 'rmsprop', 'adagrad', 'adafactor'] as const;
/** One of them. */
export type Optimizer = (typeof OPTIMIZERS)[number];

/**
 * In what training computes. `fp32`: all in 4 bytes. `amp`: as fp32, with a copy of the matrices in 2 bytes while a step
 * runs (torch.autocast). `bf16`: all in 2 bytes, the optimizer's state too. `master`: weights and gradients in 2 bytes,
 * and a copy of the weights and the state in 4 (arXiv 1710.03740, DeepSpeed, Megatron).
 */
export const PRECISIONS = ['fp32', 'amp', 'bf16', 'master'] as const;
/** One of them. */
export type Precision = (typeof PRECISIONS)[number];

/** Bytes that training holds besides activations, which depend on the batch and on a graph that a checkpoint has not. */
export interface TrainingFootprint {
  readonly optimizer: Optimizer;
  readonly precision: Precision;
  readonly weights: number;
  readonly gradients: number;
  readonly optimizerStates: number;
  /** Copies of the weights in another precision. */
  readonly copies: number;
  readonly buffers: number;
  readonly total: number;
}

/** Bytes of an element of weights, gradients and optimizer's state, and of a copy of the weights. */
const WIDTHS: Readonly<
  Record<Precision, { readonly weight: number; readonly gradient: number; readonly state: number; readonly copy: number }>
> = {
  fp32: { weight: 4, gradient: 4, state: 4, copy: 0 },
  amp: { weight: 4, gradient: 4, state: 4, copy: 2 },
  bf16: { weight: 2, gradient: 2, state: 2, copy: 0 },
  master: { weight: 2, gradient: 2, state: 4, copy: 4 },
};

/** Numbers kept for one tensor: elements in the state's precision, those of one byte, and single numbers of 4 bytes. */
interface Kept {
  readonly elements: number;
  readonly bytes: number;
  readonly scalars: number;
}

type Keeper = (elements: number, shape: readonly number[]) => Kept;

/** Elements of one scale of 8-bit states (bitsandbytes), and the elements below which they stay whole. */
const BLOCK = 256;
const SMALL = 4096;

const KEEPERS: Readonly<Record<Optimizer, Keeper>> = {
  sgd: () => ({ elements: 0, bytes: 0, scalars: 0 }),
  momentum: (elements) => ({ elements, bytes: 0, scalars: 0 }),
  adamw: (elements) => ({ elements: 2 * elements, bytes: 0, scalars: 1 }),
  adamw8bit: (elements) =>
    elements < SMALL
      ? { elements: 2 * elements, bytes: 0, scalars: 0 }
      : { elements: 0, bytes: 2 * elements, scalars: 2 * Math.ceil(elements / BLOCK) },
  lion: (elements) => ({ elements, bytes: 0, scalars: 0 }),
  rmsprop: (elements) => ({ elements, bytes: 0, scalars: 1 }),
  adagrad: (elements) => ({ elements, bytes: 0, scalars: 1 }),
  // Sums of rows and of columns of matrices in place of them (arXiv 1804.04235).
  adafactor: (elements, shape) => {
    const [rows = 1, columns = 1] = shape.slice(-2);
    if (shape.length < 2 || rows === 0 || columns === 0) return { elements, bytes: 0, scalars: 1 };
    return { elements: elements / columns + elements / rows, bytes: 0, scalars: 1 };
  },
};

/** What training the main section's weights holds; those that the file says are not trained have no gradients and no state. */
export function trainingFootprint(
  { main }: Pick<CheckpointStructure, 'main'>,
  optimizer: Optimizer,
  precision: Precision,
): TrainingFootprint {
  const width = WIDTHS[precision];
  const keep = KEEPERS[optimizer];
  const sum = { weights: 0, gradients: 0, optimizerStates: 0, copies: 0, buffers: 0 };
  for (const { tensor, role, elements: count, bytes, tied } of main ? tensorsWithin(main.root) : []) {
    if (tied !== '') continue;
    const elements = Number(count);
    // What is stored as integers stays what it is.
    if (role === 'buffer' || !isFloating(tensor.dtype)) {
      if (role === 'buffer') sum.buffers += bytes;
      else sum.weights += bytes;
      continue;
    }
    sum.weights += width.weight * elements;
    // Autocast makes copies of what is multiplied by; a master copy is of all that is trained.
    if (precision === 'amp' ? tensor.shape.length > 1 : tensor.trainable !== false) sum.copies += width.copy * elements;
    if (tensor.trainable === false) continue;
    sum.gradients += width.gradient * elements;
    const kept = keep(elements, tensor.shape);
    sum.optimizerStates += width.state * kept.elements + kept.bytes + 4 * kept.scalars;
  }
  const total = Object.values(sum).reduce((all, bytes) => all + bytes, 0);
  return { optimizer, precision, ...sum, total };
}
