import { LIMITS } from '../../bytes';
import { own } from '../../data';
import type { Finding, FunctionDefinition, Graph, Model, Node, Value } from '../../model';
import { graphInputs } from '../../model';
import { type AttributeScope, attributesOf } from '../../operators/attributes';
import { knownScalar } from '../../operators/common/shapes';
import { normalizeDomain } from '../../operators/domain';
import { lookup, meaningOf } from '../../operators/registry';
import { type Attributes, type Fact, type ShapeContext, type TensorFact, UNKNOWN } from '../../operators/rule';
import { describeNode } from '../describe';
import { Findings } from '../findings';
import { WorkBudget } from './budget';
import { FactPool } from './factPool';
import { type DimBindings, factOfTensor, factOfType, formatFact, unifyFacts } from './facts';
import { FactTable } from './factTable';
import { nameInputDims } from './inputs';
import { type NodeClass, NodeClasses, type NodeKey } from './nodeClasses';
import { impossible } from './possible';
import { find, findAt, type OpenScope, openCall, openGraph } from './scope';
import { instanceId, type ScopeShapes, type ShapeResult } from './types';

/** The sizes that shapes are inferred for. */
export interface ShapeOptions {
  /** Numbers for named free dimensions. */
  readonly bindings?: DimBindings;
  /** Whole shapes of inputs, by name; they replace what the file declares. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  /** Whole facts of inputs, by name (values included); before `shapes`. */
  readonly facts?: ReadonlyMap<string, Fact>;
  /** What is left for this analysis; absent: a budget of its own. */
  readonly budget?: WorkBudget;
}

/**
 * Infers dtype and shape of every value: nodes in topological order, each by
 * its operator's rule as of the model's operator set, bodies and model-local
 * functions included. Never throws for what a file says; whatever does not
 * fit is a finding.
 */
export function inferShapes(model: Model, options: ShapeOptions = {}): ShapeResult {
  return new Inference(model, options).run();
}

/** What is known of a scope's values before its nodes are inferred. */
interface Given {
  /** As the file declares them. */
  readonly stored: FactTable | null;
  /** 1 for values that are there already. */
  readonly before: Uint8Array;
}

class NodeContext implements ShapeContext {
  private read: Attributes | undefined;

  constructor(
    private readonly inference: Inference,
    private readonly scope: OpenScope,
    readonly node: Node,
    readonly opset: number,
    readonly inputs: readonly (Fact | null)[],
  ) {}

  get attributes(): Attributes {
    this.read ??= attributesOf(this.node, this.scope.attributes);
    return this.read;
  }

  tensor(index: number): TensorFact | null {
    const fact = this.inputs[index];
    return fact?.kind === 'tensor' ? fact : null;
  }

  infer(graph: Graph, inputs: readonly Fact[]): readonly Fact[] {
    return this.inference.body(this.scope, this.node, graph, inputs);
  }

  report(code: string, message: string): void {
    const branch = mayBeSkipped(this.scope) ? ' It stands in a branch that may not be taken.' : '';
    this.inference.findings.add(code, `${describeNode(this.node)}: ${message}${branch}`, instanceId(this.scope, this.node));
  }
}

class Inference {
  readonly findings = new Findings();
  private readonly scopes = new Map<string, ScopeShapes>();
  private readonly functions = new Map<string, FunctionDefinition>();
  private readonly unopened = new Set<string>();
  private readonly calls: string[] = [];
  private readonly pool = new FactPool();
  private readonly classes = new NodeClasses();
  private readonly bindings: DimBindings;
  /** False when the caller gave an input another shape than the file declares: stored shapes are then of no use. */
  private trustStored = true;
  private readonly budget: WorkBudget;

  constructor(
    private readonly model: Model,
    private readonly options: ShapeOptions,
  ) {
    this.bindings = options.bindings ?? {};
    this.budget = options.budget ?? new WorkBudget(model);
    for (const definition of model.functions) this.functions.set(functionKey(definition), definition);
  }

  run(): ShapeResult {
    const { graph, opsets } = this.model;
    for (const value of graphInputs(graph)) this.checkRank(value);
    const inputs = graphInputs(graph).map(nameInputDims);
    const main = openGraph(graph, opsets, this.pool);
    this.budget.enterMain(graph);
    for (const value of inputs) main.facts.set(value.name, this.inputFact(value));
    this.graph(main, graph);
    const findings: readonly Finding[] = this.findings.list();
    return {
      main,
      scopes: this.scopes,
      unopened: this.unopened,
      findings,
      inputs,
      fact: (value, scope = main) => find(scope, value) ?? UNKNOWN,
    };
  }

