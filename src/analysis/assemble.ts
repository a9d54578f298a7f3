import type { Lists } from '../graph';
import type { DType, Finding, Model, Shape, Value } from '../model';
import { graphInputs } from '../model';
import { type Fact, UNKNOWN } from '../operators/rule';
import { bind } from './bind';
import type { BindingRequest, ChosenBindings } from './bindings';
import { type BlockResult, findBlocks } from './blocks';
import { sizeAxes } from './compare/inputSize';
import { type CostResult, countCosts, type NodeCost } from './cost';
import { type ExpandedTables, expandedTables } from './expandedTables';
import { count, FigureSum, leaves } from './figures';
import { mergeFindings } from './findings';
import { lowerBounds } from './lowerBounds';
import { type MemoryResult, peakMemory } from './memory';
import {
  BUDGETS,
  type Budget,
  budgetOf,
  type Category,
  type Count,
  type Figures,
  type NodeProfile,
  type Profile,
  type ValueProfile,
} from './profile';
import { instanceId, type ScopeShapes, type ShapeResult } from './shapes';

/** Everything found out about a model for one choice of its free dimensions. */
export interface Analysis {
  readonly model: Model;
  readonly bindings: ChosenBindings;
  readonly shapes: ShapeResult;
  readonly costs: CostResult;
  readonly memory: MemoryResult;
  readonly blocks: BlockResult;
  /** Position tables that an exporter has written out. */
  readonly expanded: ExpandedTables;
  readonly profile: Profile;
}

/** What an analysis has just finished; between two of them whoever drives it may stop. */
export type AnalysisStep = 'shapes' | 'costs' | 'memory' | 'blocks';

/**
 * From a model to its profile: free dimensions bound, shapes, costs, memory
 * and blocks found.
 * @throws UserError when the request does not fit the model's inputs.
 */
