import { append } from '../../data';
import { isFloating, type Node } from '../../model';
import { type AttributeScope, attributesOf } from '../../operators/attributes';
import { NO_ARITHMETIC } from '../../operators/common/costs';
import { sequencesOf, tripCount } from '../../operators/common/tripCount';
import { isAmong, listsInput, type Meaning, NEVER_MULTIPLY, type Traffic } from '../../operators/meaning';
import { lookup, meaningOf, versionOf } from '../../operators/registry';
import { type Attributes, type Cost, type CostContext, type Fact, type Operator, type TensorFact, UNKNOWN } from '../../operators/rule';
import { describeNode } from '../describe';
import { Findings } from '../findings';
import { instanceId, type ScopeShapes, type ShapeResult } from '../shapes/types';
import { bytesOfFact, bytesOfFacts } from './bytes';
import { attributeConstants, type Constants } from './constants';
import type { CostResult, NodeCost } from './types';

/** What every node of a model costs, given its shapes. Exact integers; nothing unknown is ever counted as 0. */
export function countCosts(shapes: ShapeResult): CostResult {
  const counter = new Counter(shapes);
  const main = counter.scope(shapes.main, 1n);
  counter.markNotTaken(shapes.main);
  const of = (scope: ScopeShapes) => counter.byScope.get(scope) ?? [];
  return { nodes: counter.nodes, of, main, weightBytesByType: counter.constants.bytesByType, findings: counter.findings.list() };
}

/** Operators of a file that ONNX Runtime has laid out for one processor. */
const BLOCKED_LAYOUT = 'com.microsoft.nchwc';
const PADDED =
  'ONNX Runtime has laid this file out for one processor (com.microsoft.nchwc): channels are padded to whole blocks, ' +
  'and the padding is counted, so parameters and MACs may be above those of the model it was made from.';

const NO_BODIES: readonly ScopeShapes[] = [];

class Context implements CostContext {
  private read: Attributes | undefined;

  constructor(
    readonly node: Node,
    readonly opset: number,
    readonly operator: Operator | null,
    private readonly scopeAttributes: AttributeScope | undefined,
    readonly inputs: readonly (Fact | null)[],
    readonly outputs: readonly Fact[],
  ) {}

  get attributes(): Attributes {
    this.read ??= attributesOf(this.node, this.scopeAttributes);
    return this.read;
  }

  tensor(index: number): TensorFact | null {
    const fact = this.inputs[index];
    return fact?.kind === 'tensor' ? fact : null;
  }

  output(index: number): TensorFact | null {
    const fact = this.outputs[index];
    return fact?.kind === 'tensor' ? fact : null;
  }
}

interface Work {
  readonly macs: bigint | null;
  readonly flops: bigint | null;
  readonly formula: string;
  readonly reason: string;
}

type Place = Pick<NodeCost, 'scope' | 'number' | 'node' | 'times' | 'composite'>;

/** What a node's operator, attributes and shapes say of it: the same for every node of its class. */
interface Measured {
  readonly work: Work;
  readonly read: bigint | null;
  readonly written: bigint | null;
}

const NOTHING: Measured = { work: { ...NO_ARITHMETIC, reason: '' }, read: 0n, written: 0n };

function factsOf(names: readonly string[], scope: ScopeShapes, shapes: ShapeResult): readonly (Fact | null)[] {
  return names.map((name) => {
    if (name === '') return null;
    const fact = scope.facts.get(name);
    if (fact) return fact;
    // An input of a function that its caller omits.
    if (scope.graph === null && scope.inputs.includes(name)) return null;
    return shapes.fact(name, scope);
  });
}

function outputFacts(node: Node, scope: ScopeShapes): readonly Fact[] {
  return node.outputs.map((name) => scope.facts.get(name) ?? UNKNOWN);
}

function notCounted(reason: string): Work {
  return { macs: null, flops: null, formula: '', reason };
}

interface Sum {
  macs: bigint;
  flops: bigint;
}

