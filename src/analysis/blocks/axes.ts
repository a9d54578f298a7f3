import { attributesOf } from '../../operators/attributes';
import { words } from '../../operators/meaning';
import type { Flow } from './flow';
import { type Layer, layerOf, productOf } from './layers';
import { reducedAxes } from './reductions';
import { actOf, does } from './words';

/**
 * Part of an axis: `size` steps of `stride` along an original axis. Splitting
 * an axis of 56 into 8 windows of 7 gives (8, stride 7) and (7, stride 1).
 */
export interface Factor {
  readonly size: number;
  readonly stride: number;
  /** `c` for features that a weighted layer made; `a0`, `a1`... for axes of values from outside. */
  readonly label: string;
}

/** For each axis of a value, the factors of the attention's axes that it is made of, outermost first. */
export type Axes = readonly (readonly Factor[])[];

const BROADCAST = words('add', 'subtract', 'multiply', 'divide', 'select', 'power', 'maximum', 'minimum');
const REGROUP = words('reshape', 'flatten', 'squeeze', 'unsqueeze');

function sizeOf(factors: readonly Factor[]): number {
  return factors.reduce((total, factor) => total * factor.size, 1);
}

/** Takes factors off the front of `rest` until their product is `size`, splitting one where it must; `null` where sizes do not divide. */
function take(rest: Factor[], size: number): readonly Factor[] | null {
  const taken: Factor[] = [];
  let left = size;
  while (left > 1) {
    const factor = rest.shift();
    if (!factor) return null;
    if (left % factor.size === 0) {
      taken.push(factor);
      left /= factor.size;
    } else if (factor.size % left === 0) {
      const inner = factor.size / left;
      taken.push({ ...factor, size: left, stride: factor.stride * inner });
      rest.unshift({ ...factor, size: inner });
      left = 1;
    } else return null;
  }
  return taken;
}

function sameExtents(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((size, axis) => size === right[axis]);
}

/** Puts an axis that was cut together again where its parts stand side by side in the old order. */
function joinContiguous(factors: readonly Factor[]): Factor[] {
  const joined: Factor[] = [];
  for (const factor of factors) {
    const last = joined[joined.length - 1];
    if (last && last.label === factor.label && last.stride === factor.size * factor.stride) {
      joined[joined.length - 1] = { ...factor, size: last.size * factor.size };
    } else joined.push(factor);
  }
  return joined;
}

/** Factors of a reshaped value: the same elements in the same order under new extents. */
export function regroup(axes: Axes, shape: readonly number[]): Axes | null {
  const rest = joinContiguous(axes.flat().filter((factor) => factor.size > 1));
  const result: (readonly Factor[])[] = [];
  for (const size of shape) {
    const factors = take(rest, size);
    if (!factors) return null;
    result.push(factors);
  }
  return rest.length === 0 ? result : null;
}

/** Fits an axis to a new extent after Slice, Split, Gather, Pad or Concat: the first factor takes the change. */
function resize(factors: readonly Factor[], size: number, prefix: string, axis: number): readonly Factor[] {
  if (sizeOf(factors) === size) return factors;
  const [first, ...rest] = factors;
  const inner = sizeOf(rest);
  if (first && size % inner === 0) return [{ ...first, size: size / inner }, ...rest].filter((factor) => factor.size > 1);
  return size > 1 ? [{ size, stride: 1, label: `${prefix}${axis}` }] : [];
}

function resizeAll(axes: Axes, shape: readonly number[], fresh: string): Axes | null {
  if (axes.length !== shape.length) return null;
  const prefix = `${fresh}.`;
  return shape.map((size, axis) => resize(axes[axis] ?? [], size, prefix, axis));
}

function fromLayer(layer: Layer, input: Axes, shape: readonly number[]): Axes {
  const feature = layer.channelsLast ? shape.length - 1 : 1;
  return shape.map((size, axis) => {
    if (axis === feature) return size > 1 ? [{ size, stride: 1, label: 'c' }] : [];
    return resize(input[axis] ?? [], size, 'a', axis);
  });
}

/** What each axis of each value in a region is made of, as far as it can be followed. */
export class AxisTracker {
  private readonly known = new Map<string, Axes>();
  private outside = 0;

