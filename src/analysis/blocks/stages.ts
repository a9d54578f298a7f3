import { words } from '../../operators/meaning';
import { type Draft, type DraftTree, draft } from './draft';
import { blockExtent, positionCount } from './extent';
import type { Flow } from './flow';
import { isGlobalPool } from './gates';
import { type Item, orderedItems } from './items';
import { kindsThat, traitsOf } from './kinds';
import { layersIn } from './layerKinds';
import { isCoarser } from './scales';
import { does, MOVEMENT } from './words';

const MINOR = kindsThat(({ minor }) => minor === true);
const POOLING = words('pool');
/** What puts neighbouring positions side by side in the channels. */
const MERGES = words('concat', 'spaceToDepth');

/** A tail with more operators than this is a decoder or a detector's head and stays unfolded here. */
const MAX_HEAD = 60;
/** More runs than this of several plain convolutions are no stages but a network with branches; UNet++ has 15. */
const MAX_PLAIN_STAGES = 24;
/** Weighted layers of the longest stem; the Inception networks begin with nine. */
const MAX_STEM = 12;
/** A stem is never most of a network. */
const MAX_STEM_SHARE = 0.4;
/** Items looked at for the kinds to come again. */
const LOOK_AHEAD = 80;

function isMain(item: Item, minor: ReadonlySet<string>): boolean {
  return item.block !== null && !minor.has(item.block.kind);
}

/** Width and resolution of what a block hands on. */
interface MapKey {
  readonly channels: number;
  readonly positions: number;
}

interface Run {
  kind: string;
  readonly start: number;
  end: number;
  key: MapKey;
}

function keyOf(flow: Flow, block: Draft): MapKey {
  const extent = blockExtent(flow, block);
  return { channels: extent?.channels ?? 0, positions: positionCount(extent) };
}

/** A plain convolution without padding takes some positions from the edges and stays in its stage. */
function isOneStage(left: MapKey, right: MapKey, plain: boolean): boolean {
  if (left.channels !== right.channels) return false;
  if (left.positions === right.positions) return true;
  return plain && right.positions < left.positions && !isCoarser(right.positions, left.positions);
}

/** Neighbouring main blocks of one width and resolution; kinds may alternate (MaxViT) but a lasting change starts a new run. */
function runsOf(flow: Flow, items: readonly Item[], minor: ReadonlySet<string>, plain: boolean): readonly Run[] {
  const runs: Run[] = [];
  let gap = 0;
  items.forEach((item, at) => {
    if (!item.block || !isMain(item, minor)) {
      if (layersIn(flow, item.nodes).length > 0) gap++;
      return;
    }
    const key = keyOf(flow, item.block);
    const last = runs[runs.length - 1];
    const joins =
      last &&
      (!plain || follows(flow, items, at)) &&
      isOneStage(last.key, key, plain) &&
      gap === 0 &&
      (last.kind === item.block.kind || alternates(items, last, item.block.kind, minor));
    if (joins) {
      last.end = at + 1;
      last.key = key;
    } else runs.push({ kind: item.block.kind, start: at, end: at + 1, key });
    gap = 0;
  });
  return runs;
}

/** True where an item reads the one before it and nothing else does: links of a plain chain. */
function follows(flow: Flow, items: readonly Item[], at: number): boolean {
  const own = new Set(items[at]?.nodes);
  const previous = new Set(items[at - 1]?.nodes);
  const reads = (items[at]?.nodes ?? []).every((index) =>
    (flow.before[index] ?? []).every((source) => own.has(source) || previous.has(source)),
  );
  return reads && [...previous].every((index) => (flow.after[index] ?? []).every((reader) => own.has(reader) || previous.has(reader)));
}

/** True where both kinds are seen in turn: the kind came up before in the run, or the run's own kind comes again soon. */
function alternates(items: readonly Item[], run: Run, kind: string, minor: ReadonlySet<string>): boolean {
  const seen = items.slice(run.start, run.end).filter((item) => isMain(item, minor));
  if (seen.some((item) => item.block?.kind === kind)) return true;
  const ahead = items.slice(run.end, run.end + LOOK_AHEAD).filter((item) => isMain(item, minor));
  return seen.length <= 2 && ahead.slice(0, 4).some((item) => item.block?.kind === run.kind);
}

function kindsIn(items: readonly Item[], run: Run, minor: ReadonlySet<string>): readonly string[] {
  return items.slice(run.start, run.end).flatMap((item) => (item.block && isMain(item, minor) ? [item.block.kind] : []));
}

/** Length of the shortest pattern that the kinds repeat; their number where they repeat none. */
function period(kinds: readonly string[]): number {
  for (let size = 1; size <= kinds.length / 2; size++) {
    if (kinds.length % size === 0 && kinds.every((kind, at) => kind === kinds[at % size])) return size;
  }
  return kinds.length;
}

