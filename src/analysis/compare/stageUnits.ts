import type { Block, NodeProfile, Profile } from '../profile';
import { sizeAxes } from './inputSize';

/** An outermost block, or a node outside all of them. */
export interface Unit {
  /** `null` for a single node. */
  readonly block: Block | null;
  readonly nodes: readonly NodeProfile[];
}

/**
 * The model in the order of its layers, named scopes taken apart: one may hold
 * an encoder and a decoder, and says nothing of what its parts are. With
 * `opened`, stages are cut into the blocks they hold as well.
 */
export function unitsOf(profile: Profile, opened = false): readonly Unit[] {
  const open = (all: readonly Block[]): readonly Block[] =>
    all.flatMap((block) => (block.kind === 'scope' || (opened && block.kind === 'stage') ? open(block.children) : [block]));
  const blocks = open(profile.blocks);
  const outermost = new Map(blocks.flatMap((block) => block.nodes.map((id) => [id, block] as const)));
  const units: { readonly block: Block | null; readonly nodes: NodeProfile[]; place: number; placed: boolean }[] = [];
  const byBlock = new Map<Block, (typeof units)[number]>();
  profile.nodes.forEach((node, at) => {
    const block = outermost.get(node.id) ?? null;
    let unit = block ? byBlock.get(block) : undefined;
    if (!unit) {
      unit = { block, nodes: [], place: at, placed: false };
      units.push(unit);
      if (block) byBlock.set(block, unit);
    }
    unit.nodes.push(node);
    // Exporters put constants that a block reads before everything else: its first layer says where it stands.
    if (!unit.placed) unit.place = at;
    if (isLayer(node)) unit.placed = true;
  });
  return units.sort((a, b) => a.place - b.place).map(({ block, nodes }) => ({ block, nodes }));
}

function isLayer({ macs }: NodeProfile): boolean {
  return macs !== null && macs !== 0;
}

/** How many positions a unit's output has, one image of the batch; `null` where no feature map is seen. */
export type PositionsOf = (unit: Unit) => number | null;

/** The positions of a model's feature maps against the pixels of its image. */
export interface ImagePositions {
  readonly pixels: number;
  readonly of: PositionsOf;
}

interface Image {
  readonly positions: number;
  readonly batch: number;
  readonly axes: readonly number[];
}

/** Pixels of the model's images, and how to read the positions of what they become; `null` for a model without images. */
export function imagePositions(profile: Profile): ImagePositions | null {
  const found = sizeAxes(profile.model.inputs);
  const [first] = found?.kind === 'image' ? [...found.axes] : [];
  const shape = profile.model.inputs.find(({ name }) => name === first?.[0])?.shape;
  if (!first || !shape) return null;
  const [, axes] = first;
  const image = { positions: extent(shape, axes), batch: shape.length === 4 ? Number(shape[0]) : 1, axes };
  if (!(image.positions > 1 && image.batch > 0)) return null;
  return {
    pixels: image.positions,
    of: ({ block, nodes }) => blockPositions(block, nodes, image) ?? layerPositions(nodes, image),
  };
}

function extent(shape: readonly unknown[], axes: readonly number[]): number {
  return axes.reduce((product, axis) => product * Number(shape[axis]), 1);
}

/** Elements by channels: right for maps, token sequences and windows of either. */
function blockPositions(block: Block | null, nodes: readonly NodeProfile[], image: Image): number | null {
  const channels = block ? channelsOf(block) : 0;
  if (channels === 0) return null;
  for (const node of [...nodes].reverse()) {
    const shape = node.outputs[0]?.shape ?? null;
    if (!shape || shape.length < 3 || !(shape[1] === channels || shape.at(-1) === channels)) continue;
    const positions = shape.reduce<number>((product, dim) => product * Number(dim), 1) / channels / image.batch;
    if (Number.isFinite(positions) && positions > 0) return positions;
  }
  return null;
}

/** Of the block itself, or of the last part of it that says. */
function channelsOf(block: Block): number {
  const own = block.attributes['channels'];
  if (typeof own === 'number') return own;
  for (const child of [...block.children].reverse()) {
    const channels = channelsOf(child);
    if (channels > 0) return channels;
  }
  return 0;
}

/** Of the last convolution or pooling. */
function layerPositions(nodes: readonly NodeProfile[], { axes }: Image): number | null {
  for (const { category, outputs } of [...nodes].reverse()) {
    const shape = outputs[0]?.shape;
    if (!(category.startsWith('convolution.') || category === 'pooling') || shape?.length !== 4) continue;
    const positions = extent(shape, axes.length === 2 && shape.length === 4 ? axes : [2, 3]);
    if (Number.isFinite(positions) && positions > 0) return positions;
  }
  return null;
}
