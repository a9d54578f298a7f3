import { maximumOf } from '../../data';
import { extentOf, type MapExtent, outputOf } from '../blocks/extent';
import type { Flow } from '../blocks/flow';
import { isGlobalPool } from '../blocks/gates';
import { layersIn, type PlacedLayer, strideOf } from '../blocks/layerKinds';
import { layerOf } from '../blocks/layers';
import type { Block } from '../profile';
import type { Group } from './group';

type BlockAttributes = Block['attributes'];

function numberAt(attributes: BlockAttributes, name: string): number {
  const value = attributes[name];
  return typeof value === 'number' ? value : 0;
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}

/** `96 ch, 56x56`, `768 ch, 197 tokens`. */
function extentText(extent: MapExtent | null): string {
  if (!extent) return '';
  const [first, second] = extent.positions;
  const tokens = second === undefined ? first : first === 1 && second > 1 ? second : undefined;
  const positions = first === undefined ? '' : tokens === undefined ? `${first}x${second}` : `${tokens} tokens`;
  return joined([`${extent.channels} ch`, first === 1 && (second ?? 1) === 1 ? '' : positions]);
}

function kernelText(kernel: readonly number[]): string {
  return kernel.length === 1 ? `${kernel[0]}` : kernel.join('x');
}

function lastWidth(flow: Flow, nodes: readonly number[]): number {
  for (let at = nodes.length - 1; at >= 0; at--) {
    const layer = layerOf(flow, nodes[at] ?? -1);
    if (layer) return layer.outputs;
  }
  return 0;
}

function groupExtent(flow: Flow, group: Group): string {
  const width = numberAt(group.block?.attributes ?? {}, 'channels') || lastWidth(flow, group.nodes);
  return extentText(extentOf(flow.shape(outputOf(flow, new Set(group.nodes))), width));
}

/** The first attention inside a block; `null` without one. */
export function firstAttention(block: Block): Block | null {
  if (block.kind === 'attention') return block;
  for (const child of block.children) {
    const found = firstAttention(child);
    if (found) return found;
  }
  return null;
}

function headsText(block: Block): string {
  const heads = numberAt(firstAttention(block)?.attributes ?? {}, 'heads');
  return heads > 0 ? `${heads} head${heads === 1 ? '' : 's'}` : '';
}

function attentionText({ attributes }: Block): string {
  const heads = numberAt(attributes, 'heads');
  const size = numberAt(attributes, 'headSize');
  const windows = numberAt(attributes, 'windows');
  const queries = numberAt(attributes, 'queries');
  const keys = numberAt(attributes, 'keys');
  const tokens = windows > 1 ? `${windows} windows of ${keys}` : queries > 0 ? `${queries}x${keys}` : '';
  return joined([heads > 0 ? `${heads} head${heads === 1 ? '' : 's'}${size > 0 ? ` of ${size}` : ''}` : '', tokens]);
}

function convolutionsText(flow: Flow, layers: readonly PlacedLayer[]): string {
  const convolutions = layers.filter(({ layer }) => layer.kind === 'convolution');
  const [first] = convolutions;
  if (!first) return '';
  const same = convolutions.every(({ layer }) => layer.kernel.join() === first.layer.kernel.join());
  const count = convolutions.length === 1 ? '' : `${convolutions.length} `;
  const stride = strideOf(flow, convolutions);
  return joined([`${count}conv${same ? ` ${kernelText(first.layer.kernel)}` : ''}`, stride > 1 ? `stride ${stride}` : '']);
}

function headText(flow: Flow, nodes: readonly number[]): string {
  const layers = layersIn(flow, nodes);
  const pool = nodes.some((index) => isGlobalPool(flow, index)) ? 'pool' : '';
  const last = layers[layers.length - 1]?.layer;
  const conv = layers.some(({ layer }) => layer.kind === 'convolution' && layer !== last) ? 'conv' : '';
  return joined([conv, pool, last ? `${last.kind === 'linear' ? 'linear' : 'conv'} ${last.inputs} \u2192 ${last.outputs}` : '']);
}

