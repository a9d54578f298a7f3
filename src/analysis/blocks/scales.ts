import { maximumOf, minimumOf } from '../../data';
import { attributesOf } from '../../operators/attributes';
import type { Flow } from './flow';
import { layersIn, type PlacedLayer } from './layerKinds';
import { actOf } from './words';

/**
 * A map counts as coarser below this share of another's positions: stride 2 on
 * one axis leaves about half, a convolution without padding nearly all.
 */
const COARSER = 0.6;

/** True where one map stands at another resolution than a finer one, not just short of its edges. */
export function isCoarser(positions: number, finer: number): boolean {
  return positions <= finer * COARSER;
}

/** Positions of the whole batch, whatever the layout; 0 where unknown. */
function positionsOf(shape: readonly number[] | null, channels: number): number {
  return shape && channels > 0 ? shape.reduce((product, size) => product * size, 1) / channels : 0;
}

/** Axis along which a concatenation joins, counted from 0; -1 where its shape is unknown. */
export function joinedAxis(flow: Flow, join: number): number {
  const node = flow.nodes[join];
  const rank = flow.shape(node?.outputs[0] ?? '')?.length ?? 0;
  const axis = node ? attributesOf(node, flow.scope.attributes).int('axis', 1) : 0;
  return rank === 0 ? -1 : axis < 0 ? axis + rank : axis;
}

/** Channels of a value where ways meet: along the joined axis, or for sums the width of the last layer on the way. */
function channelsAt(flow: Flow, join: number, nodes: readonly number[]): number {
  const shape = flow.shape(flow.nodes[join]?.outputs[0] ?? '') ?? [];
  if (actOf(flow, join) === 'concat') {
    const axis = joinedAxis(flow, join);
    return axis === 1 || axis === shape.length - 1 ? (shape[axis] ?? 0) : 0;
  }
  const outer = [shape[1], shape[shape.length - 1]];
  return layersIn(flow, nodes).findLast(({ layer }) => outer.includes(layer.outputs))?.layer.outputs ?? 0;
}

/** Positions of the maps that spatial convolutions make: of `rank` axes, or of any other number. */
function mapsOf(flow: Flow, layers: readonly PlacedLayer[], rank: number, same: boolean): readonly number[] {
  return layers.flatMap(({ kind, layer }) => {
    const own = kind === 'spatial' || kind === 'depthwise' ? flow.shape(layer.output) : null;
    const positions = own && (own.length === rank) === same ? positionsOf(own, layer.outputs) : 0;
    return positions > 0 ? [positions] : [];
  });
}

/** True where more than one linear layer works on fewer tokens: one projects what was pooled, two are a network. */
function mixesFewerTokens(flow: Flow, layers: readonly PlacedLayer[], rank: number, whole: number): boolean {
  const fewer = layers.filter(({ kind, layer }) => {
    const own = kind === 'linear' ? flow.shape(layer.output) : null;
    return own?.length === rank && isCoarser(positionsOf(own, layer.outputs), whole);
  });
  return fewer.length > 1;
}

/**
 * True where one of the ways that meet at `join` works on a coarser map and
 * comes back: a skip of an encoder-decoder (U-Net, LinkNet, feature pyramids),
 * or a detector's outputs at several resolutions in one list. Either joins
 * distant parts of a network. What is only pooled, projected and brought back
 * (pyramid pooling, the image level of ASPP) works on no map.
 */
export function crossesScales(flow: Flow, join: number, nodes: readonly number[], skip?: ReadonlySet<number>): boolean {
  const rank = flow.shape(flow.nodes[join]?.outputs[0] ?? '')?.length ?? 0;
  const layers = layersIn(flow, nodes, skip);
  if (rank < 3 || layers.length === 0) return false;
  const listed = mapsOf(flow, layers, rank, false);
  if (listed.length > 0 && isCoarser(minimumOf(listed), maximumOf(listed))) return true;
  const whole = positionsOf(flow.shape(flow.nodes[join]?.outputs[0] ?? ''), channelsAt(flow, join, nodes));
  return mapsOf(flow, layers, rank, true).some((positions) => isCoarser(positions, whole)) || mixesFewerTokens(flow, layers, rank, whole);
}