  constructor(private readonly flow: Flow) {}

  get(value: string): Axes | null {
    const found = this.known.get(value);
    if (found) return found;
    const shape = this.flow.shape(value);
    if (!shape) return null;
    const tag = `a${this.outside++}.`;
    const axes = shape.map((size, axis) => (size > 1 ? [{ size, stride: 1, label: `${tag}${axis}` }] : []));
    this.known.set(value, axes);
    return axes;
  }

  /** Follows the nodes of a region, given in topological order. */
  run(region: readonly number[]): void {
    for (const index of region) {
      const node = this.flow.nodes[index];
      if (!node) continue;
      for (const output of node.outputs) {
        const shape = this.flow.shape(output);
        const axes = shape && this.step(index, shape);
        if (axes && axes.length === shape.length) this.known.set(output, axes);
      }
    }
  }

  private step(index: number, shape: readonly number[]): Axes | null {
    const { flow } = this;
    const node = flow.nodes[index];
    if (!node) return null;
    const layer = layerOf(flow, index);
    if (layer) {
      const input = this.get(layer.input);
      return input && fromLayer(layer, input, shape);
    }
    if (productOf(flow, index)) return this.product(index);
    const name = node.inputs.find((input) => input !== '' && flow.origin(input) === 'data') ?? '';
    const input = this.get(name);
    if (!input) return null;
    if (does(flow, index, REGROUP)) return regroup(input, shape);
    const act = actOf(flow, index);
    if (act === 'expand') return resizeAll([...shape.slice(input.length).map(() => []), ...input], shape, node.outputs[0] ?? '');
    if (act === 'transpose') return this.transpose(index, input);
    if (act === 'gather') return this.gather(index, input, shape);
    if (flow.meanings[index]?.kind === 'reduce') return this.reduce(index, input, shape);
    if (does(flow, index, BROADCAST)) return this.broadcast(index, shape);
    return resizeAll(input, shape, node.outputs[0] ?? '');
  }

  private transpose(index: number, input: Axes): Axes {
    const node = this.flow.nodes[index];
    const order = node && attributesOf(node, this.flow.scope.attributes).ints('perm');
    return order ? order.map((axis) => input[axis] ?? []) : [...input].reverse();
  }

  private gather(index: number, input: Axes, shape: readonly number[]): Axes | null {
    const node = this.flow.nodes[index];
    if (!node) return null;
    const given = attributesOf(node, this.flow.scope.attributes).int('axis', 0);
    const axis = given < 0 ? given + input.length : given;
    if (shape.length === input.length - 1) return input.filter((_, at) => at !== axis);
    return resizeAll(input, shape, node.outputs[0] ?? '');
  }

  /** The axes that a reduction leaves: Hiera pools the queries of a window over one of theirs (arXiv 2306.00989). */
  private reduce(index: number, input: Axes, shape: readonly number[]): Axes | null {
    const gone = new Set(reducedAxes(this.flow, index));
    if (gone.size === 0) return null;
    return shape.length === input.length
      ? input.map((factors, axis) => (gone.has(axis) ? [] : factors))
      : input.filter((_, axis) => !gone.has(axis));
  }

  /** Axes of the operand that has the full extent. */
  private broadcast(index: number, shape: readonly number[]): Axes | null {
    for (const name of this.flow.nodes[index]?.inputs ?? []) {
      if (name === '' || this.flow.origin(name) !== 'data') continue;
      const extent = this.flow.shape(name);
      if (extent && sameExtents(extent, shape)) return this.get(name);
    }
    return null;
  }

  private product(index: number): Axes | null {
    const product = productOf(this.flow, index);
    if (!product?.indices) return null;
    const { left, right } = product;
    const sides = [
      { letters: product.indices.left, axes: this.get(left), data: this.flow.origin(left) === 'data' },
      { letters: product.indices.right, axes: this.get(right), data: this.flow.origin(right) === 'data' },
    ].sort((a, b) => Number(b.data) - Number(a.data));
    return [...product.indices.output].map((letter) => {
      for (const side of sides) {
        const factors = side.axes?.[side.letters.indexOf(letter)];
        if (side.letters.includes(letter) && factors && factors.length > 0) return factors;
      }
      return [];
    });
  }
}
