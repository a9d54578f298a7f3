import { maximumOf } from '../../data';
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

/** By how much the layers together shrink the longer-shrunk side. */
export function strideOf(layers: readonly PlacedLayer[]): number {
  return layers.reduce((total, { layer }) => total * maximumOf(layer.strides, 1), 1);
}