  private inputFact(value: Value): Fact {
    const given = this.options.facts?.get(value.name);
    const declared = this.declaredFact(value);
    if (given) return given;
    const shape = own(this.options.shapes, value.name);
    if (!shape || declared.kind !== 'tensor') return declared;
    if (unifyFacts({ ...declared, shape }, declared).contradiction) this.trustStored = false;
    return { ...declared, shape };
  }

  /** A node's input as its rule sees it. */
  private inputAt(scope: OpenScope, node: Node, value: number): Fact | null {
    if (value < 0 || isOmitted(scope, value)) return null;
    const fact = findAt(scope, value);
    if (fact) return fact;
    const name = scope.wiring.values[value] as string;
    const message = `${describeNode(node)} reads "${name}", which no input, initializer or node provides.`;
    this.findings.add('missing-input', message, instanceId(scope, node), 'error');
    this.put(scope, value, UNKNOWN);
    return UNKNOWN;
  }

  private graph(scope: OpenScope, graph: Graph): void {
    for (const tensor of graph.initializers) scope.facts.set(tensor.name, factOfTensor(tensor));
    for (const sparse of graph.sparseInitializers) {
      scope.facts.set(sparse.name, { kind: 'tensor', dtype: sparse.values.dtype, shape: sparse.shape });
    }
    this.nodes(scope, [...graph.values, ...graph.outputs]);
  }

  /** What the file declares of a value. */
  private declaredFact(value: Value): Fact {
    this.checkRank(value);
    return factOfType(value.type, this.bindings);
  }

  /** Says where the file declares more axes than a tensor can have; they count as not declared. */
  private checkRank({ name, type }: Value): void {
    if ((type.kind !== 'tensor' && type.kind !== 'sparse') || type.shape === null || type.shape.length <= LIMITS.rank) return;
    const message = `The file declares "${name}" with rank ${type.shape.length}, which no tensor can have; its shape is unknown.`;
    this.findings.add('impossible-shape', message);
  }

  private storedFact(value: Value): Fact {
    const fact = this.declaredFact(value);
    return this.trustStored || fact.kind !== 'tensor' ? fact : { ...fact, shape: null };
  }

  private nodes(scope: OpenScope, declared: readonly Value[]): void {
    const { wiring, facts } = scope;
    const { starts, items } = wiring.outputs;
    this.scopes.set(scope.id, scope);
    this.reportCycle(scope);
    const stored = this.storedFacts(scope, declared);
    for (let index = wiring.sorted; index < wiring.nodes.length; index++) {
      for (let at = starts[index] as number; at < (starts[index + 1] as number); at++) {
        const value = items[at] as number;
        if (value >= 0) this.put(scope, value, stored?.at(value) ?? UNKNOWN);
      }
    }
    const before = Uint8Array.from(wiring.values, (_, value) => (facts.at(value) ? 1 : 0));
    for (let index = 0; index < wiring.sorted; index++) this.node(scope, index, { stored, before });
  }

  private put(scope: OpenScope, value: number, fact: Fact): void {
    scope.facts.put(value, fact, this.pool.number(fact));
  }

  /** What the file declares of the scope's values. */
  private storedFacts(scope: OpenScope, declared: readonly Value[]): FactTable | null {
    if (declared.length === 0) return null;
    const stored = new FactTable(scope.wiring, this.pool);
    for (const value of declared) stored.set(value.name, this.storedFact(value));
    return stored;
  }

  /** Infers one node; where an equal one was inferred before, its outputs are the same. */
  private node(scope: OpenScope, index: number, given: Given): void {
    const node = scope.wiring.nodes[index] as Node;
    const definition = this.definition(node);
    if (definition) {
      this.keep(scope, index, given, this.call(scope, node, definition));
      return;
    }
    const opset = this.opset(scope, node);
    const asked = this.findings.asked;
    const key: NodeKey = { node, opset, facts: this.factNumbers(scope, index, given.stored) };
    const hash = this.classes.hash(key);
    const known = hash === null ? undefined : this.classes.find(hash, key);
    if (known) {
      this.repeat(scope, index, given, known.made);
      scope.classes[index] = known.number;
      return;
    }
    const facts = this.apply(new NodeContext(this, scope, node, opset, this.inputsOf(scope, index)));
    const made = this.keep(scope, index, given, facts);
    // What was said of a node is its own.
    if (hash === null || asked !== this.findings.asked) return;
    scope.classes[index] = this.classes.add(hash, key, made).number;
  }