function sumOf(costs: readonly NodeCost[]): Sum {
  const sum = { macs: 0n, flops: 0n };
  for (const cost of costs) {
    sum.macs += cost.macs ?? 0n;
    sum.flops += cost.flops ?? 0n;
  }
  return sum;
}

/** A composite node holds its own constants and those of the nodes inside. */
function withWeightsOf(cost: NodeCost, inner: readonly NodeCost[]): NodeCost {
  let { parameters, buffers, weightBytes } = cost;
  for (const one of inner) {
    parameters += one.parameters;
    buffers += one.buffers;
    weightBytes += one.weightBytes;
  }
  return { ...cost, parameters, buffers, weightBytes };
}

class Counter {
  readonly nodes = new Map<string, NodeCost>();
  readonly byScope = new Map<ScopeShapes, NodeCost[]>();
  readonly findings = new Findings();
  readonly constants: Constants;
  /** Bodies of branches that are not the dearer one. */
  private readonly notTaken = new Set<ScopeShapes>();
  /** By class (`ScopeShapes.classes`). */
  private readonly measured: (Measured | undefined)[] = [];

  constructor(private readonly shapes: ShapeResult) {
    this.constants = attributeConstants(shapes);
  }

  /** Costs of a scope's nodes in file order; `times` is how often the scope runs. */
  scope(scope: ScopeShapes, times: bigint | null): readonly NodeCost[] {
    const { fileOrder } = scope.wiring;
    return scope.nodes.map((node, place) => this.node(scope, fileOrder ? (fileOrder[place] as number) : place, node, times));
  }

  private node(scope: ScopeShapes, number: number, node: Node, times: bigint | null): NodeCost {
    const bodies = (scope.bodies.size > 0 && scope.bodies.get(node)) || NO_BODIES;
    const place = { scope, number, node, times, composite: false };
    if (bodies !== NO_BODIES) return this.holder(place, bodies);
    // Exporters write as many constants as other nodes; they do no work and move nothing, which needs no context to tell.
    if (node.inputs.length === 0 && meaningOf(node, scope.opsets)?.does === 'constant') return this.keep(this.record(place, NOTHING));
    const of = scope.classes[number] as number;
    const known = this.measured[of];
    if (known) return this.keep(this.record(place, known));
    const asked = this.findings.asked;
    const context = this.context(place);
    const work = this.single(context, scope);
    // What an operator that nobody knows reads and writes is not known either.
    const measured = context.operator
      ? { work, read: readBytes(context), written: writtenBytes(context) }
      : { work, read: null, written: null };
    // Why something is not counted names the node's own values.
    if (of >= 0 && measured.work.reason === '' && asked === this.findings.asked) this.measured[of] = measured;
    return this.keep(this.record(place, measured));
  }

  private context({ scope, node }: Place): Context {
    const opset = versionOf(node.domain, scope.opsets);
    const operator = lookup(node.domain, node.op, opset);
    return new Context(node, opset, operator, scope.attributes, factsOf(node.inputs, scope, this.shapes), outputFacts(node, scope));
  }

  /** A node with bodies. */
  private holder(place: Place, bodies: readonly ScopeShapes[]): NodeCost {
    const { times } = place;
    const context = this.context(place);
    const inner: NodeCost[] = [];
    const foreign = isForeign(context, bodies);
    const work = foreign ? this.foreign(context, bodies, times) : this.composite(context, bodies, times, inner);
    const measured = { work, read: readBytes(context), written: writtenBytes(context) };
    const cost = this.record({ ...place, composite: !foreign }, measured);
    return this.keep(inner.length === 0 ? cost : withWeightsOf(cost, inner));
  }

  private record({ scope, number, node, times, composite }: Place, { work, read, written }: Measured): NodeCost {
    const id = instanceId(scope, node);
    const own = this.constants.byNode.get(id);
    return {
      id,
      node,
      scope,
      number,
      times,
      composite,
      unopened: this.shapes.unopened.has(id),
      parameters: own?.parameters ?? 0n,
      buffers: own?.buffers ?? 0n,
      weightBytes: own?.bytes ?? 0n,
      macs: work.macs,
      flops: work.flops,
      formula: work.formula,
      reason: work.reason,
      readBytes: read,
      writtenBytes: written,
    };
  }

