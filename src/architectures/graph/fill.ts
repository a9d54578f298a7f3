/**
 * How a weight would be filled, kept beside the model instead of its bytes so
 * that the largest variants cost nothing until somebody writes them with weights.
 *
 * - `uniform`: between `-bound` and `bound`, from the documented generator below.
 * - `values`: exactly these (masks, tables, taps).
 */
export type Fill =
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'values'; readonly values: ArrayLike<number> };

/** Uniform with the bound that PyTorch's Linear and Conv2d draw weights and biases from: 1 / sqrt(fan in). */
export function fanIn(size: number): Fill {
  return { kind: 'uniform', bound: 1 / Math.sqrt(Math.max(1, size)) };
}

/** Biases and running means of normalisation, as PyTorch begins with. */
export const ZEROS: Fill = { kind: 'constant', value: 0 };
/** Scales of normalisation and running variances, as PyTorch begins with. */
export const ONES: Fill = { kind: 'constant', value: 1 };

/**
 * The elements of one weight. The same seed and name give the same bytes on
 * every machine: 32-bit integer steps (mulberry32) started from the FNV-1a hash
 * of the name mixed with the seed, 24 bits each, mapped to [-bound, bound).
 */
export function fillValues(fill: Fill, name: string, elements: number, seed: number): Float32Array {
  const values = new Float32Array(elements);
  if (fill.kind === 'constant') return values.fill(fill.value);
  if (fill.kind === 'values') {
    values.set(fill.values);
    return values;
  }
  let state = (hashName(name) ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
  for (let at = 0; at < elements; at++) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    const unit = ((mixed ^ (mixed >>> 14)) >>> 8) / 2 ** 24;
    values[at] = (2 * unit - 1) * fill.bound;
  }
  return values;
}

/** FNV-1a over the UTF-16 code units, 32 bits. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