function gather(items: readonly Item[], start: number, end: number): readonly number[] {
  return items.slice(start, end).flatMap((item) => (item.block ? [...item.block.nodes] : item.nodes));
}

/** What only rearranges a run's result (windows put together again) belongs to the run. */
function extendOverMovement(flow: Flow, items: readonly Item[], run: Run, minor: ReadonlySet<string>): void {
  let end = run.end;
  while (end < items.length) {
    const item = items[end];
    if (!item || isMain(item, minor)) break;
    if (!item.nodes.every((index) => does(flow, index, MOVEMENT))) return;
    end++;
  }
  if (end < items.length) run.end = end;
}

/** True where an attention inside looks at a grid of its map. */
function attendsGrid(block: Draft): boolean {
  return block.attributes['partition'] === 'grid' || [...block.children].some(attendsGrid);
}

/** Groups each round of alternating kinds (MBConv, window attention, grid attention) into one block. */
function groupRounds(tree: DraftTree, items: readonly Item[], run: Run, minor: ReadonlySet<string>, size: number): number {
  const mains = items
    .map((item, at) => ({ item, at }))
    .slice(run.start, run.end)
    .filter(({ item }) => isMain(item, minor));
  let rounds = 0;
  for (let first = 0; first + size <= mains.length; first += size) {
    const start = first === 0 ? run.start : (mains[first]?.at ?? 0);
    const end = first + size < mains.length ? (mains[first + size]?.at ?? 0) : run.end;
    const kinds = mains.slice(first, first + size).map(({ item }) => item.block?.kind ?? '');
    const round = mains.slice(first, first + size).flatMap(({ item }) => item.block ?? []);
    const maxvit = kinds.join() === 'mbconv,transformer,transformer' && round.some(attendsGrid);
    if (tree.insert(draft('hybrid', maxvit ? 'MaxViT block' : 'Hybrid block', gather(items, start, end)))) rounds++;
  }
  return rounds;
}

/** Kernel equal to stride and no overlap: an image cut into patches. */
function isPatchEmbedding(flow: Flow, nodes: readonly number[]): boolean {
  const layers = layersIn(flow, nodes);
  const [only] = layers;
  if (!only || layers.length !== 1 || only.layer.kind !== 'convolution') return false;
  return only.layer.kernel.every((size, axis) => size === only.layer.strides[axis] && size >= 4);
}

/** A layer between stages that makes fewer positions of more channels. */
function mergeDraft(flow: Flow, nodes: readonly number[], before: number): Draft | null {
  const layers = layersIn(flow, nodes);
  const [only] = layers;
  if (!only || layers.length !== 1 || only.layer.transposed) return null;
  const strided = only.layer.strides.some((stride) => stride > 1) || nodes.some((index) => does(flow, index, POOLING));
  // Neighbours stand side by side in the channels, however they were moved there.
  const gathers = before > 0 && only.layer.inputs > before && only.layer.inputs % before === 0;
  const merges = gathers || nodes.some((index) => does(flow, index, MERGES));
  if (!strided && !(only.kind === 'linear' && merges)) return null;
  const attributes = { channels: only.layer.outputs, inputChannels: only.layer.inputs };
  return draft('patch-merging', strided ? 'Downsampling' : 'Patch merging', nodes, attributes);
}

/** How many multiply-adds a node takes; 0 where that is not known. */
export type Work = (index: number) => number;

/** Adds stem, stages, patch merging between them, and head to the outermost level. */
export function addStages(flow: Flow, tree: DraftTree, work: Work): void {
  const items = orderedItems(flow, tree);
  const plain = !items.some((item) => isMain(item, MINOR));
  const minor = plain ? new Set([...MINOR].filter((kind) => kind !== 'convolution')) : MINOR;
  const runs = runsOf(flow, items, minor, plain);
  for (const run of runs) extendOverMovement(flow, items, run, minor);
  const first = runs[0];
  const last = runs[runs.length - 1];
  if (!first || !last) return;
  if (!plain) addStem(flow, tree, gather(items, 0, stemEnd(flow, items, first.start, work)));
  addHead(flow, tree, gather(items, last.end, items.length));
  addMergers(flow, tree, items, runs);
  if (plain && runs.filter((run) => kindsIn(items, run, minor).length > 1).length > MAX_PLAIN_STAGES) return;
  addRuns(tree, items, runs, minor);
}