  private definition(node: Node): FunctionDefinition | undefined {
    if (this.functions.size === 0) return undefined;
    return this.functions.get(functionKey({ domain: node.domain, name: node.op, overload: node.overload ?? '' }));
  }

  private inputsOf(scope: OpenScope, index: number): readonly (Fact | null)[] {
    const { nodes, inputs } = scope.wiring;
    const node = nodes[index] as Node;
    const start = inputs.starts[index] as number;
    const facts: (Fact | null)[] = [];
    for (let at = 0; at < node.inputs.length; at++) facts.push(this.inputAt(scope, node, inputs.items[start + at] as number));
    return facts;
  }

  private factNumbers(scope: OpenScope, index: number, stored: FactTable | null): readonly number[] {
    const { inputs, outputs } = scope.wiring;
    const input = inputs.starts[index] as number;
    const output = outputs.starts[index] as number;
    const count = (inputs.starts[index + 1] as number) - input;
    // Of the right length at once: an array that grows takes room for 17.
    const numbers = new Array<number>(count + (outputs.starts[index + 1] as number) - output);
    for (let at = 0; at < count; at++) {
      const value = inputs.items[input + at] as number;
      numbers[at] = value < 0 || isOmitted(scope, value) ? -2 : this.numberOf(scope, value);
    }
    for (let at = count; at < numbers.length; at++) {
      const value = outputs.items[output + at - count] as number;
      numbers[at] = value < 0 ? -3 : stored?.at(value) ? stored.numberAt(value) : -2;
    }
    return numbers;
  }

  private numberOf(scope: OpenScope, value: number): number {
    if (scope.facts.at(value)) return scope.facts.numberAt(value);
    const fact = findAt(scope, value);
    return fact ? this.pool.number(fact) : -1;
  }

  /** Outputs of a node whose equal was inferred before. */
  private repeat(scope: OpenScope, index: number, { before }: Given, made: NodeClass['made']): void {
    const { outputs } = scope.wiring;
    const start = outputs.starts[index] as number;
    for (let at = 0; at < made.length; at++) {
      const value = outputs.items[start + at] as number;
      const one = made[at];
      if (value < 0 || !one || this.isTaken(scope, index, value, before)) continue;
      scope.facts.put(value, one.fact, one.number);
    }
  }

  /** Keeps what a rule found of a node's outputs, one entry for each. */
  private keep(scope: OpenScope, index: number, { stored, before }: Given, facts: readonly Fact[]): NodeClass['made'] {
    const { nodes, outputs } = scope.wiring;
    const node = nodes[index] as Node;
    const start = outputs.starts[index] as number;
    return node.outputs.map((name, at) => {
      const value = outputs.items[start + at] as number;
      if (value < 0) return { fact: UNKNOWN, number: -1 };
      if (this.isTaken(scope, index, value, before)) return { fact: scope.facts.at(value) ?? UNKNOWN, number: -1 };
      const settled = this.settle(scope, node, name, facts[at] ?? UNKNOWN, stored?.at(value));
      const number = this.pool.number(settled);
      const fact = this.pool.fact(number) ?? settled;
      scope.facts.put(value, fact, number);
      return { fact, number };
    });
  }

  /** A value that exists already: made twice, unless a reader that stands before its maker left a blank. */
  private isTaken(scope: OpenScope, index: number, value: number, before: Uint8Array): boolean {
    const there = scope.facts.at(value);
    if (!there || (before[value] === 0 && there === UNKNOWN)) return false;
    const node = scope.wiring.nodes[index] as Node;
    const name = scope.wiring.values[value] as string;
    const message = `${describeNode(node)} makes "${name}", which is there already; the first one counts.`;
    this.findings.add('duplicate-value', message, instanceId(scope, node), 'error');
    return true;
  }

