import type { Analysis } from '../../analysis/assemble';
import { type Layers, volume } from '../layers';
import type { Part, Parts, ToolName } from '../types';

/** A model as tools see it. */
export interface Counted {
  readonly analysis: Analysis;
  readonly layers: Layers;
}

/** How one tool counts: its published rules, as far as a graph can tell. */
export interface Tool {
  readonly name: ToolName;
  readonly version: string;
  readonly call: string;
  readonly unit: string;
  /** Operations that stand for one multiply-add. */
  readonly perMac: bigint;
  /** True for one that reads the graph itself and asks for no modules. */
  readonly readsGraph: boolean;
  count(model: Counted): Parts;
  /** `null` where it counts those that we count. */
  parameters(model: Counted): bigint | null;
  /** Why a part is what it is; parts not named get a general sentence. */
  readonly why: Readonly<Partial<Record<Part, string>>>;
  readonly parametersWhy: string;
}

/** Where a multiplying layer's operations stand in a figure. */
export function partOf(kind: string, attends: boolean): Part {
  switch (kind) {
    case 'convolution':
    case 'linear':
    case 'recurrent':
    case 'otherProduct':
      return kind;
    case 'attention':
      return 'attention';
    default:
      return attends ? 'attention' : 'product';
  }
}

/** Elements of an image-like shape that stand for one channel: `[N, C, H, W]` to N * H * W. */
export function positions([batch = 1, , ...extents]: readonly number[]): bigint {
  return BigInt(batch) * volume(extents);
}

/** Weights of distinct modules among layers: one that is called twice holds them once. */
export function storedIn(
  layers: readonly {
    readonly around: readonly { readonly name: string }[];
    readonly weights: bigint;
    readonly bias: bigint;
    readonly kind: string;
  }[],
): bigint {
  const seen = new Set<string>();
  let sum = 0n;
  for (const { around, weights, bias, kind } of layers) {
    const name = around.at(-1)?.name;
    const key = `${name}\n${kind}`;
    if (name !== undefined && seen.has(key)) continue;
    seen.add(key);
    sum += weights + bias;
  }
  return sum;
}