  private keep(cost: NodeCost): NodeCost {
    this.nodes.set(cost.id, cost);
    let scope = this.byScope.get(cost.scope);
    if (!scope) {
      scope = new Array(cost.scope.wiring.nodes.length);
      this.byScope.set(cost.scope, scope);
    }
    scope[cost.number] = cost;
    return cost;
  }

  private single(context: Context, scope: ScopeShapes): Work {
    const { node, operator } = context;
    if (this.shapes.unopened.has(instanceId(scope, node))) return notCounted('its body was not gone into');
    if (!operator) return notCounted(`operator ${node.domain === '' ? '' : `${node.domain}:`}${node.op} is not known`);
    let cost: Cost | null;
    try {
      cost = operator.cost(context);
    } catch (error) {
      this.findings.add('rule-error', `${describeNode(node)}: its cost rule failed (${String(error)}).`, instanceId(scope, node));
      return notCounted('its cost rule failed');
    }
    if (!cost) return unknownWork(operator, context);
    if (node.domain === BLOCKED_LAYOUT) this.findings.once('padded-channels', PADDED, instanceId(scope, node));
    if (cost.macs < 0n || cost.flops < 0n) return notCounted('a shape has a negative extent');
    if (cost.macs === 0n && cost.flops > 0n && isFolded(context)) {
      return { macs: 0n, flops: 0n, formula: 'known before the run', reason: '' };
    }
    return { macs: cost.macs, flops: cost.flops, formula: cost.formula, reason: '' };
  }

  private composite(context: Context, bodies: readonly ScopeShapes[], times: bigint | null, inner: NodeCost[]): Work {
    const { node } = context;
    if (context.operator?.meaning.does === 'branch') return this.branches(bodies, times, inner);
    const [body] = bodies;
    if (!body) return notCounted('has no body');
    const turns = body.graph ? this.turnsOf(context, body) : 1n;
    const all = times === null || turns === null ? null : times * turns;
    const costs = this.scope(body, all);
    append(inner, costs);
    if (turns === null) return notCounted('the number of turns depends on data');
    const sum = sumOf(costs);
    const formula = body.graph
      ? `${turns} turns * (${sum.macs} MACs, ${sum.flops} FLOPs of the body)`
      : `sum of ${costs.length} nodes of function ${node.op}`;
    return { macs: turns * sum.macs, flops: turns * sum.flops, formula, reason: '' };
  }

  /** Bodies of an operator that is no control flow of ONNX's: they stand beside it, for what it does itself is not known. */
  private foreign(context: Context, bodies: readonly ScopeShapes[], times: bigint | null): Work {
    const { node, opset } = context;
    const once = lookup(node.domain, node.op, opset)?.runsOnce ?? [];
    const open: string[] = [];
    for (const body of bodies) {
      const attribute = body.id.slice(body.id.lastIndexOf('/') + 1);
      const isOnce = once.includes(attribute);
      this.scope(body, isOnce ? times : null);
      if (!isOnce) open.push(`"${attribute}"`);
    }
    return notCounted(`how often it runs its ${open.join(' and ') || 'bodies'} is not known`);
  }

  private turnsOf(context: Context, body: ScopeShapes): bigint | null {
    const condition = body.outputs[0];
    const does = context.operator?.meaning.does ?? 'other';
    const turns = tripCount(context, does, condition === undefined ? null : this.shapes.fact(condition, body));
    const sequences = sequencesOf(context, does);
    return typeof turns === 'number' && typeof sequences === 'number' ? BigInt(turns) * BigInt(sequences) : null;
  }

  /** The dearer branch; where the condition is known, inference went into the one it takes only. */
  private branches(bodies: readonly ScopeShapes[], times: bigint | null, inner: NodeCost[]): Work {
    const sums = bodies.map((body) => {
      const costs = this.scope(body, times);
      append(inner, costs);
      return { body, sum: sumOf(costs) };
    });
    const chosen = sums.reduce((a, b) => (b.sum.flops > a.sum.flops ? b : a));
    for (const { body } of sums) if (body !== chosen.body) this.notTaken.add(body);
    const which = chosen.body.id.slice(chosen.body.id.lastIndexOf('/') + 1);
    const why = sums.length === 1 ? 'the condition is known' : 'the dearer one';
    return { ...chosen.sum, formula: `${which} (${why})`, reason: '' };
  }

