import { count } from '../figures';
import { type Block, BUDGETS, type Budget, budgetOf, type Count, type NodeProfile, type Profile } from '../profile';
import { align } from './align';

/** What changed by: after minus before, so that less is negative. */
export interface FigureChange {
  readonly parameters: Count;
  readonly macs: Count;
  readonly flops: Count;
  readonly weightBytes: Count;
  /** Change of the MACs by what they are for. */
  readonly budget: Readonly<Record<Budget, Count>>;
}

export interface DiffRow {
  readonly change: 'added' | 'removed' | 'changed';
  /** 0 for a block of the outermost level. */
  readonly depth: number;
  readonly kind: string;
  readonly label: string;
  /** Block ids; `''` on the side where it is not. */
  readonly before: string;
  readonly after: string;
  /** What is different about a changed block itself: `heads 8 -> 16`. Without changes of its children. */
  readonly details: readonly string[];
  readonly figures: FigureChange;
}

export interface ModelDiff {
  readonly schema: 1;
  /** Blocks that are the same on both sides, outermost level. */
  readonly same: number;
  /** A changed block stands before its changed children. */
  readonly rows: readonly DiffRow[];
  /** Nodes that belong to no block. */
  readonly outside: FigureChange;
  readonly total: FigureChange;
}

type Sums = { parameters: bigint; macs: bigint; flops: bigint; weightBytes: bigint } & Record<Budget, bigint>;

/**
 * Aligns the blocks of two models level by level, by structure and not by
 * name: equal blocks first, then blocks of one kind at the same place, whose
 * children are aligned in turn.
 */
export function diffModels(before: Profile, after: Profile): ModelDiff {
  const known = new Map<string, string>();
  const sides = [new Side(before, known), new Side(after, known)] as const;
  const rows: DiffRow[] = [];
  const same = compareLevel(before.blocks, after.blocks, { sides, depth: 0, rows });
  return {
    schema: 1,
    same,
    rows,
    outside: change(sides[0].outside(), sides[1].outside()),
    total: change(sides[0].total(), sides[1].total()),
  };
}

interface Level {
  readonly sides: readonly [Side, Side];
  readonly depth: number;
  readonly rows: DiffRow[];
}

/** Number of blocks that are equal on both sides. */
function compareLevel(before: readonly Block[], after: readonly Block[], level: Level): number {
  const [left, right] = level.sides;
  let same = 0;
  for (const [old, now] of pairsOf(before, after, level)) {
    if (old && now && left.key(old) === right.key(now)) same++;
    else comparePair(old, now, level);
  }
  return same;
}

type BlockPair = readonly [Block | undefined, Block | undefined];

/** Aligned; a stage without a counterpart is opened where the other side has one of its blocks standing alone. */
function pairsOf(before: readonly Block[], after: readonly Block[], level: Level): readonly BlockPair[] {
  const pairs = alignBlocks(before, after, level);
  const alone = (side: 0 | 1) => new Set(pairs.flatMap((pair) => (pair[side] && !pair[1 - side] ? [pair[side]] : [])));
  const [gone, come] = [alone(0), alone(1)];
  const [opened, reopened] = [openStages(before, gone, come), openStages(after, come, gone)];
  return opened.length === before.length && reopened.length === after.length ? pairs : alignBlocks(opened, reopened, level);
}

function alignBlocks(before: readonly Block[], after: readonly Block[], { sides: [left, right] }: Level): readonly BlockPair[] {
  const describe = (side: Side) => (block: Block) => ({ key: side.key(block), kind: block.kind, label: block.label });
  return align(before.map(describe(left)), after.map(describe(right))).map((pair) => [
    pair.left === null ? undefined : before[pair.left],
    pair.right === null ? undefined : after[pair.right],
  ]);
}

function openStages(blocks: readonly Block[], alone: ReadonlySet<Block>, others: ReadonlySet<Block>): readonly Block[] {
  const kinds = new Set([...others].map(({ kind }) => kind));
  return blocks.flatMap((block) =>
    block.kind === 'stage' && alone.has(block) && block.children.some(({ kind }) => kinds.has(kind)) ? block.children : [block],
  );
}

