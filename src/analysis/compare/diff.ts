import type { Block, Profile } from '../profile';
import { align } from './align';
import { attributeChanges, isMinor, isSizeChange, layerChanges, sizeChange } from './diffDetails';
import { foldRows } from './diffFold';
import type { DiffRow } from './diffRow';
import { Side } from './diffSide';
import { changeOf, type FigureChange, isFree, lessChanges } from './sums';

export type { DiffRow } from './diffRow';
export type { FigureChange } from './sums';

/** What changed from one model to another, block by block. */
export interface ModelDiff {
  readonly schema: 1;
  /** Blocks that are the same on both sides: those of the outermost level, and of its stages. */
  readonly same: number;
  /** A changed block stands before its changed children. */
  readonly rows: readonly DiffRow[];
  /** Nodes that belong to no block. */
  readonly outside: FigureChange;
  readonly total: FigureChange;
}

/**
 * Aligns the blocks of two models level by level, by structure and not by
 * name: equal blocks first, then blocks of one kind at the same place, whose
 * children are aligned in turn.
 */
export function diffModels(before: Profile, after: Profile): ModelDiff {
  const known = new Map<string, string>();
  const sides = [new Side(before, known), new Side(after, known)] as const;
  const { rows, same } = compareLevel(before.blocks, after.blocks, { sides, depth: 0 });
  return {
    schema: 1,
    same,
    rows: foldRows(rows),
    outside: changeOf(sides[0].outside(), sides[1].outside()),
    total: changeOf(sides[0].total(), sides[1].total()),
  };
}

/** The rows of `diffModels` with one for each block, however many changed alike. */
export function changedBlocks(before: Profile, after: Profile): readonly DiffRow[] {
  const known = new Map<string, string>();
  const sides = [new Side(before, known), new Side(after, known)] as const;
  return compareLevel(before.blocks, after.blocks, { sides, depth: 0 }).rows;
}

interface Level {
  readonly sides: readonly [Side, Side];
  readonly depth: number;
}

interface Compared {
  readonly rows: readonly DiffRow[];
  readonly same: number;
}

function compareLevel(before: readonly Block[], after: readonly Block[], level: Level): Compared {
  const [left, right] = level.sides;
  const parts = pairsOf(before, after, level).map(([old, now]): Compared => {
    if (old && now && left.key(old) === right.key(now)) return { rows: [], same: countBlocks(now) };
    return comparePair(old, now, level);
  });
  return { rows: parts.flatMap(({ rows }) => rows), same: parts.reduce((sum, { same }) => sum + same, 0) };
}

/** A stage counts as the blocks in it. */
function countBlocks(block: Block): number {
  return block.kind === 'stage' ? block.children.reduce((sum, child) => sum + countBlocks(child), 0) : 1;
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
  const [from, to] = [before.map((block) => left.describe(block)), after.map((block) => right.describe(block))];
  return align(from, to).map((pair) => [
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

function comparePair(old: Block | undefined, now: Block | undefined, { sides, depth }: Level): Compared {
  const shown = now ?? old;
  if (!shown) return { rows: [], same: 0 };
  const row: DiffRow = {
    change: old && now ? 'changed' : now ? 'added' : 'removed',
    depth,
    kind: shown.kind,
    label: shown.label,
    repeat: 1,
    before: old?.id ?? '',
    after: now?.id ?? '',
    details: [],
    figures: changeOf(sides[0].sum(old), sides[1].sum(now)),
  };
  return old && now ? compareInside(old, now, row, sides) : { rows: [row], same: 0 };
}

function compareInside(old: Block, now: Block, row: DiffRow, sides: Level['sides']): Compared {
  const major = (block: Block) => block.children.filter((child) => !isMinor(child));
  const depth = row.depth + 1;
  const inside = compareLevel(major(old), major(now), { sides, depth });
  const rows = withoutResized(inside.rows, depth);
  const direct = rows.filter((child) => child.depth === depth);
  const attributes = attributeChanges(old, now);
  const layers = layerChanges(
    old,
    now,
    sides,
    attributes.some((detail) => detail.includes('->')),
  );
  const rest = lessChanges(
    row.figures,
    direct.map(({ figures }) => figures),
  );
  const same = now.kind === 'stage' && old.kind === 'stage' ? inside.same : 0;
  if (direct.length > 0 && !isFree(rest)) {
    return { rows: [{ ...row, details: attributes }, ...rows, { ...row, change: 'layers', depth, details: layers, figures: rest }], same };
  }
  const details = [...attributes, ...layers];
  const told = details.length > 0 || direct.length > 0 ? details : sizeChange(old, now, sides);
  return { rows: [{ ...row, details: told }, ...rows], same };
}

/** Leaves out what only works on a map of another size, at no other cost: the block around it says so. */
function withoutResized(rows: readonly DiffRow[], depth: number): readonly DiffRow[] {
  return rows.filter(
    (row, at) =>
      row.depth > depth ||
      row.change !== 'changed' ||
      !isFree(row.figures) ||
      (rows[at + 1]?.depth ?? 0) > depth ||
      row.details.some((detail) => !isSizeChange(detail)),
  );
}