export function analyse(model: Model, file: { readonly name: string; readonly bytes: number }, request: BindingRequest = {}): Analysis {
  const steps = analysisSteps(model, file, request);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same, step by step, for a caller that must stay able to stop. */
export function* analysisSteps(
  model: Model,
  file: { readonly name: string; readonly bytes: number },
  request: BindingRequest = {},
): Generator<AnalysisStep, Analysis, void> {
  const { bindings, shapes } = yield* bind(model, request);
  const costs = countCosts(shapes);
  yield 'costs';
  const memory = peakMemory(shapes);
  yield 'memory';
  const blocks = findBlocks(model, shapes, costs);
  yield 'blocks';
  const expanded = expandedTables(shapes, costs, blocks);
  const profile = assemble(model, file, { bindings, shapes, costs, memory, blocks, expanded });
  return { model, bindings, shapes, costs, memory, blocks, expanded, profile };
}

/** A value's dtype and shape as the views show them; `undefined` and `null` where there are none. */
export function factType(fact: Fact | null): { readonly dtype: DType; readonly shape: Shape | null } {
  if (fact?.kind === 'tensor' || fact?.kind === 'sparse') return { dtype: fact.dtype, shape: fact.shape };
  if (fact?.kind === 'optional') return factType(fact.element);
  return { dtype: 'undefined', shape: null };
}

const OMITTED: ValueProfile = { name: '', ...factType(UNKNOWN) };

type Parts = Omit<Analysis, 'model' | 'profile'>;

function assemble(model: Model, file: { readonly name: string; readonly bytes: number }, parts: Parts): Profile {
  const { shapes, costs, memory, blocks } = parts;
  const values = new ValueProfiles(shapes);
  const work = leaves(costs.nodes);
  const category = ({ scope, number }: NodeCost): Category => blocks.places.get(scope)?.categories[number] ?? 'other';
  const totals = new FigureSum();
  const byCategory = new Map<Category, FigureSum>();
  const byBudget = new Map<Budget, FigureSum>(BUDGETS.map((budget) => [budget, new FigureSum()]));
  for (const cost of work) {
    const of = category(cost);
    totals.add(cost);
    byBudget.get(budgetOf(of))?.add(cost);
    const sum = byCategory.get(of) ?? new FigureSum();
    sum.add(cost);
    byCategory.set(of, sum);
  }
  const figures = (budget: Budget): Figures => (byBudget.get(budget) ?? new FigureSum()).figures();
  return {
    schema: 1,
    model: summary(model, file, shapes),
    bindings: parts.bindings.bindings,
    totals: { ...totals.figures(), peakActivationBytes: count(memory.peakBytes) },
    budget: {
      convolution: figures('convolution'),
      attention: figures('attention'),
      feedForward: figures('feedForward'),
      other: figures('other'),
    },
    categories: Object.fromEntries([...byCategory].map(([name, sum]) => [name, sum.figures()])),
    blocks: blocks.blocks,
    nodes: [...costs.nodes.values()].map((cost) => nodeProfile(cost, values, category(cost), blockAround(cost, costs, blocks))),
    lowerBounds: lowerBounds(costs.nodes.values(), memory.unknown.length > 0),
    notCounted: [...costs.nodes.values()]
      .filter((cost) => cost.reason !== '')
      .map(({ id, node, reason }) => ({ node: id, op: node.op, reason })),
    warnings: mergeFindings(model.findings, shapes.findings, costs.findings, memoryFindings(memory), parts.expanded.findings),
  };
}

function memoryFindings(memory: MemoryResult): readonly Finding[] {
  const [first] = memory.unknown;
  if (first === undefined) return [];
  const others = memory.unknown.length > 1 ? ` and ${memory.unknown.length - 1} more` : '';
  return [{ code: 'peak-incomplete', message: `The peak leaves out "${first}"${others}, whose size is not known: it is a lower bound.` }];
}

function summary(model: Model, file: { readonly name: string; readonly bytes: number }, shapes: ShapeResult): Profile['model'] {
  const describe = (value: Value) => ({ name: value.name, ...factType(shapes.fact(value.name)) });
  return {
    name: file.name,
    format: model.format,
    formatVersion: model.formatVersion,
    producer: [model.producer, model.producerVersion].filter((part) => part !== '').join(' '),
    opsets: model.opsets,
    inputs: graphInputs(model.graph).map(describe),
    outputs: model.graph.outputs.map(describe),
    fileBytes: file.bytes,
    externalFiles: model.externalFiles,
    metadata: model.metadata,
    ...fixedSize(model, shapes),
  };
}

function fixedSize(model: Model, shapes: ShapeResult): Pick<Profile['model'], 'fixedSize'> {
  const declared = graphInputs(model.graph).map(({ name, type }) =>
    type.kind === 'tensor' ? { name, dtype: type.dtype, shape: type.shape } : { name, dtype: 'undefined' as const, shape: null },
  );
  const found = sizeAxes(declared);
  const places = declared.flatMap(({ name, shape }) => (found?.axes.get(name) ?? []).map((axis) => ({ name, axis, dim: shape?.[axis] })));
  if (!found || places.length === 0 || places.some(({ dim }) => typeof dim !== 'number')) return {};
  const extents = new Set(places.map(({ name, axis }) => factType(shapes.fact(name)).shape?.[axis]));
  const [size] = extents;
  const one = extents.size === 1 && typeof size === 'number' ? size : null;
  return { fixedSize: { kind: found.kind, axes: places.map(({ name, axis }) => `${name}.${axis}`), size: one } };
}

function countOrNull(value: bigint | null): Count | null {
  return value === null ? null : count(value);
}

/** Profiles of values: one object each, however many nodes read it. */
class ValueProfiles {
  private readonly byScope = new Map<ScopeShapes, (ValueProfile | undefined)[]>();

  constructor(private readonly shapes: ShapeResult) {}

  /** Of a node's inputs or outputs, in order. */
  of({ scope, number }: NodeCost, { starts, items }: Lists): readonly ValueProfile[] {
    let known = this.byScope.get(scope);
    if (!known) {
      known = new Array<ValueProfile | undefined>(scope.wiring.values.length).fill(undefined);
      this.byScope.set(scope, known);
    }
    const profiles: ValueProfile[] = [];
    for (let at = starts[number] as number; at < (starts[number + 1] as number); at++) {
      const value = items[at] as number;
      if (value < 0) profiles.push(OMITTED);
      else {
        known[value] ??= this.read(scope, value);
        profiles.push(known[value]);
      }
    }
    return profiles;
  }

  private read(scope: ScopeShapes, value: number): ValueProfile {
    const name = scope.wiring.values[value] as string;
    const { dtype, shape } = factType(scope.facts.at(value) ?? this.shapes.fact(name, scope));
    return { name, dtype, shape };
  }
}

/** Id of the innermost block around a node; what stands loose in a body is in the block of the node that owns it. */
function blockAround(cost: NodeCost, costs: CostResult, blocks: BlockResult): string {
  for (let at: NodeCost | undefined = cost; at; ) {
    const { scope, number }: NodeCost = at;
    const block = blocks.places.get(scope)?.blocks[number];
    if (block !== undefined) return block;
    at = scope.parent && scope.owner ? costs.nodes.get(instanceId(scope.parent, scope.owner)) : undefined;
  }
  return '';
}

function nodeProfile(cost: NodeCost, values: ValueProfiles, category: Category, block: string): NodeProfile {
  const { node, scope } = cost;
  const parameters = count(cost.parameters);
  const profile: NodeProfile = {
    id: cost.id,
    name: node.name,
    op: node.op,
    domain: node.domain,
    category,
    block,
    parameters,
    trainableParameters: parameters,
    buffers: count(cost.buffers),
    macs: countOrNull(cost.macs),
    flops: countOrNull(cost.flops),
    formula: cost.formula,
    weightBytes: count(cost.weightBytes),
    readBytes: countOrNull(cost.readBytes),
    writtenBytes: countOrNull(cost.writtenBytes),
    inputs: values.of(cost, scope.wiring.inputs),
    outputs: values.of(cost, scope.wiring.outputs),
  };
  if (cost.times === 1n && !cost.composite) return profile;
  return {
    ...profile,
    ...(cost.times === 1n ? {} : { times: countOrNull(cost.times) }),
    ...(cost.composite ? { composite: true } : {}),
  };
}