/** A stem is a few layers: where many stand before the first known block, it ends behind the last that strides among the first. */
function stemEnd(flow: Flow, items: readonly Item[], first: number, work: Work): number {
  const layers = items.slice(0, first).map((item) => layersIn(flow, item.block ? item.block.nodes : item.nodes));
  const count = layers.reduce((total, one) => total + one.length, 0);
  const worked = (part: readonly Item[]) => part.reduce((sum, item) => sum + item.nodes.reduce((own, index) => own + work(index), 0), 0);
  const heavy = count > 2 && worked(items.slice(0, first)) > MAX_STEM_SHARE * worked(items);
  if (count <= MAX_STEM && !heavy) return first;
  let seen = 0;
  let end = 0;
  for (let at = 0; at < first; at++) {
    seen += layers[at]?.length ?? 0;
    if (seen > (heavy ? 2 : MAX_STEM / 2)) break;
    const strides = layers[at]?.some(({ layer }) => layer.strides.some((stride) => stride > 1));
    if (strides || end === 0) end = at + 1;
  }
  while (end < first && (layers[end]?.length ?? 0) === 0 && !items[end]?.nodes.every((index) => does(flow, index, MOVEMENT))) end++;
  return end;
}

function addStem(flow: Flow, tree: DraftTree, nodes: readonly number[]): void {
  const visible = nodes.filter((index) => flow.visible[index]);
  if (visible.length < 1 || layersIn(flow, nodes).length === 0) return;
  const patches = isPatchEmbedding(flow, nodes);
  const layers = layersIn(flow, nodes);
  const channels = layers[layers.length - 1]?.layer.outputs ?? 0;
  const attributes = patches ? { channels, patch: layers[0]?.layer.kernel[0] ?? 0 } : { channels };
  tree.insert(draft(patches ? 'patch-embedding' : 'stem', patches ? 'Patch embedding' : 'Stem', nodes, attributes));
}

function addHead(flow: Flow, tree: DraftTree, nodes: readonly number[]): void {
  const visible = nodes.filter((index) => flow.visible[index]);
  if (visible.length < 1 || visible.length > MAX_HEAD) return;
  const layers = layersIn(flow, nodes);
  const pools = nodes.some((index) => isGlobalPool(flow, index));
  if (!pools && !layers.some((placed) => placed.kind === 'linear')) return;
  const outputs = layers[layers.length - 1]?.layer.outputs ?? 0;
  tree.insert(draft('head', 'Head', nodes, outputs > 0 ? { outputs } : {}));
}

/** A pointwise layer that turns a feature map into tokens for transformer blocks. */
function tokenDraft(flow: Flow, nodes: readonly number[]): Draft | null {
  const layers = layersIn(flow, nodes);
  const [only] = layers;
  if (!only || layers.length !== 1 || nodes.length < 2 || only.layer.kernel.some((size) => size > 1)) return null;
  return draft('patch-embedding', 'Token embedding', nodes, { channels: only.layer.outputs, inputChannels: only.layer.inputs });
}

function addMergers(flow: Flow, tree: DraftTree, items: readonly Item[], runs: readonly Run[]): void {
  for (let at = 1; at < runs.length; at++) {
    const nodes = gather(items, runs[at - 1]?.end ?? 0, runs[at]?.start ?? 0);
    const tokens = runs[at]?.kind === 'transformer' && runs[at - 1]?.kind !== 'transformer';
    const block =
      nodes.length > 0 ? (mergeDraft(flow, nodes, runs[at - 1]?.key.channels ?? 0) ?? (tokens ? tokenDraft(flow, nodes) : null)) : null;
    if (block) tree.insert(block);
  }
}

/** `Fire` where every block is a Fire module. */
function moduleOf(items: readonly Item[]): string | null {
  const labels = new Set(items.flatMap(({ block }) => (block ? [block.label] : [])));
  const [label] = labels;
  return labels.size === 1 && label?.endsWith(' module') ? label.slice(0, -' module'.length) : null;
}

function addRuns(tree: DraftTree, items: readonly Item[], runs: readonly Run[], minor: ReadonlySet<string>): void {
  runs.forEach((run, at) => {
    const kinds = kindsIn(items, run, minor);
    const size = period(kinds);
    const mixed = new Set(kinds).size > 1;
    const rounds = mixed && kinds.length <= 64 && size <= 6 ? groupRounds(tree, items, run, minor, size) : 0;
    const blocks = rounds > 0 ? rounds : kinds.length;
    if (blocks < 2) return;
    const name = moduleOf(items.slice(run.start, run.end)) ?? traitsOf(mixed ? 'hybrid' : (kinds[0] ?? '')).stage ?? 'Block';
    tree.insert(
      draft('stage', `${name} stage ${at + 1}`, gather(items, run.start, run.end), { blocks, of: mixed ? 'hybrid' : (kinds[0] ?? '') }),
    );
  });
}
