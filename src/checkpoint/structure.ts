import type { Checkpoint } from '../model';
import { addCounts, type Count } from './counts';
import { budgetOfKind, CHECKPOINT_BUDGETS, type CheckpointBudget } from './kinds';
import { findKinds } from './kindsOf';
import { type CheckpointTensor, type ModuleTree, moduleTree, type Section, type Sums, sumOf, tensorsWithin } from './tree';

/** Parameters and bytes of one part of the budget. */
export interface BudgetPart {
  readonly parameters: Count;
  readonly bytes: Count;
}

/** A checkpoint's modules with their kinds, and what they add up to. */
export interface CheckpointStructure extends ModuleTree {
  /** The section that the figures are of: the weights; where there are none, their averaged copy. */
  readonly main: Section | null;
  /** `parameters` and `buffers` of the main section, `tensors` and `bytes` of all. */
  readonly totals: Sums;
  /** Of the main section. Its parts add up to the section's parameters and bytes. */
  readonly budget: Readonly<Record<CheckpointBudget, BudgetPart>>;
}

/** Splits a checkpoint into modules, tells their kinds and adds them up. No value is read. */
export function checkpointStructure(checkpoint: Checkpoint): CheckpointStructure {
  const tree = moduleTree(checkpoint);
  const main = tree.sections.find(({ kind }) => kind === 'weights') ?? tree.sections.find(({ kind }) => kind === 'ema') ?? null;
  for (const section of tree.sections) findKinds(section, section === main);
  const own = main ? sumOf(tensorsWithin(main.root)) : { parameters: 0, buffers: 0 };
  const bytes = tree.tensors.reduce((sum: Count, tensor) => (tensor.shared ? sum : addCounts(sum, tensor.bytes)), 0);
  const totals = { tensors: tree.tensors.length, parameters: own.parameters, buffers: own.buffers, bytes };
  return { ...tree, main, totals, budget: budgetOfTensors(main ? tensorsWithin(main.root) : []) };
}

/** What tensors take of each part of the budget, each tied one once. */
export function budgetOfTensors(tensors: Iterable<CheckpointTensor>): CheckpointStructure['budget'] {
  const parts = new Map(CHECKPOINT_BUDGETS.map((name) => [name, { parameters: 0 as Count, bytes: 0 as Count }]));
  for (const { kind, role, elements, bytes, tied } of tensors) {
    const part = parts.get(budgetOfKind(kind));
    if (!part || tied !== '') continue;
    if (role === 'parameter') part.parameters = addCounts(part.parameters, elements);
    part.bytes = addCounts(part.bytes, bytes);
  }
  return Object.fromEntries(parts) as Record<CheckpointBudget, BudgetPart>;
}
