import { append } from '../../data';
import { words } from '../../operators/meaning';
import { type Draft, draft } from './draft';
import type { Flow } from './flow';
import { kernelOf, layersIn } from './layerKinds';
import { joinedAxis } from './scales';
import { actOf, does } from './words';

/** A dense layer is a norm, an activation and a convolution, twice at most, and a gate perhaps. */
const MAX_STEPS = 40;
/** Longer lists of features are not followed into the concatenations that they are made of; no dense block has as many layers. */
const MAX_FEATURES = 128;

/** A layer of DenseNet (arXiv 1608.06993): new features made of all that stood before, concatenated with it. */
interface DenseLayer {
  /** The value that the layer reads, and the features it adds. */
  readonly input: string;
  readonly growth: string;
  /** The concatenation that adds them. */
  readonly join: number;
  readonly nodes: readonly number[];
}

/** Neighbouring dense layers, each reading what the one before it joined. */
interface DenseChain {
  readonly base: string;
  readonly layers: DenseLayer[];
}

/** Blocks whose layers see the outputs of all before them (Huang et al. 2017). */
export interface DenseBlocks {
  readonly drafts: readonly Draft[];
  /** Concatenations that dense layers are joined by. */
  readonly joins: ReadonlySet<number>;
}

/** True for the operators that join values along an axis. */
export function isConcat(flow: Flow, index: number): boolean {
  return actOf(flow, index) === 'concat';
}

/** Values that a concatenation joins in the order of its inputs. */
export function joinedValues(flow: Flow, join: number): readonly string[] {
  return (flow.nodes[join]?.inputs ?? []).filter((name) => name !== '' && flow.origin(name) === 'data');
}

class DenseFinder {
  private readonly joined = new Map<number, ReadonlySet<string>>();
  private readonly chains = new Map<number, DenseChain>();

  constructor(
    private readonly flow: Flow,
    private readonly attention: ReadonlySet<number>,
  ) {}

  find(concats: readonly number[]): readonly DenseChain[] {
    const found = new Set<DenseChain>();
    for (const join of concats) {
      this.remember(join);
      const layer = this.layerAt(join);
      if (!layer) continue;
      const before = this.chains.get(this.flow.producer(layer.input));
      const chain = before ?? { base: layer.input, layers: [] };
      chain.layers.push(layer);
      this.chains.set(join, chain);
      found.add(chain);
    }
    return [...found];
  }

  /** What a value is joined of, concatenations of concatenations taken apart as far as they stand before it. */
  private features(value: string): ReadonlySet<string> {
    return this.joined.get(this.flow.producer(value)) ?? new Set([value]);
  }

  private remember(join: number): void {
    const all = new Set<string>();
    for (const name of joinedValues(this.flow, join)) {
      const inner = this.features(name);
      if (all.size + inner.size > MAX_FEATURES) all.add(name);
      else for (const feature of inner) all.add(feature);
    }
    this.joined.set(join, all);
  }

  private layerAt(join: number): DenseLayer | null {
    const values = joinedValues(this.flow, join);
    const output = this.flow.nodes[join]?.outputs[0] ?? '';
    if (values.length < 2 || joinedAxis(this.flow, join) < 1) return null;
    const all = this.features(output);
    // New features stand last, or first in some hands.
    for (const growth of new Set([values[values.length - 1] ?? '', values[0] ?? ''])) {
      const way = this.wayTo(growth, all);
      if (way && this.continues(way.input, growth, all)) return { ...way, growth, join };
    }
    return null;
  }

  /** True where the concatenation holds what the layer reads and what it adds; the last one of a block may leave the block's own input out. */
  private continues(input: string, growth: string, all: ReadonlySet<string>): boolean {
    const before = this.features(input);
    const missing = [...before].filter((feature) => !all.has(feature));
    if (before.has(growth) || all.size !== before.size - missing.length + 1) return false;
    if (missing.length === 0) return true;
    const base = this.chains.get(this.flow.producer(input))?.base;
    if (base === undefined) return false;
    const first = this.features(base);
    return missing.length === first.size && missing.every((feature) => first.has(feature));
  }

