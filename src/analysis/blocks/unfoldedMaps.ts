import { words } from '../../operators/meaning';
import { type Draft, type DraftTree, draft } from './draft';
import type { Flow } from './flow';
import { type Item, orderedItems } from './items';
import { layersIn, type PlacedLayer } from './layerKinds';
import { actOf, does } from './words';

/** Steps that unfold a map into tokens, norm them and fold them back. */
const BETWEEN = words('move', 'normalize', 'multiply', 'add', 'resample');
const MAX_BETWEEN = 24;

/** Places of an item's neighbours past what only moves and norms. */
function past(flow: Flow, items: readonly Item[], from: number, step: 1 | -1): number {
  let at = from;
  for (let count = 0; count < MAX_BETWEEN; count++) {
    const item = items[at];
    if (!item || layersIn(flow, item.nodes).length > 0) return at;
    const moves = item.block === null || item.block.kind === 'normalization';
    if (!moves || (item.block === null && !item.nodes.every((index) => does(flow, index, BETWEEN)))) return -1;
    at += step;
  }
  return -1;
}

/** Layers of an item that is one or two convolutions; `null` for anything else. */
function convolutions(flow: Flow, item: Item | undefined): readonly PlacedLayer[] | null {
  if (!item) return null;
  const layers = layersIn(flow, item.nodes);
  if (layers.length === 0 || layers.length > 2 || layers.some(({ layer }) => layer.kind !== 'convolution' || layer.transposed)) return null;
  return layers.some(({ layer }) => layer.strides.some((stride) => stride > 1)) ? null : layers;
}

function positions(flow: Flow, { layer }: PlacedLayer): string {
  return (flow.shape(layer.output) ?? []).slice(2).join('x');
}

/** A local convolution and a pointwise one in front of tokens of as many features. */
function entry(flow: Flow, items: readonly Item[], at: number): { readonly start: number; readonly layer: PlacedLayer } | null {
  const own = convolutions(flow, items[at]);
  const last = own?.[own.length - 1];
  if (!own || last?.kind !== 'pointwise') return null;
  if (own.length === 2) return own[0]?.kind === 'pointwise' ? null : { start: at, layer: last };
  const before = convolutions(flow, items[at - 1]);
  const local = before?.length === 1 && before[0]?.kind !== 'pointwise' && before[0]?.layer.outputs === last.layer.inputs;
  return local ? { start: at - 1, layer: last } : null;
}

/** Items behind the pointwise convolution that belong to it: in the first version the map itself is joined and convolved once more. */
function exit(flow: Flow, items: readonly Item[], at: number): number {
  const join = items[at + 1];
  const behind = convolutions(flow, items[at + 2]);
  const joins = join?.block === null && join.nodes.every((index) => actOf(flow, index) === 'concat');
  return joins && behind?.length === 1 && behind[0]?.kind === 'spatial' ? at + 3 : at + 1;
}

function unitAt(flow: Flow, items: readonly Item[], first: number, end: number): { readonly draft: Draft; readonly end: number } | null {
  const left = past(flow, items, first - 1, -1);
  const right = past(flow, items, end, 1);
  const before = left < 0 ? null : entry(flow, items, left);
  const own = right < 0 ? null : convolutions(flow, items[right]);
  const [back] = own ?? [];
  if (!before || !back || own?.length !== 1 || back.kind !== 'pointwise') return null;
  if (before.layer.layer.outputs !== back.layer.inputs || positions(flow, before.layer) !== positions(flow, back)) return null;
  const stop = exit(flow, items, right);
  const nodes = items.slice(before.start, stop).flatMap((item) => (item.block ? [...item.block.nodes] : item.nodes));
  const joined = stop > right + 1;
  const attributes = { channels: back.layer.outputs, width: back.layer.inputs };
  return { draft: draft('mobilevit', joined ? 'MobileViT block' : 'MobileViTv2 block', nodes, attributes), end: stop };
}

/**
 * Units that unfold a map into tokens between two pointwise convolutions, and fold it back at the same resolution:
 * MobileViT's (arXiv 2110.02178) and MobileViTv2's (2206.02680).
 */
export function addUnfoldedMaps(flow: Flow, tree: DraftTree): void {
  if (![...tree.roots].some(({ kind }) => kind === 'transformer')) return;
  const items = orderedItems(flow, tree);
  for (let at = 0; at < items.length; at++) {
    if (items[at]?.block?.kind !== 'transformer') continue;
    let end = at + 1;
    while (items[end]?.block?.kind === 'transformer') end++;
    const unit = unitAt(flow, items, at, end);
    if (unit && tree.insert(unit.draft)) end = unit.end;
    at = end - 1;
  }
}
