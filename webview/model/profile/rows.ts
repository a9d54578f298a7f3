import { type Block, BUDGETS, type Budget, budgetOf, type Count, executed, type NodeRow } from '../../../src/protocol';
import { categoryName, looseGroups } from '../../../src/report/loose';
import type { Measured } from '../../../src/report/measured';
import { addCounts } from '../../common/addCounts';
import type { Sorting } from '../../common/kept';
import { type SortValue, sortBy } from '../../common/table/sortRows';
import { haystack, parseQuery } from '../graph/search';
import type { ProfileIndex } from '../profileIndex';
import { sharedScopes, withoutScopes } from '../scopes';
import { shapeText } from '../shapeText';
import type { Grouping } from '../viewState';
import { rateOf } from './rate';

/** One line of the profile table: an operator, or a group of them with the sum of what it shows. */
export interface ProfileRow {
  /** Node or block id; `category:` and `op:` groups stand for no box of the graph. */
  readonly key: string;
  readonly kind: 'node' | 'block' | 'set';
  readonly depth: number;
  readonly open?: boolean;
  readonly name: string;
  /** The name without the scopes that the rows beside it share. */
  readonly label: string;
  readonly type: string;
  readonly shape: string;
  readonly budget: Budget;
  /** MACs by budget, for the bar. */
  readonly split: Readonly<Partial<Record<Budget, number>>>;
  readonly operators: number;
  readonly parameters: Count;
  readonly macs: Count | null;
  readonly flops: Count | null;
  /** Measured; `null` before that, and where no kernel ran. */
  readonly microseconds: number | null;
  /** MACs of what was measured. */
  readonly measuredMacs: number;
}

interface Tree {
  readonly row: Omit<ProfileRow, 'depth' | 'open'>;
  readonly children: readonly Tree[];
  /** Place in the model, for the order of the file. */
  readonly place: number;
}

/** What the rows of the Profile tab are chosen by. */
export interface RowOptions {
  readonly grouping: Grouping;
  readonly filter: string;
  readonly sorting: Sorting | null;
  readonly openRows: ReadonlySet<string>;
}

function nodeTree(node: NodeRow, place: number, measured: Measured | null): Tree {
  const time = measured?.node(node.id);
  const row = {
    key: node.id,
    kind: 'node' as const,
    name: node.name === '' ? node.id : node.name,
    label: node.name === '' ? node.id : node.name,
    type: node.op,
    shape: node.outputs[0] ? shapeText(node.outputs[0].shape) : '',
    budget: budgetOf(node.category),
    split: { [budgetOf(node.category)]: Number(node.macs ?? 0) },
    operators: 1,
    parameters: node.parameters,
    macs: node.macs,
    flops: node.flops,
    microseconds: time?.microseconds ?? null,
    measuredMacs: time ? Number(node.macs ?? 0) : 0,
  };
  return { row, children: [], place };
}

/** A group with the sum of its children. */
function groupTree(head: Pick<ProfileRow, 'key' | 'kind' | 'name' | 'type'>, children: readonly Tree[]): Tree {
  const sums = {
    operators: 0,
    parameters: 0 as Count,
    macs: 0 as Count,
    flops: 0 as Count,
    microseconds: null as number | null,
    measuredMacs: 0,
  };
  const split: Partial<Record<Budget, number>> = {};
  for (const { row } of children) {
    sums.operators += row.operators;
    sums.parameters = addCounts(sums.parameters, row.parameters);
    sums.macs = addCounts(sums.macs, row.macs);
    sums.flops = addCounts(sums.flops, row.flops);
    if (row.microseconds !== null) sums.microseconds = (sums.microseconds ?? 0) + row.microseconds;
    sums.measuredMacs += row.measuredMacs;
    for (const budget of BUDGETS) {
      const macs = row.split[budget] ?? 0;
      if (macs > 0) split[budget] = (split[budget] ?? 0) + macs;
    }
  }
  const largest = [...BUDGETS].sort((a, b) => (split[b] ?? 0) - (split[a] ?? 0)).find((budget) => split[budget] !== undefined);
  const last = children.at(-1);
  const shape = head.kind === 'block' ? (last?.row.shape ?? '') : '';
  return {
    row: { ...head, label: head.name, ...sums, shape, budget: largest ?? 'other', split },
    children,
    place: children[0]?.place ?? 0,
  };
}

/** Fewer operators beside the blocks of a level are rows of their own. */
const FEW_LOOSE = 4;

