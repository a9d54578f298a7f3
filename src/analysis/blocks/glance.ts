import { words } from '../../operators/meaning';
import { type DraftTree, draft } from './draft';
import { blockExtent, extentOf, positionCount } from './extent';
import type { Flow } from './flow';
import { type Item, orderedItems } from './items';
import { traitsOf } from './kinds';
import { layersIn } from './layerKinds';
import { findPeriods, type Period } from './periods';
import type { Work } from './stages';
import { joinNames } from './titles';
import { does } from './words';

/** Rows in which a person reads a network. */
export const GLANCE = 16;
/** The share of its work that they have to hold. */
const SHARE = 0.99;
/** A sequence of more items is cut evenly, not searched for what repeats. */
const MAX_SEARCHED = 4000;
/** Pieces that a sequence is cut into where nothing else tells them apart. */
const PIECES = 12;

/** An item that works, with what stands beside it and does not. */
interface Part {
  /** First item and the one behind the last. */
  readonly start: number;
  readonly end: number;
  /** Place of the item itself. */
  readonly at: number;
  readonly work: number;
  readonly item: Item;
}

function workOf(item: Item, work: Work): number {
  let total = 0;
  (item.block ? item.block.nodes : item.nodes).forEach((index: number) => {
    total += work(index);
  });
  return total;
}

/** True where more rows than a person reads at a glance are needed to hold nearly all of the work. */
function isLong(works: readonly number[]): boolean {
  const total = works.reduce((sum, one) => sum + one, 0);
  let held = 0;
  let rows = 0;
  for (const one of [...works].sort((a, b) => b - a)) {
    if (held >= SHARE * total) break;
    held += one;
    rows++;
  }
  return rows > GLANCE;
}

/** Ends what stands before it: residual sums and activations. */
const ENDS = words('add', 'activate');

/** True for a loose sum or activation. */
function endsPart(flow: Flow, item: Item | undefined): boolean {
  if (!item) return false;
  return item.block ? item.block.kind === 'activation' : item.nodes.every((index) => does(flow, index, ENDS));
}

/** Items that work; those that only move are part of the next one, up to a sum or an activation of the one before. */
function partsOf(flow: Flow, items: readonly Item[], work: Work): readonly Part[] {
  const parts: { start: number; end: number; at: number; work: number; item: Item }[] = [];
  let start = 0;
  items.forEach((item, at) => {
    const own = workOf(item, work);
    if (own === 0 && layersIn(flow, item.nodes).length === 0) return;
    let from = at;
    while (from > start && !endsPart(flow, items[from - 1])) from--;
    const before = parts[parts.length - 1];
    if (before) before.end = from;
    parts.push({ start: before ? from : 0, end: at + 1, at, work: own, item });
    start = at + 1;
  });
  const last = parts[parts.length - 1];
  if (last) last.end = items.length;
  return parts;
}

function isEnd(item: Item | undefined): boolean {
  const kind = item?.block?.kind ?? '';
  return kind === 'head' || traitsOf(kind).begins === true;
}

/** What an item is but for its widths: small differences within a stage do not count. */
function tokenOf(flow: Flow, { block, nodes }: Item): string {
  if (block)
    return `${block.kind}|${block.attributes['of'] ?? ''}|${
      traitsOf(block.kind).container
        ? layersIn(flow, block.nodes)
            .map(({ kind }) => kind)
            .join()
        : block.label
    }`;
  const [layer] = layersIn(flow, nodes);
  return layer ? `${layer.kind}|${layer.layer.kernel.join()}` : (flow.nodes[nodes[0] ?? -1]?.op ?? '');
}

/** Width and resolution of what an item hands on. */
function keyOf(flow: Flow, { block, nodes }: Item): string {
  if (block) {
    const extent = blockExtent(flow, block);
    return extent ? `${extent.channels}|${positionCount(extent)}` : '';
  }
  const [placed] = layersIn(flow, nodes);
  const extent = extentOf(flow.shape(flow.nodes[nodes[nodes.length - 1] ?? -1]?.outputs[0] ?? ''), placed?.layer.outputs ?? 0);
  return extent ? `${extent.channels}|${positionCount(extent)}` : '';
}