  /** Marks what stands in branches that are not counted as never run: once at the end, however deep branches lie in branches. */
  markNotTaken(main: ScopeShapes): void {
    if (this.notTaken.size === 0) return;
    const pending = [{ scope: main, taken: true }];
    for (let at = pending.pop(); at; at = pending.pop()) {
      const { scope, taken } = at;
      if (!taken) for (const cost of this.byScope.get(scope) ?? []) this.keep({ ...cost, times: 0n });
      for (const bodies of scope.bodies.values())
        for (const body of bodies) pending.push({ scope: body, taken: taken && !this.notTaken.has(body) });
    }
  }
}

/** True for an operator that holds bodies and is neither a function nor control flow of ONNX's. */
function isForeign({ operator }: Context, bodies: readonly ScopeShapes[]): boolean {
  return bodies !== NO_BODIES && bodies.every((body) => body.graph) && operator?.meaning.kind !== 'control';
}

function unknownWork({ uncounted, meaning }: Operator, context: Context): Work {
  const multiplies = uncounted ? uncounted.multiplies : !isAmong(meaning, NEVER_MULTIPLY);
  return { macs: multiplies ? null : 0n, flops: null, formula: '', reason: uncounted?.reason ?? whatIsUnknown(meaning, context) };
}

function whatIsUnknown(meaning: Meaning, { node, inputs, outputs }: Context): string {
  const open = (fact: Fact | null) => fact !== null && bytesOfFact(fact) === null;
  const shapeOf = (name = '') => `the shape of "${name}" is not fully known`;
  const shapeless = inputs.findIndex(open);
  if (shapeless >= 0) return shapeOf(node.inputs[shapeless]);
  const valueless = inputs.findIndex((fact, input) => fact?.kind === 'tensor' && !isKnown(fact) && maySteer(meaning, input, fact));
  if (valueless >= 0) return `the value of "${node.inputs[valueless]}" is known only when the model runs`;
  const unmade = outputs.findIndex(open);
  return unmade >= 0 ? shapeOf(node.outputs[unmade]) : 'its shapes do not fit the operator';
}

/** Inputs that say what an operator does: those registered as settings, and single integers. */
function maySteer(meaning: Meaning, input: number, { dtype, shape }: TensorFact): boolean {
  if (listsInput(meaning.inputs.settings, input)) return true;
  return !isFloating(dtype) && shape?.every((extent) => extent === 1) === true;
}

function isKnown({ data }: TensorFact): boolean {
  return data?.every((element) => typeof element === 'number') === true;
}

/** Shape arithmetic: every output's elements are known without running the model. */
function isFolded(context: Context): boolean {
  return context.outputs.every((fact) => fact.kind === 'tensor' && fact.data !== undefined);
}

function trafficOf({ operator }: Context): Traffic | null {
  return operator?.meaning.kind === 'move' ? operator.meaning.traffic : null;
}

function readBytes(context: Context): bigint | null {
  const traffic = trafficOf(context);
  if (traffic === 'view' || traffic === 'reads extents') return 0n;
  if (traffic !== 'picks') return bytesOfFacts(context.inputs);
  const whole = bytesOfFact(context.inputs[0] ?? null);
  const picked = bytesOfFact(context.output(0));
  const first = whole === null || (picked !== null && picked < whole) ? picked : whole;
  const others = bytesOfFacts(context.inputs.slice(1));
  return first === null || others === null ? null : first + others;
}

function writtenBytes(context: Context): bigint | null {
  const traffic = trafficOf(context);
  if (traffic === 'view' || traffic === 'stored') return 0n;
  const { outputs } = context.node;
  return bytesOfFacts(outputs.includes('') ? context.outputs.filter((_, index) => outputs[index] !== '') : context.outputs);
}