  /** From new features back to the one value they are made of, without a change of resolution. */
  private wayTo(growth: string, all: ReadonlySet<string>): { readonly input: string; readonly nodes: readonly number[] } | null {
    const { flow } = this;
    if (flow.isOutput(growth) || !flow.readers(growth).every((reader) => isConcat(flow, reader))) return null;
    const last = flow.producer(growth);
    const inside = new Set<number>();
    let input = '';
    const pending = [growth];
    while (pending.length > 0) {
      const name = pending.pop() ?? '';
      const index = flow.producer(name);
      if (name !== growth && (all.has(name) || index < 0 || isConcat(flow, index))) {
        if (input !== '' && input !== name) return null;
        input = name;
        continue;
      }
      if (index < 0 || inside.has(index)) continue;
      if (inside.size > MAX_STEPS || isConcat(flow, index) || this.attention.has(index)) return null;
      inside.add(index);
      append(pending, joinedValues(flow, index));
    }
    const nodes = [...inside].sort((a, b) => a - b);
    return input !== '' && this.isWhole(nodes, last) && this.convolves(nodes) ? { input, nodes } : null;
  }

  private isWhole(nodes: readonly number[], last: number): boolean {
    const { flow } = this;
    return nodes.every((index) => {
      if (index === last) return true;
      if (flow.nodes[index]?.outputs.some((name) => flow.isOutput(name))) return false;
      return (flow.after[index] ?? []).every((reader) => nodes.includes(reader));
    });
  }

  /** One convolution over neighbours, of stride 1, a pointwise one perhaps, and nothing that pools or resizes the map. */
  private convolves(nodes: readonly number[]): boolean {
    const layers = layersIn(this.flow, nodes);
    if (layers.filter(({ kind }) => kind === 'spatial').length !== 1) return false;
    if (layers.some(({ layer }) => layer.transposed || layer.strides.some((stride) => stride > 1))) return false;
    return nodes.every((index) => !does(this.flow, index, RESIZES));
  }
}

const RESIZES = words('resample', 'depthToSpace', 'spaceToDepth', 'poolWindows', 'unpool');

/** Nodes of a layer: with the concatenation behind it where that adds to the layer's own input, else with the one before it, if made for it alone. */
function layerDraft(flow: Flow, { input, join, nodes }: DenseLayer, taken: ReadonlySet<number>): Draft | null {
  const layers = layersIn(flow, nodes);
  const last = layers.findLast(({ kind }) => kind === 'spatial')?.layer;
  if (!last) return null;
  if (joinedValues(flow, join).includes(input)) {
    const channels = flow.shape(flow.nodes[join]?.outputs[0] ?? '')?.[joinedAxis(flow, join)] ?? 0;
    return draft('dense', 'Dense layer', [...nodes, join], { channels, kernel: kernelOf(last) });
  }
  const before = flow.producer(input);
  const alone = isConcat(flow, before) && !taken.has(before) && (flow.after[before] ?? []).every((reader) => nodes.includes(reader));
  return draft('dense', 'Dense layer', [...(alone ? [before] : []), ...nodes], { channels: last.outputs, kernel: kernelOf(last) });
}

/** Dense layers, and the blocks that they stand in: the layers with the last concatenation. */
export function denseBlocks(flow: Flow, concats: readonly number[], attention: ReadonlySet<number>): DenseBlocks {
  const joins = new Set<number>();
  const drafts: Draft[] = [];
  for (const { layers } of new DenseFinder(flow, attention).find(concats)) {
    const last = layers[layers.length - 1];
    const alone = layers.length === 1;
    // A single convolution beside the map it reads is no network yet.
    if (!last || (alone && layersIn(flow, last.nodes).length < 2)) continue;
    const taken = new Set<number>();
    const parts = layers.flatMap((layer) => {
      const part = layerDraft(flow, layer, taken);
      for (const index of part?.nodes ?? []) taken.add(index);
      return part ?? [];
    });
    append(drafts, parts);
    for (const { join } of layers) joins.add(join);
    if (alone) continue;
    const channels = flow.shape(flow.nodes[last.join]?.outputs[0] ?? '')?.[joinedAxis(flow, last.join)] ?? 0;
    const nodes = [...taken, ...layers.map(({ join }) => join)];
    drafts.push(draft('stage', 'Dense block', nodes, { channels, blocks: layers.length, of: 'dense' }));
  }
  return { drafts, joins };
}
