import { FigureSum } from '../figures';
import { type Budget, budgetOf, type Count, type Figures, type Profile } from '../profile';
import type { StageKey } from './stageKey';
import { cutByDepth } from './stagesByDepth';
import { cutByStride } from './stagesByStride';
import { imagePositions, type Unit, unitsOf } from './stageUnits';

/** What one depth of a model costs. */
export interface StageFigures extends StageKey {
  readonly budget: Readonly<Record<Budget, Figures>>;
  /** Blocks in order, and layers outside all blocks by their operator; neighbours of one label together. */
  readonly blocks: readonly { readonly label: string; readonly count: number }[];
  /** Id of the block, or of the node outside all blocks, that spends most. */
  readonly heaviest: string;
}

/** The stages of a model in the order in which they are first met. Every node belongs to exactly one. */
export function stagesOf(profile: Profile): readonly StageFigures[] {
  const image = imagePositions(profile);
  const units = unitsOf(profile);
  const keys = image ? cutByStride(units, image) : null;
  if (keys) return gather(units, keys);
  const opened = unitsOf(profile, true);
  return gather(opened, cutByDepth(opened));
}

function gather(units: readonly Unit[], keys: readonly StageKey[]): readonly StageFigures[] {
  const stages = new Map<string, { readonly key: StageKey; readonly units: Unit[] }>();
  units.forEach((unit, at) => {
    const key = keys[at] ?? { kind: 'layers', number: 0 };
    const name = `${key.kind} ${key.number}`;
    const stage = stages.get(name) ?? { key, units: [] };
    stages.set(name, stage);
    stage.units.push(unit);
  });
  return [...stages.values()].map(({ key, units }) => ({
    ...key,
    budget: budgetsOf(units),
    blocks: blocksOf(units),
    heaviest: heaviestOf(units),
  }));
}

function budgetsOf(units: readonly Unit[]): Readonly<Record<Budget, Figures>> {
  const sums = { convolution: new FigureSum(), attention: new FigureSum(), feedForward: new FigureSum(), other: new FigureSum() };
  for (const { nodes } of units) for (const node of nodes) sums[budgetOf(node.category)].addNode(node);
  const figures = (budget: Budget) => sums[budget].figures();
  return {
    convolution: figures('convolution'),
    attention: figures('attention'),
    feedForward: figures('feedForward'),
    other: figures('other'),
  };
}

function blocksOf(units: readonly Unit[]): StageFigures['blocks'] {
  const labels = units.flatMap(({ block, nodes }) => {
    if (block) return (block.kind === 'stage' ? block.children : [block]).map(({ label }) => label);
    return nodes.flatMap(({ op, macs }) => (Number(macs ?? 0) > 0 ? [op] : []));
  });
  const counted: { label: string; count: number }[] = [];
  for (const label of labels) {
    const last = counted.at(-1);
    if (last?.label === label) last.count += 1;
    else counted.push({ label, count: 1 });
  }
  return counted;
}

/** By multiply-adds, then by weights; a stage of the model stands for the dearest block in it. */
function heaviestOf(units: readonly Unit[]): string {
  const candidates = units.flatMap(({ block, nodes }): { id: string; macs: Count; parameters: Count }[] => {
    if (block) return (block.kind === 'stage' ? block.children : [block]).map(({ id, totals }) => ({ id, ...totals }));
    return nodes.map(({ id, macs, parameters }) => ({ id, macs: macs ?? 0, parameters }));
  });
  const [first, ...others] = candidates;
  if (!first) return '';
  const heavier = (a: typeof first, b: typeof first) => Number(b.macs) - Number(a.macs) || Number(b.parameters) - Number(a.parameters);
  return others.reduce((most, one) => (heavier(most, one) > 0 ? one : most), first).id;
}
