import { maximumOf, minimumOf } from '../../data';
import type { Flow } from './flow';
import { type Layer, layerOf } from './layers';

/** What a layer mixes: channels, positions, both, or features. */
export type LayerKind = 'pointwise' | 'depthwise' | 'spatial' | 'linear';

/** A convolution or linear layer, and the number of its node. */
export interface PlacedLayer {
  readonly index: number;
  readonly layer: Layer;
  readonly kind: LayerKind;
}

/** Depthwise has a group for each input channel; pointwise sees one position. */
export function layerKind(layer: Layer): LayerKind {
  if (layer.kind === 'linear') return 'linear';
  if (layer.group > 1 && layer.group === layer.inputs) return 'depthwise';
  return layer.kernel.some((size) => size > 1) ? 'spatial' : 'pointwise';
}

/** Weighted layers among nodes, in topological order. */
export function layersIn(flow: Flow, nodes: Iterable<number>, skip?: ReadonlySet<number>): readonly PlacedLayer[] {
  const found: PlacedLayer[] = [];
  for (const index of nodes) {
    if (skip?.has(index)) continue;
    const layer = layerOf(flow, index);
    if (layer) found.push({ index, layer, kind: layerKind(layer) });
  }
  return found.sort((a, b) => a.index - b.index);
}

/** True for layers that look at one position at a time. */
export function isPointwise(placed: PlacedLayer): boolean {
  return placed.kind === 'pointwise' || placed.kind === 'linear';
}

/** `3`, or `[7, 1]` where axes differ. */
export function kernelOf(layer: Layer): number | readonly number[] {
  const [first = 1] = layer.kernel;
  return layer.kernel.every((size) => size === first) ? first : layer.kernel;
}

/** Sides of a map that a convolution reads or makes; `[]` where they are not known. */
function sidesOf(flow: Flow, value: string, channelsLast: boolean): readonly number[] {
  const shape = flow.shape(value) ?? [];
  return channelsLast ? shape.slice(1, -1) : shape.slice(2);
}

/**
 * By how much the layers together shrink the longer-shrunk side: from the largest map that one of them reads to the
 * smallest that one makes, so that layers side by side count once.
 */
export function strideOf(flow: Flow, layers: readonly PlacedLayer[]): number {
  const strided = layers.filter(({ layer }) => maximumOf(layer.strides, 1) > 1);
  if (strided.length === 0) return 1;
  const convolutions = layers.filter(({ layer }) => layer.kind === 'convolution');
  const before = convolutions.flatMap(({ layer }) => sidesOf(flow, layer.input, layer.channelsLast));
  const behind = convolutions.flatMap(({ layer }) => sidesOf(flow, layer.output, layer.channelsLast));
  if (before.length === 0 || before.length !== behind.length || strided.some(({ layer }) => layer.transposed))
    return strided.reduce((total, { layer }) => total * maximumOf(layer.strides, 1), 1);
  const rank = convolutions[0]?.layer.kernel.length ?? 1;
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const along = (sides: readonly number[], axis: number) => sides.filter((_, at) => at % rank === axis);
  const ratios = axes.map((axis) => maximumOf(along(before, axis), 1) / Math.max(1, minimumOf(along(behind, axis))));
  return Math.max(1, Math.round(maximumOf(ratios, 1)));
}
