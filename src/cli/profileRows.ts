import { type Block, type Count, executed, type Figures, type NodeProfile, type Profile } from '../protocol';
import type { Measured } from '../report/measured';

/** What `--group` takes: what the rows of the table stand for. */
export const GROUPS = ['block', 'category', 'op', 'node'] as const;
/** What `--by` takes: the figure that rows are sorted by, the largest first. */
export const MEASURES = ['macs', 'flops', 'parameters', 'bytes', 'time'] as const;
/** One of the figures that rows can be sorted by; `time` needs a measurement. */
export type Measure = (typeof MEASURES)[number];

/** A line of the table: operators together with the sums of their figures. */
export interface Row {
  readonly name: string;
  readonly type: string;
  readonly shape: string;
  readonly parameters: Count;
  readonly macs: Count | null;
  readonly flops: Count | null;
  readonly bytes: Count;
  /** Ids of the nodes that the row sums. */
  readonly nodes: readonly string[];
}

/** Rows of one grouping, in the model's order or the largest first; `time` needs what was measured. */
export function rowsOf(result: Profile, group: (typeof GROUPS)[number], by: Measure | null, measured: Measured | null): readonly Row[] {
  const rows = unsorted(result, group);
  if (by === null) return rows;
  const value = (row: Row) => (by === 'time' ? (measured?.sum(row.nodes)?.microseconds ?? 0) : Number(row[by] ?? 0));
  return [...rows].sort((a, b) => value(b) - value(a));
}

function unsorted(result: Profile, group: (typeof GROUPS)[number]): Row[] {
  switch (group) {
    case 'block':
      return blockRows([result.blocks], 0);
    case 'category':
      return Object.entries(result.categories).map(([name, figures]) => figureRow(name, figures, result));
    case 'op':
      return operatorRows(executed(result.nodes));
    case 'node':
      return executed(result.nodes).map(nodeRow);
    default:
      return group satisfies never;
  }
}

/**
 * A row per block; a run of equal neighbours is one row with the figures of all.
 * `twins` are the child lists of such a run: the same blocks, each with its own figures.
 */
function blockRows(twins: readonly (readonly Block[])[], depth: number): Row[] {
  const [guide] = twins;
  if (!guide) return [];
  if (twins.some((list) => list.length !== guide.length)) return twins.flatMap((list) => blockRows([list], depth));
  const rows: Row[] = [];
  for (let at = 0; at < guide.length; ) {
    const first = guide[at];
    if (!first) break;
    const end = at + Math.max(1, first.repeat);
    const run = twins.flatMap((list) => list.slice(at, end));
    at = end;
    const repeat = run.length > 1 ? ` x${run.length}` : '';
    rows.push(sumRow(`${'  '.repeat(depth)}${first.label}${repeat}`, first.kind, run));
    rows.push(
      ...blockRows(
        run.map((block) => block.children),
        depth + 1,
      ),
    );
  }
  return rows;
}

function sumRow(name: string, type: string, run: readonly Block[]): Row {
  const sum = (of: (figures: Figures) => Count) => exact(run.reduce((total, { totals }) => total + BigInt(of(totals)), 0n));
  return {
    name,
    type,
    shape: '',
    parameters: sum((figures) => figures.parameters),
    macs: sum((figures) => figures.macs),
    flops: sum((figures) => figures.flops),
    bytes: sum((figures) => figures.weightBytes),
    nodes: run.flatMap(({ nodes }) => nodes),
  };
}

function exact(value: bigint): Count {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}

function figureRow(name: string, { parameters, macs, flops, weightBytes }: Figures, { nodes }: Profile): Row {
  const inside = nodes.filter(({ category }) => category === name).map(({ id }) => id);
  return { name, type: '', shape: '', parameters, macs, flops, bytes: weightBytes, nodes: inside };
}

function nodeRow(node: NodeProfile): Row {
  const shape = node.outputs[0]?.shape;
  return {
    name: node.name || node.id,
    type: node.op,
    shape: shape ? `[${shape.map((dim) => dim ?? '?').join(', ')}]` : '',
    parameters: node.parameters,
    macs: node.macs,
    flops: node.flops,
    bytes: node.weightBytes,
    nodes: [node.id],
  };
}

function operatorRows(nodes: readonly NodeProfile[]): Row[] {
  const sums = new Map<string, { parameters: bigint; macs: bigint; flops: bigint; bytes: bigint; nodes: string[] }>();
  for (const node of nodes) {
    const type = node.domain ? `${node.domain}.${node.op}` : node.op;
    const sum = sums.get(type) ?? { parameters: 0n, macs: 0n, flops: 0n, bytes: 0n, nodes: [] };
    sum.parameters += BigInt(node.parameters);
    sum.macs += BigInt(node.macs ?? 0);
    sum.flops += BigInt(node.flops ?? 0);
    sum.bytes += BigInt(node.weightBytes);
    sum.nodes.push(node.id);
    sums.set(type, sum);
  }
  return [...sums].map(([type, sum]) => ({
    name: type,
    type: `x${sum.nodes.length}`,
    shape: '',
    parameters: exact(sum.parameters),
    macs: exact(sum.macs),
    flops: exact(sum.flops),
    bytes: exact(sum.bytes),
    nodes: sum.nodes,
  }));
}