  private reportCycle(scope: OpenScope): void {
    const [first] = scope.cyclic;
    if (!first) return;
    const names = scope.cyclic.slice(0, 3).map(describeNode).join(', ');
    const more = scope.cyclic.length > 3 ? ` and ${scope.cyclic.length - 3} more` : '';
    this.findings.add(
      'cycle',
      `The graph has a cycle through ${names}${more}: each waits for its own output, so none of them can run.`,
      instanceId(scope, first),
      'error',
    );
  }

  /** Whether one more body or call may be inferred. */
  private mayEnter(scope: OpenScope, node: Node, id: string, body: Graph | FunctionDefinition): boolean {
    const may = this.hasRoom(scope, node, id, body);
    // A Loop's body that was inferred once, and for which there is no room to turn again, is known.
    if (!may && !this.scopes.has(id)) this.unopened.add(instanceId(scope, node));
    return may;
  }

  private hasRoom(scope: OpenScope, node: Node, id: string, body: Graph | FunctionDefinition): boolean {
    if (scope.depth >= LIMITS.bodyDepth) {
      const message = `${describeNode(node)} is nested more than ${LIMITS.bodyDepth} levels deep; its outputs are unknown.`;
      this.findings.add('too-deep', message, instanceId(scope, node));
      return false;
    }
    // A Loop's body is inferred turn by turn: one scope, many times its nodes.
    if (this.budget.mayEnter(body, this.scopes.has(id))) return true;
    this.findings.once(
      'too-many-nodes',
      `Shape inference went into no more functions and bodies from ${describeNode(node)} on: ` +
        'expanded they are many times the nodes that the file holds. What they give is unknown.',
      instanceId(scope, node),
    );
    return false;
  }

  /** An output's fact: possible extents only, completed by what the file declares. */
  private settle(scope: OpenScope, node: Node, name: string, inferred: Fact, stored: Fact | undefined): Fact {
    const problem = inferred.kind === 'tensor' ? impossible(inferred) : null;
    if (problem) {
      const message = `${describeNode(node)}: "${name}" would have ${problem.what}, which no tensor can have; that much is unknown.`;
      this.findings.add('impossible-shape', message, instanceId(scope, node));
    }
    const possible = this.affordable(scope, node, problem?.fact ?? inferred);
    if (!stored) return possible;
    const { fact, contradiction } = unifyFacts(possible, stored);
    if (contradiction) {
      this.findings.add(
        'stored-type',
        `${describeNode(node)}: the file declares "${name}" as ${formatFact(stored)}, but its inputs make it ${formatFact(inferred)}.`,
        instanceId(scope, node),
      );
    }
    return fact;
  }

  /** The fact without its elements where the values known so far are too many already. */
  private affordable(scope: OpenScope, node: Node, fact: Fact): Fact {
    if (fact.kind !== 'tensor' || !fact.data || this.budget.mayKeep(fact.data.length)) return fact;
    this.findings.once(
      'too-much-data',
      `Shape inference keeps the elements of no more small tensors from ${describeNode(node)} on, ` +
        `because they are more than ${LIMITS.knownElements}; shapes that depend on them are unknown.`,
      instanceId(scope, node),
    );
    return { kind: 'tensor', dtype: fact.dtype, shape: fact.shape };
  }

  private apply(context: NodeContext): readonly Fact[] {
    const { node, opset } = context;
    const operator = lookup(node.domain, node.op, opset);
    if (!operator) {
      this.unknownBodies(context);
      return [];
    }
    try {
      return operator.shape(context);
    } catch (error) {
      // A rule must not throw; if one does, the rest of the model is still worth showing.
      context.report('rule-error', `its shape rule failed (${String(error)}); its outputs are unknown.`);
      return [];
    }
  }

  /** Bodies of an operator that nobody knows: what they are given is unknown, what they hold is not. */
  private unknownBodies(context: NodeContext): void {
    for (const name of Object.keys(context.node.attributes)) {
      const attribute = context.attributes.get(name);
      const graphs = attribute?.kind === 'graph' ? [attribute.value] : attribute?.kind === 'graphs' ? attribute.value : [];
      for (const graph of graphs) context.infer(graph, []);
    }
  }