function nameOf(flow: Flow, { block, nodes }: Item): string {
  if (block) return block.label;
  const [layer] = layersIn(flow, nodes);
  if (layer)
    return layer.layer.kind === 'linear'
      ? 'Linear'
      : `${layer.kind === 'depthwise' ? 'Depthwise conv' : 'Conv'} ${layer.layer.kernel.join('x')}`;
  return flow.nodes[nodes[0] ?? -1]?.op ?? '';
}

function namesOf(flow: Flow, parts: readonly Part[]): string {
  const weights = new Map<string, number>();
  for (const part of parts) weights.set(nameOf(flow, part.item), (weights.get(nameOf(flow, part.item)) ?? 0) + part.work);
  return joinNames(weights);
}

function nodesOf(items: readonly Item[], parts: readonly Part[]): number[] {
  const [first] = parts;
  const last = parts[parts.length - 1];
  if (!first || !last) return [];
  return items.slice(first.start, last.end).flatMap((item) => (item.block ? [...item.block.nodes] : item.nodes));
}

class Folder {
  constructor(
    private readonly flow: Flow,
    private readonly tree: DraftTree,
    private readonly work: Work,
  ) {}

  private items(): readonly Item[] {
    return orderedItems(this.flow, this.tree);
  }

  /** What is made of constants alone is one row more. */
  private hiddenWork(): number {
    let total = 0;
    this.flow.visible.forEach((visible, index) => {
      if (!visible) total += this.work(index);
    });
    return total;
  }

  /** True where there is much to read beside what holds the work. */
  isCluttered(): boolean {
    return this.items().length > GLANCE;
  }

  isLong(): boolean {
    return isLong([...this.items().map((item) => workOf(item, this.work)), this.hiddenWork()]);
  }

  /** Sequences that come again and again, whatever they are, each as one stage. */
  repeats(): void {
    const items = this.items();
    const parts = partsOf(this.flow, items, this.work);
    if (parts.length > MAX_SEARCHED) return;
    const tokens = parts.map(({ item }) => tokenOf(this.flow, item));
    const keys = parts.map(({ item }) => keyOf(this.flow, item));
    for (const period of findPeriods(tokens, keys)) if (this.isChain(items, parts, period)) this.addStage(items, parts, period);
  }

  /** True where each round reads what the one before it made: equal things beside each other are no stage. */
  private isChain(items: readonly Item[], parts: readonly Part[], { start, length, rounds }: Period): boolean {
    for (let round = 1; round < rounds; round++) {
      const from = start + round * length;
      const before = new Set(nodesOf(items, parts.slice(from - length, from)));
      const first = parts[from];
      // A sum behind the first of them may well read both.
      const own = items.slice(first?.start ?? 0, (first?.at ?? 0) + 1).flatMap(({ nodes }) => nodes);
      if (!own.some((index) => this.flow.before[index]?.some((source) => before.has(source)))) return false;
    }
    return true;
  }

  private addStage(items: readonly Item[], parts: readonly Part[], { start, length, rounds }: Period): void {
    const first = parts.slice(start, start + length);
    const names = namesOf(this.flow, first);
    if (length > 1) {
      for (let round = 0; round < rounds; round++) {
        const from = start + round * length;
        this.tree.insert(draft('hybrid', names, nodesOf(items, parts.slice(from, from + length))));
      }
    }
    const all = parts.slice(start, start + rounds * length);
    // What only leads to a run of single items (a skip joined in a decoder) is none of it.
    const [head, ...rest] = all;
    const nodes = nodesOf(items, length === 1 && head ? [{ ...head, start: head.at }, ...rest] : all);
    this.tree.insert(
      draft('stage', `Stage, x${rounds} (${names})`, nodes, {
        blocks: rounds,
        of: length > 1 ? 'hybrid' : (first[0]?.item.block?.kind ?? ''),
      }),
    );
  }