/** Extent of a transformer block; where its tokens stand in windows, the windows instead of rows and columns. */
function tokensText(flow: Flow, group: Group, block: Block): string {
  const { attributes } = firstAttention(block) ?? block;
  const windows = numberAt(attributes, 'windows');
  const window = numberAt(attributes, 'window');
  const shape = flow.shape(outputOf(flow, new Set(group.nodes)));
  const width = lastWidth(flow, group.nodes);
  if (window === 0 || !shape || shape.length !== 4 || shape[2] !== window || shape[3] !== width) return groupExtent(flow, group);
  return joined([`${width} ch`, `${windows} window${windows === 1 ? '' : 's'} of ${window}`]);
}

function blockSubtitle(flow: Flow, group: Group, block: Block): string {
  const { attributes } = block;
  const layers = (): readonly PlacedLayer[] => layersIn(flow, group.nodes);
  switch (block.kind) {
    case 'attention':
      return attentionText(block);
    case 'transformer':
      return joined([tokensText(flow, group, block), headsText(block)]);
    case 'feed-forward': {
      const placed = layers();
      const hidden = numberAt(attributes, 'hidden');
      return `${placed[0]?.layer.inputs ?? 0} \u2192 ${hidden} \u2192 ${placed[placed.length - 1]?.layer.outputs ?? 0}`;
    }
    case 'squeeze-excite':
      return joined([
        `${numberAt(attributes, 'channels')} ch`,
        numberAt(attributes, 'hidden') > 0 ? `hidden ${numberAt(attributes, 'hidden')}` : '',
      ]);
    case 'head':
      return headText(flow, group.nodes);
    case 'stem':
    case 'patch-embedding':
      return joined([convolutionsText(flow, layers()), groupExtent(flow, group)]);
    case 'convolution': {
      const stride = numberAt(attributes, 'stride');
      return joined([groupExtent(flow, group), stride > 1 ? `stride ${stride}` : '']);
    }
    case 'normalization':
    case 'activation':
      return '';
    default:
      return joined([
        groupExtent(flow, group),
        block.kind === 'stage' ? joined([headsText(block), kernelsOfStage(block)]) : kernelOfBlock(attributes),
      ]);
  }
}

/** Kernel of a stage's convolutional blocks, where it is one for all. */
function kernelsOfStage(block: Block): string {
  const kernels = new Set(block.children.map((child) => child.attributes['kernel']).filter((kernel) => typeof kernel === 'number'));
  const [kernel] = kernels;
  return kernels.size === 1 && typeof kernel === 'number' && kernel > 1 ? `${kernel}x${kernel}` : '';
}

function kernelOfBlock(attributes: BlockAttributes): string {
  const kernel = attributes['kernel'];
  const stride = numberAt(attributes, 'stride');
  const text = typeof kernel === 'number' && kernel > 1 ? `${kernel}x${kernel}` : '';
  return joined([text, stride > 1 ? `stride ${stride}` : '']);
}

/** What a group's box says first: the block's name, or what the run of nodes has in common. */
export function groupTitle(group: Group): string {
  return group.block?.label ?? group.title;
}

/** What stands under it: the block's facts, or how much is inside. */
export function groupSubtitle(flow: Flow, group: Group): string {
  if (group.block) return blockSubtitle(flow, group, group.block);
  return groupExtent(flow, group);
}

/** Kernel, widths and stride of a layer; the result's shape for what only rearranges. */
export function nodeSubtitle(flow: Flow, index: number): string {
  const layer = layerOf(flow, index);
  if (layer) {
    const kernel = layer.kernel.length > 0 ? kernelText(layer.kernel) : '';
    const stride = maximumOf(layer.strides, 1);
    const groups = layer.group > 1 ? `${layer.group} groups` : '';
    return joined([kernel, `${layer.inputs} \u2192 ${layer.outputs}`, stride > 1 ? `stride ${stride}` : '', groups]);
  }
  return '';
}