  /** Version of the node's operator set; the newest we know where the file imports none. */
  private opset(scope: OpenScope, node: Node): number {
    const domain = normalizeDomain(node.domain);
    const { opsets } = scope;
    const version = own(opsets, domain) ?? (domain === '' ? opsets['ai.onnx'] : undefined);
    if (version !== undefined) return version;
    const name = domain === '' ? 'ai.onnx' : domain;
    this.findings.once('opset-missing', `The model imports no version of operator set "${name}"; the newest is assumed.`, node.id, name);
    return Number.MAX_SAFE_INTEGER;
  }

  body(scope: OpenScope, node: Node, graph: Graph, inputs: readonly Fact[]): readonly Fact[] {
    const attribute = attributeHolding(node, scope.attributes, graph);
    const id = `${instanceId(scope, node)}/${attribute}`;
    if (!this.mayEnter(scope, node, id, graph)) return graph.outputs.map(() => UNKNOWN);
    const inner = openGraph(graph, scope.opsets, this.pool, { parent: scope, owner: node, id });
    graph.inputs.forEach((value, index) => {
      const declared = this.declaredFact(value);
      const given = inputs[index] ?? UNKNOWN;
      inner.facts.set(value.name, unifyFacts(given, this.trustStored ? declared : UNKNOWN).fact);
    });
    addBody(scope, node, inner);
    this.graph(inner, graph);
    return graph.outputs.map((value) => find(inner, value.name) ?? UNKNOWN);
  }

  private call(scope: OpenScope, node: Node, definition: FunctionDefinition): readonly Fact[] {
    const key = functionKey(definition);
    if (this.calls.includes(key)) {
      const message = `Function "${definition.name}" calls itself (${describeNode(node)}), which ONNX forbids; its outputs are unknown.`;
      this.findings.add('recursive-function', message, instanceId(scope, node), 'error');
      this.unopened.add(instanceId(scope, node));
      return [];
    }
    if (!this.mayEnter(scope, node, instanceId(scope, node), definition)) return [];
    const given = new Map(Object.entries(definition.defaults));
    const read = attributesOf(node, scope.attributes);
    for (const name of Object.keys(node.attributes)) {
      const attribute = read.get(name);
      if (attribute) given.set(name, attribute);
    }
    const attributes = Object.fromEntries(given);
    const inner = openCall(definition, this.pool, { parent: scope, owner: node, id: instanceId(scope, node), attributes });
    definition.inputs.forEach((name, index) => {
      const fact = this.inputAt(scope, node, scope.wiring.value(node.inputs[index] ?? ''));
      if (fact) inner.facts.set(name, fact);
    });
    addBody(scope, node, inner);
    this.calls.push(key);
    this.nodes(inner, definition.values);
    this.calls.pop();
    return definition.outputs.map((name) => inner.facts.get(name) ?? UNKNOWN);
  }
}

function isOmitted({ omitted, wiring }: OpenScope, value: number): boolean {
  return omitted.size > 0 && omitted.has(wiring.values[value] as string);
}

/** Whether a scope lies in a branch whose condition is not known: what does not fit there may never run. */
function mayBeSkipped(scope: OpenScope): boolean {
  for (let from: OpenScope | null = scope; from; from = from.parent) {
    const { owner, parent } = from;
    if (!owner || !parent || !from.graph || meaningOf(owner, parent.opsets)?.does !== 'branch') continue;
    const condition = find(parent, owner.inputs[0] ?? '');
    if (condition?.kind !== 'tensor' || knownScalar(condition) === null) return true;
  }
  return false;
}

function functionKey(of: { readonly domain: string; readonly name: string; readonly overload: string }): string {
  return `${normalizeDomain(of.domain)}:${of.name}:${of.overload}`;
}

function attributeHolding(node: Node, scope: AttributeScope | undefined, graph: Graph): string {
  for (const [name, attribute] of Object.entries(node.attributes)) {
    const real = attribute.kind === 'reference' ? own(scope, attribute.value) : attribute;
    if (real?.kind === 'graph' && real.value === graph) return name;
    if (real?.kind === 'graphs' && real.value.includes(graph)) return `${name}${real.value.indexOf(graph)}`;
  }
  return 'body';
}

/** Keeps one scope per body: inferring it again (a Loop whose state settles) replaces the earlier one. */
function addBody(scope: OpenScope, node: Node, inner: ScopeShapes): void {
  const others = (scope.bodies.get(node) ?? []).filter((body) => body.id !== inner.id);
  scope.bodies.set(node, [...others, inner]);
}