  /** Neighbours of one resolution, where a network has some few of them. */
  resolutions(): void {
    const items = this.items();
    const parts = partsOf(this.flow, items, this.work);
    const starts: number[] = [];
    let current = '';
    parts.forEach(({ item }, at) => {
      const positions = keyOf(this.flow, item).split('|')[1] ?? '';
      // A stem is no part of a stage, nor is a head.
      const own = isEnd(item) || isEnd(parts[at - 1]?.item);
      if (at > 0 && !own && (positions === current || positions === '')) return;
      current = positions;
      starts.push(at);
    });
    if (starts.length >= 3 && starts.length <= GLANCE) this.addRuns(items, parts, starts);
  }

  /** Pieces of about as much work each, cut where the fewest values cross. */
  pieces(): void {
    const items = this.items();
    const parts = partsOf(this.flow, items, this.work);
    const crossing = crossings(this.flow, items);
    const total = parts.reduce((sum, part) => sum + part.work, 0);
    const starts = [0];
    let held = 0;
    let best = -1;
    parts.forEach((part, at) => {
      held += part.work;
      const next = at + 1;
      if (next >= parts.length) return;
      const share = (held / Math.max(total, 1)) * PIECES - (starts.length - 1);
      if (share >= 0.5 && (best < 0 || (crossing[parts[next]?.start ?? 0] ?? 0) <= (crossing[parts[best]?.start ?? 0] ?? 0))) best = next;
      if (share < 1 || best < 0) return;
      starts.push(best);
      best = -1;
    });
    this.addRuns(items, parts, starts);
  }

  private addRuns(items: readonly Item[], parts: readonly Part[], starts: readonly number[]): void {
    starts.forEach((start, at) => {
      const run = parts.slice(start, starts[at + 1] ?? parts.length);
      if (run.length < 2) return;
      this.tree.insert(draft('section', namesOf(this.flow, run), nodesOf(items, run), { parts: run.length }));
    });
  }
}

/** Values that cross each gap between neighbours, item `at` being behind gap `at`. */
function crossings(flow: Flow, items: readonly Item[]): Int32Array {
  const place = new Int32Array(flow.nodes.length).fill(-1);
  items.forEach(({ nodes }, at) => {
    for (let index = 0; index < nodes.length; index++) place[nodes[index] as number] = at;
  });
  const change = new Int32Array(items.length + 1);
  for (let index = 0; index < place.length; index++) {
    const at = place[index] as number;
    const readers = at < 0 ? [] : (flow.after[index] ?? []);
    let far = at;
    for (let next = 0; next < readers.length; next++) far = Math.max(far, place[readers[next] as number] as number);
    if (far === at) continue;
    change[at + 1] = (change[at + 1] ?? 0) + 1;
    change[far + 1] = (change[far + 1] ?? 0) - 1;
  }
  for (let at = 1; at < change.length; at++) change[at] = (change[at] ?? 0) + (change[at - 1] ?? 0);
  return change;
}

/**
 * Makes the outermost level readable where the known blocks and their stages leave it long: what repeats is
 * folded, whatever it is, then what has one resolution.
 */
export function foldRepeats(flow: Flow, tree: DraftTree, work: Work): void {
  const folder = new Folder(flow, tree, work);
  if (!folder.isLong() && !folder.isCluttered()) return;
  folder.repeats();
  if (folder.isLong()) folder.resolutions();
}

/** Cuts a level that is still long, after module paths had their say, into pieces. */
export function foldPieces(flow: Flow, tree: DraftTree, work: Work): void {
  const folder = new Folder(flow, tree, work);
  if (folder.isLong()) folder.pieces();
}
