import { type Block, BUDGETS, budgetOf, type Count, type NodeProfile, type Profile } from '../profile';
import { type DiffRow, diffModels, type FigureChange } from './diff';

/** A block that a broken limit is owed to. */
export interface Offender {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  /** What the block spends, or by how much it grew. */
  readonly value: Count;
}

const SHOWN = 5;
/** Blocks that only hold others: their children say more. */
const CONTAINERS = new Set(['stage', 'scope']);

/** The blocks that spend most of a figure. */
export function dearestBlocks(profile: Profile, figure: string): readonly Offender[] {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const spend = spending(figure);
  return top(
    openContainers(profile.blocks).map((block) => ({
      id: block.id,
      kind: block.kind,
      label: block.label,
      value: block.nodes.reduce((sum, id) => sum + spend(nodes.get(id)), 0),
    })),
  );
}

/** The blocks whose part of a figure grew most against the baseline, added ones included. */
export function grownBlocks(baseline: Profile, profile: Profile, figure: string): readonly Offender[] {
  const { rows } = diffModels(baseline, profile);
  const grown = rows
    .filter((row, at) => isInnermost(row, rows[at + 1]))
    .map((row) => ({ id: row.after || row.before, kind: row.kind, label: row.label, value: growth(row.figures, figure) }));
  const found = top(grown);
  return found.length > 0 ? found : dearestBlocks(profile, figure);
}

function isInnermost(row: DiffRow, next: DiffRow | undefined): boolean {
  return next === undefined || next.depth <= row.depth;
}

function growth(change: FigureChange, figure: string): number {
  const [part, measure = ''] = figure.split('.');
  const budget = BUDGETS.find((known) => known === part);
  if (budget) return Number(measure === 'macs' || measure === 'share' ? change.budget[budget] : 0);
  if (figure === 'parameters' || figure === 'trainableParameters') return Number(change.parameters);
  if (figure === 'weightBytes' || figure === 'fileBytes') return Number(change.weightBytes);
  if (figure === 'macs' || figure === 'flops') return Number(change[figure]);
  return 0;
}

function top(offenders: readonly Offender[]): readonly Offender[] {
  return offenders
    .filter(({ value }) => Number(value) > 0)
    .sort((a, b) => Number(b.value) - Number(a.value))
    .slice(0, SHOWN);
}

function openContainers(blocks: readonly Block[]): readonly Block[] {
  return blocks.flatMap((block) => (CONTAINERS.has(block.kind) && block.children.length > 0 ? openContainers(block.children) : [block]));
}

/** What one node adds to a figure of a budgets file. */
function spending(figure: string): (node: NodeProfile | undefined) => number {
  const split = figure.lastIndexOf('.');
  const part = figure.slice(0, Math.max(0, split));
  const measure = split < 0 ? figure : figure.slice(split + 1);
  return (node) => {
    if (!node || node.composite || !counts(node, part)) return 0;
    const times = node.times === undefined ? 1 : Number(node.times ?? 0);
    if (measure === 'macs' || measure === 'share') return times * Number(node.macs ?? 0);
    if (measure === 'flops') return times * Number(node.flops ?? 0);
    if (measure === 'parameters' || measure === 'trainableParameters') return Number(node.parameters);
    if (measure === 'buffers') return Number(node.buffers);
    if (measure === 'weightBytes' || measure === 'fileBytes') return Number(node.weightBytes);
    return times * Number(node.writtenBytes ?? 0);
  };
}

function counts({ category }: NodeProfile, part: string): boolean {
  if (part === '') return true;
  return category === part || budgetOf(category) === part;
}