function comparePair(old: Block | undefined, now: Block | undefined, level: Level): void {
  const [left, right] = level.sides;
  const shown = now ?? old;
  if (!shown) return;
  level.rows.push({
    change: old && now ? 'changed' : now ? 'added' : 'removed',
    depth: level.depth,
    kind: shown.kind,
    label: shown.label,
    before: old?.id ?? '',
    after: now?.id ?? '',
    details: old && now ? attributeChanges(old, now) : [],
    figures: change(left.sum(old?.nodes ?? []), right.sum(now?.nodes ?? [])),
  });
  if (old && now) compareLevel(old.children, now.children, { ...level, depth: level.depth + 1 });
}

function attributeChanges(old: Block, now: Block): readonly string[] {
  const [from, to] = [new Map(ownAttributes(old)), new Map(ownAttributes(now))];
  return [...new Set([...from.keys(), ...to.keys()])].sort().flatMap((name) => {
    const [was, is] = [text(from.get(name)), text(to.get(name))];
    return was === is ? [] : [`${name} ${was} -> ${is}`];
  });
}

/** Attributes of the block itself: its receptive field depends on what stands before it. */
function ownAttributes(block: Block): [string, Block['attributes'][string]][] {
  return Object.entries(block.attributes)
    .filter(([name]) => name !== 'receptiveField')
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function text(value: Block['attributes'][string] | undefined): string {
  if (value === undefined) return 'none';
  return typeof value === 'object' ? value.join(' x ') : String(value);
}

/** One of the two models, with figures by node and structural keys by block. */
class Side {
  private readonly nodes: ReadonlyMap<string, NodeProfile>;
  private readonly keys = new Map<Block, string>();

  /** `known` numbers the structures of both sides, so that keys stay short. */
  constructor(
    private readonly profile: Profile,
    private readonly known: Map<string, string>,
  ) {
    this.nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  }

  /** Equal for blocks of equal structure and cost, whatever their names. */
  key(block: Block): string {
    const known = this.keys.get(block);
    if (known !== undefined) return known;
    const { parameters, macs, flops } = block.totals;
    const inner = new Set(block.children.flatMap((child) => child.nodes));
    const operators = block.nodes.filter((id) => !inner.has(id)).map((id) => this.nodes.get(id)?.op ?? '');
    const children = block.children.map((child) => this.key(child));
    const structure = JSON.stringify([block.kind, ownAttributes(block), parameters, macs, flops, operators, children]);
    const key = this.known.get(structure) ?? String(this.known.size);
    this.known.set(structure, key);
    this.keys.set(block, key);
    return key;
  }

  sum(ids: readonly string[]): Sums {
    const sums = empty();
    for (const id of ids) {
      const node = this.nodes.get(id);
      if (!node || node.composite) continue;
      const times = node.times === undefined ? 1n : BigInt(node.times ?? 0);
      const macs = times * BigInt(node.macs ?? 0);
      sums.parameters += BigInt(node.parameters);
      sums.weightBytes += BigInt(node.weightBytes);
      sums.flops += times * BigInt(node.flops ?? 0);
      sums.macs += macs;
      sums[budgetOf(node.category)] += macs;
    }
    return sums;
  }

  total(): Sums {
    return this.sum([...this.nodes.keys()]);
  }

  outside(): Sums {
    const inside = new Set(this.profile.blocks.flatMap((block) => block.nodes));
    return this.sum([...this.nodes.keys()].filter((id) => !inside.has(id)));
  }
}

function empty(): Sums {
  return { parameters: 0n, macs: 0n, flops: 0n, weightBytes: 0n, convolution: 0n, attention: 0n, feedForward: 0n, other: 0n };
}

function change(from: Sums, to: Sums): FigureChange {
  const of = (name: keyof Sums) => signedCount(to[name] - from[name]);
  return {
    parameters: of('parameters'),
    macs: of('macs'),
    flops: of('flops'),
    weightBytes: of('weightBytes'),
    budget: Object.fromEntries(BUDGETS.map((budget) => [budget, of(budget)])) as Record<Budget, Count>,
  };
}

function signedCount(value: bigint): Count {
  const size = count(value < 0n ? -value : value);
  return typeof size === 'number' ? Number(value) : value.toString();
}