/** Operators of a level that stand in none of its blocks, put together by what they do where there are more than a few. */
function looseTrees(index: ProfileIndex, level: string, trees: readonly Tree[], among: boolean): readonly Tree[] {
  if (!among || trees.length < FEW_LOOSE) return trees;
  const operators = trees.flatMap((tree) => {
    const node = index.nodes.get(tree.row.key);
    return node ? [{ op: node.op, category: node.category, parameters: node.parameters, macs: node.macs, tree }] : [];
  });
  return looseGroups(operators).flatMap(({ name, nodes }, at) => {
    const members = nodes.map(({ tree }) => tree);
    return members.length < FEW_LOOSE ? members : [groupTree({ key: `loose:${level}:${at}`, kind: 'set', name, type: '' }, members)];
  });
}

function blockTrees(index: ProfileIndex, kept: ReadonlyMap<string, Tree>): Tree[] {
  const inBlock = new Map<string, Tree[]>();
  for (const [id, tree] of kept) {
    const block = index.nodes.get(id)?.block ?? '';
    const known = inBlock.get(block);
    if (known) known.push(tree);
    else inBlock.set(block, [tree]);
  }
  const visit = (block: Block): Tree[] => {
    const inner = block.children.flatMap(visit);
    const loose = looseTrees(index, block.id, inBlock.get(block.id) ?? [], inner.length > 0);
    const children = [...inner, ...loose].sort((a, b) => a.place - b.place);
    if (children.length === 0) return [];
    const shared = sharedScopes(block.nodes.map((id) => index.nodes.get(id)?.name ?? ''));
    const shortened = children.map((tree) =>
      tree.row.kind === 'node' ? { ...tree, row: { ...tree.row, label: withoutScopes(tree.row.name, shared) } } : tree,
    );
    return [groupTree({ key: block.id, kind: 'block', name: block.label, type: block.kind }, shortened)];
  };
  const roots = index.tree.flatMap(visit);
  return [...roots, ...looseTrees(index, '', inBlock.get('') ?? [], roots.length > 0)].sort((a, b) => a.place - b.place);
}

function setTrees(index: ProfileIndex, kept: ReadonlyMap<string, Tree>, by: 'category' | 'operator'): Tree[] {
  const sets = new Map<string, Tree[]>();
  for (const [id, tree] of kept) {
    const node = index.nodes.get(id);
    if (!node) continue;
    const name = by === 'category' ? categoryName(node.category) : node.domain === '' ? node.op : `${node.domain}.${node.op}`;
    const known = sets.get(name);
    if (known) known.push(tree);
    else sets.set(name, [tree]);
  }
  return [...sets].map(([name, children]) => groupTree({ key: `${by}:${name}`, kind: 'set', name, type: '' }, children));
}

const VALUES: Readonly<Record<string, (row: Tree['row']) => SortValue>> = {
  name: (row) => row.name,
  type: (row) => row.type,
  shape: (row) => row.shape,
  parameters: (row) => Number(row.parameters),
  macs: (row) => (row.macs === null ? null : Number(row.macs)),
  flops: (row) => (row.flops === null ? null : Number(row.flops)),
  time: (row) => row.microseconds,
  rate: (row) => rateOf(row),
  share: (row) => (row.macs === null ? null : Number(row.macs)),
};

/** The rows of the Profile tab, and their sum. */
export interface ProfileRows {
  readonly rows: readonly ProfileRow[];
  /** Sum over the operators that pass the filter. */
  readonly total: Tree['row'];
}

/** The lines of the table in the order shown. While a filter is set, every group that has a match is open. */
export function profileRows(index: ProfileIndex, { grouping, filter, sorting, openRows }: RowOptions): ProfileRows {
  const { ops, words } = parseQuery(filter);
  const matches = (node: NodeRow) => {
    if (ops.length > 0 && !ops.includes(node.op.toLowerCase())) return false;
    if (words.length === 0) return true;
    const text = haystack(node, index.blocks.get(node.block)?.label ?? '');
    return words.every((word) => text.includes(word));
  };
  const kept = new Map<string, Tree>();
  executed(index.rows).forEach((node, place) => {
    if (matches(node)) kept.set(node.id, nodeTree(node, place, index.measured));
  });
  const trees = grouping === 'block' ? blockTrees(index, kept) : grouping === 'node' ? [...kept.values()] : setTrees(index, kept, grouping);
  const filtered = filter.trim() !== '';
  const rows: ProfileRow[] = [];
  const emit = (level: readonly Tree[], depth: number): void => {
    const value = sorting ? VALUES[sorting.column] : undefined;
    const sorted = value ? sortBy(level, ({ row }) => value(row), sorting?.descending ?? false) : level;
    for (const { row, children } of sorted) {
      if (children.length === 0) rows.push({ ...row, depth });
      else {
        const open = filtered || openRows.has(row.key);
        rows.push({ ...row, depth, open });
        if (open) emit(children, depth + 1);
      }
    }
  };
  emit(trees, 0);
  return { rows, total: groupTree({ key: '', kind: 'set', name: '', type: '' }, [...kept.values()]).row };
}
