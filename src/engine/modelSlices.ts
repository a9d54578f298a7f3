import type {
  Block,
  BlockRow,
  GraphLevel,
  ModelOverview,
  NodeProfile,
  NodeRow,
  Profile,
  Slice,
  TensorRow,
  UncountedOperator,
} from '../protocol';
import { shownTexts } from './details';

/** Characters of names, shapes and figures in one slice, about: a quarter of a second's work for the slowest channel. */
const SLICE_TEXT = 1_000_000;
/** Characters that a row takes besides its texts. */
const ROW_TEXT = 160;
/** Findings and kinds of operators that the first picture shows; the command line lists all. */
const MOST_WARNINGS = 200;
const MOST_UNCOUNTED = 100;

/** The profile without its long lists, and the levels of `groups` that there are. */
export function overviewOf(profile: Profile, levels: readonly GraphLevel[]): ModelOverview {
  const { nodes, blocks, warnings, notCounted, ...rest } = profile;
  const uncounted = byOperator(notCounted);
  const kinds = [...preorder(blocks)].map(({ block }) => block.kind);
  return {
    ...rest,
    model: { ...rest.model, metadata: shownTexts(rest.model.metadata) },
    lengths: { nodes: nodes.length, blocks: kinds.length },
    attentionBlocks: kinds.filter((kind) => kind === 'attention').length,
    weightType: weightType(nodes),
    warnings: [...warnings].sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error')).slice(0, MOST_WARNINGS),
    moreWarnings: Math.max(0, warnings.length - MOST_WARNINGS),
    uncounted: notCounted.length,
    notCounted: uncounted.slice(0, MOST_UNCOUNTED),
    moreNotCounted: Math.max(0, uncounted.length - MOST_UNCOUNTED),
    levels,
  };
}

function byOperator(notCounted: Profile['notCounted']): readonly UncountedOperator[] {
  const found = new Map<string, UncountedOperator>();
  for (const { op, node } of notCounted) found.set(op, { op, node: found.get(op)?.node ?? node, count: (found.get(op)?.count ?? 0) + 1 });
  return [...found.values()];
}

/** The dtype that holds most of the weight bytes we know of: that of the floating inputs, else nothing. */
function weightType(nodes: readonly NodeProfile[]): string {
  const bytes = new Map<string, number>();
  for (const node of nodes) {
    const dtype = node.inputs[1]?.dtype ?? node.inputs[0]?.dtype;
    if (dtype && Number(node.weightBytes) > 0) bytes.set(dtype, (bytes.get(dtype) ?? 0) + Number(node.weightBytes));
  }
  return [...bytes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

/** Nodes from place `from` on. */
export function nodeSlice({ nodes }: Pick<Profile, 'nodes'>, from: number): Slice<NodeRow> {
  const text = ({ name, outputs }: NodeRow) =>
    outputs.reduce((sum, output) => sum + output.name.length + 12 * (output.shape?.length ?? 0), name.length);
  return slice(nodes, from, nodeRow, text);
}

function nodeRow(node: NodeProfile): NodeRow {
  const { id, name, op, domain, category, block, parameters, macs, flops, outputs, times, composite } = node;
  return {
    ...{ id, name, op, domain, category, block, parameters, macs, flops, outputs },
    ...(times === undefined ? {} : { times }),
    ...(composite === undefined ? {} : { composite }),
  };
}

/** Blocks from place `from` of the tree's pre-order on. */
export function blockSlice({ blocks, nodes }: Pick<Profile, 'blocks' | 'nodes'>, from: number): Slice<BlockRow> {
  const places = new Map(nodes.map(({ id }, place) => [id, place]));
  const row = ({ block, depth }: PlacedBlock): BlockRow => {
    const { nodes: inside, children: _, ...rest } = block;
    return { ...rest, depth, runs: runsOf(inside, places) };
  };
  return slice([...preorder(blocks)], from, row, ({ runs, label }) => 8 * runs.length + label.length + ROW_TEXT);
}

/** The first node inside where `id` is a block's, else `id` itself. */
export function firstNode({ blocks }: Pick<Profile, 'blocks'>, id: string): string {
  for (const { block } of preorder(blocks)) if (block.id === id) return block.nodes[0] ?? id;
  return id;
}

interface PlacedBlock {
  readonly block: Block;
  readonly depth: number;
}

/** Every block before its children; not by recursion, for a file says how deep they stand. */
function* preorder(blocks: readonly Block[]): Generator<PlacedBlock> {
  const pending = blocks.map((block): PlacedBlock => ({ block, depth: 0 })).reverse();
  for (let placed = pending.pop(); placed; placed = pending.pop()) {
    yield placed;
    const { block, depth } = placed;
    for (const child of block.children.toReversed()) pending.push({ block: child, depth: depth + 1 });
  }
}

function runsOf(ids: readonly string[], places: ReadonlyMap<string, number>): readonly number[] {
  const runs: number[] = [];
  let expected = -1;
  for (const id of ids) {
    const place = places.get(id);
    if (place === undefined) continue;
    if (place === expected) runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
    else runs.push(place, 1);
    expected = place + 1;
  }
  return runs;
}

/** Tensors from place `from` of the list on. */
export function tensorSlice(rows: readonly TensorRow[], from: number): Slice<TensorRow> {
  const text = ({ name, consumers }: TensorRow) => consumers.reduce((sum, id) => sum + id.length + 3, name.length);
  return slice(rows, from, (row) => row, text);
}

/** As many rows as a message may hold, and one at least. */
export function slice<Item, Row>(all: readonly Item[], from: number, row: (item: Item) => Row, text: (row: Row) => number): Slice<Row> {
  const rows: Row[] = [];
  let room = SLICE_TEXT;
  let place = Math.max(0, Math.trunc(from));
  for (; place < all.length && room > 0; place++) {
    const item = all[place];
    if (item === undefined) break;
    const made = row(item);
    room -= text(made) + ROW_TEXT;
    rows.push(made);
  }
  return { rows, next: place < all.length ? place : null };
}
