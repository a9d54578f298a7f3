import { traitsOf } from '../blocks/kinds';
import { type Block, BUDGETS, budgetOf, type Count, type NodeProfile, type Profile } from '../profile';
import { changedBlocks, type DiffRow, type FigureChange } from './diff';

/** Blocks that a broken limit is owed to: equal ones that spend the same are one entry. */
export interface Offender {
  /** Block ids, in the model's order. */
  readonly ids: readonly string[];
  readonly kind: string;
  readonly label: string;
  /** Scope that the first block's nodes are named in, `/layer1/layer1.0`; `''` where names say none. */
  readonly where: string;
  /** What each block spends, or by how much it grew. */
  readonly value: Count;
}

interface Spender {
  readonly block: Block;
  readonly value: number;
}

const SHOWN = 5;
/** The blocks that spend most of a figure. */
export function dearestBlocks(profile: Profile, figure: string): readonly Offender[] {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  return top(spenders(profile.blocks, nodes, figure), nodes);
}

function spenders(blocks: readonly Block[], nodes: ReadonlyMap<string, NodeProfile>, figure: string): readonly Spender[] {
  const spend = spending(figure);
  return openContainers(blocks).map((block) => ({ block, value: block.nodes.reduce((sum, id) => sum + spend(nodes.get(id)), 0) }));
}

/** The blocks whose part of a figure grew most against the baseline, added ones included. */
export function grownBlocks(baseline: Profile, profile: Profile, figure: string): readonly Offender[] {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const blocks = new Map(everyBlock(profile.blocks).map((block) => [block.id, block]));
  const rows = changedBlocks(baseline, profile);
  const grown = rows
    .filter((row, at) => isInnermost(row, rows[at + 1]))
    .flatMap((row) => {
      const block = blocks.get(row.after);
      if (!block) return [];
      // All of an added stage is new, so its blocks answer for themselves.
      return row.change === 'added' ? spenders([block], nodes, figure) : [{ block, value: growth(row.figures, figure) }];
    });
  const found = top(grown, nodes);
  return found.length > 0 ? found : dearestBlocks(profile, figure);
}

function everyBlock(blocks: readonly Block[]): readonly Block[] {
  return blocks.flatMap((block) => [block, ...everyBlock(block.children)]);
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

function top(found: readonly Spender[], nodes: ReadonlyMap<string, NodeProfile>): readonly Offender[] {
  const groups = new Map<string, Offender>();
  for (const { block, value } of found) {
    if (value <= 0) continue;
    const key = JSON.stringify([block.kind, block.label, value]);
    const known = groups.get(key);
    const { kind, label } = block;
    const where = known?.where ?? scopeOf(block.nodes.map((id) => nodes.get(id)?.name ?? ''));
    groups.set(key, { ids: [...(known?.ids ?? []), block.id], kind, label, where, value });
  }
  const spent = ({ ids, value }: Offender) => ids.length * Number(value);
  return [...groups.values()].sort((a, b) => spent(b) - spent(a)).slice(0, SHOWN);
}

/** What the paths of all names begin with; names outside of any scope are left out. */
function scopeOf(names: readonly string[]): string {
  const [first = [], ...rest] = names.filter((name) => name.includes('/')).map((name) => name.split('/').slice(0, -1));
  const differs = first.findIndex((part, at) => rest.some((other) => other[at] !== part));
  return (differs < 0 ? first : first.slice(0, differs)).join('/');
}

function openContainers(blocks: readonly Block[]): readonly Block[] {
  return blocks.flatMap((block) =>
    traitsOf(block.kind).container && block.children.length > 0 ? openContainers(block.children) : [block],
  );
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
