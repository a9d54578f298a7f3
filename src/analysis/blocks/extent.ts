import type { Draft } from './draft';
import type { Flow } from './flow';
import { layerOf } from './layers';

/** Channels and positions of a feature map or token sequence. */
export interface MapExtent {
  readonly channels: number;
  /** Rows and columns, or tokens alone; `[]` for a vector. */
  readonly positions: readonly number[];
}

/** The value a block hands on: the last of its data outputs that something outside reads. */
export function outputOf(flow: Flow, nodes: ReadonlySet<number>): string {
  const sorted = new Int32Array([...nodes]).sort();
  const leaves = (name: string) => flow.isOutput(name) || flow.readers(name).some((reader) => !nodes.has(reader) && flow.visible[reader]);
  for (let at = sorted.length - 1; at >= 0; at--) {
    const index = sorted[at] ?? -1;
    const best = flow.visible[index] ? flow.nodes[index]?.outputs.filter(leaves).pop() : undefined;
    if (best !== undefined) return best;
  }
  return '';
}

/**
 * Reads a shape as [N, C, H, W], [N, H, W, C], [N, tokens, C] or [tokens, N, C],
 * taking the layout from `channels`, the width of a layer nearby.
 */
export function extentOf(shape: readonly number[] | null, channels: number): MapExtent | null {
  if (!shape || shape.length < 2) return null;
  const at =
    channels > 0 && shape[1] === channels
      ? 1
      : channels > 0 && shape[shape.length - 1] === channels
        ? shape.length - 1
        : shape.length === 3
          ? 2
          : 1;
  const width = shape[at] ?? 0;
  const rest = shape.filter((_, axis) => axis !== at);
  const positions =
    rest.length > 1 && rest[0] === 1 ? rest.slice(1) : rest.length === 2 && rest[1] === 1 ? rest.slice(0, 1) : rest.slice(1);
  return { channels: width, positions: positions.length === 2 || positions.length === 1 ? positions : positions.slice(-2) };
}

/** Extent of what a block hands on. */
export function blockExtent(flow: Flow, block: Draft): MapExtent | null {
  let channels = typeof block.attributes['channels'] === 'number' ? block.attributes['channels'] : 0;
  if (channels === 0) {
    for (const index of [...block.nodes].sort((a, b) => b - a)) {
      const layer = layerOf(flow, index);
      if (!layer) continue;
      channels = layer.outputs;
      break;
    }
  }
  return extentOf(flow.shape(outputOf(flow, block.nodes)), channels);
}

/** Number of positions, by which blocks of one resolution are told. */
export function positionCount(extent: MapExtent | null): number {
  return extent ? extent.positions.reduce((total, size) => total * size, 1) : 0;
}
