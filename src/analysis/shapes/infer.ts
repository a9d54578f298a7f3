import { LIMITS } from '../../bytes';
import type { Finding, FunctionDefinition, Graph, Model, Node, Value } from '../../model';
import { graphInputs, own } from '../../model';
import { type AttributeScope, attributesOf } from '../../operators/attributes';
import { normalizeDomain } from '../../operators/domain';
import { lookup } from '../../operators/registry';
import { type Attributes, type Fact, type ShapeContext, type TensorFact, UNKNOWN } from '../../operators/rule';
import { describeNode } from '../describe';
import { Findings } from '../findings';
import { WorkBudget } from './budget';
import { type DimBindings, factOfTensor, factOfType, formatFact, unifyFacts } from './facts';
import { nameInputDims } from './inputs';
import { impossible } from './possible';
import { find, type OpenScope, openCall, openGraph } from './scope';
import { instanceId, type ScopeShapes, type ShapeResult } from './types';

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

class NodeContext implements ShapeContext {
  readonly inputs: readonly (Fact | null)[];
  private read: Attributes | undefined;

  constructor(
    private readonly inference: Inference,
    private readonly scope: OpenScope,
    readonly node: Node,
    readonly opset: number,
  ) {
    this.inputs = node.inputs.map((name) => inference.input(scope, node, name));
  }

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
    this.inference.findings.add(code, `${describeNode(this.node)}: ${message}`, instanceId(this.scope, this.node));
  }
}

class Inference {
  readonly findings = new Findings();
  private readonly scopes = new Map<string, ScopeShapes>();
  private readonly functions = new Map<string, FunctionDefinition>();
  private readonly calls: string[] = [];
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
    const inputs = graphInputs(graph).map(nameInputDims);
    const main = openGraph(graph, opsets);
    this.budget.enterMain(graph);
    for (const value of inputs) main.facts.set(value.name, this.inputFact(value));
    this.graph(main, graph);
    const findings: readonly Finding[] = this.findings.list();
    return {
      main,
      scopes: this.scopes,
      findings,
      inputs,
      fact: (value, scope = main) => find(scope, value) ?? UNKNOWN,
    };
  }

  private inputFact(value: Value): Fact {
    const given = this.options.facts?.get(value.name);
    const declared = factOfType(value.type, this.bindings);
    if (given) return given;
    const shape = own(this.options.shapes, value.name);
    if (!shape || declared.kind !== 'tensor') return declared;
    if (unifyFacts({ ...declared, shape }, declared).contradiction) this.trustStored = false;
    return { ...declared, shape };
  }

  /** A node's input as its rule sees it. */
  input(scope: OpenScope, node: Node, name: string): Fact | null {
    if (name === '' || scope.omitted.has(name)) return null;
    const fact = find(scope, name);
    if (fact) return fact;
    const message = `${describeNode(node)} reads "${name}", which no input, initializer or node provides.`;
    this.findings.add('missing-input', message, instanceId(scope, node), 'error');
    scope.facts.set(name, UNKNOWN);
    return UNKNOWN;
  }

  private graph(scope: OpenScope, graph: Graph): void {
    for (const tensor of graph.initializers) scope.facts.set(tensor.name, factOfTensor(tensor));
    for (const sparse of graph.sparseInitializers) {
      scope.facts.set(sparse.name, { kind: 'tensor', dtype: sparse.values.dtype, shape: sparse.shape });
    }
    const stored = new Map<string, Fact>();
    for (const value of graph.values) stored.set(value.name, this.storedFact(value));
    for (const value of graph.outputs) stored.set(value.name, this.storedFact(value));
    this.nodes(scope, stored);
  }

  private storedFact(value: Value): Fact {
    const fact = factOfType(value.type, this.bindings);
    return this.trustStored || fact.kind !== 'tensor' ? fact : { ...fact, shape: null };
  }

  private nodes(scope: OpenScope, stored: ReadonlyMap<string, Fact>): void {
    this.scopes.set(scope.id, scope);
    this.reportCycle(scope);
    for (const node of scope.cyclic) for (const name of node.outputs) scope.facts.set(name, stored.get(name) ?? UNKNOWN);
    const before = new Set(scope.facts.keys());
    for (const node of scope.order) {
      const facts = this.node(scope, node);
      for (let index = 0; index < node.outputs.length; index++) {
        const name = node.outputs[index] ?? '';
        if (name === '') continue;
        if (scope.facts.has(name) && this.isTaken(scope, node, name, before)) continue;
        scope.facts.set(name, this.settle(scope, node, name, facts[index] ?? UNKNOWN, stored.get(name)));
      }
    }
  }

  /** A value that exists already: made twice, unless a reader that stands before its maker left a blank. */
  private isTaken(scope: OpenScope, node: Node, name: string, before: ReadonlySet<string>): boolean {
    if (!before.has(name) && scope.facts.get(name) === UNKNOWN) return false;
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

  private node(scope: OpenScope, node: Node): readonly Fact[] {
    if (this.functions.size > 0) {
      const definition = this.functions.get(functionKey({ domain: node.domain, name: node.op, overload: node.overload ?? '' }));
      if (definition) return this.call(scope, node, definition);
    }
    const opset = this.opset(scope, node);
    const operator = lookup(node.domain, node.op, opset);
    const context = new NodeContext(this, scope, node, opset);
    if (!operator) return [];
    try {
      return operator.shape(context);
    } catch (error) {
      // A rule must not throw; if one does, the rest of the model is still worth showing.
      context.report('rule-error', `its shape rule failed (${String(error)}); its outputs are unknown.`);
      return [];
    }
  }

  /** Version of the node's operator set; the newest we know where the file imports none. */
  private opset(scope: OpenScope, node: Node): number {
    const domain = normalizeDomain(node.domain);
    const { opsets } = scope;
    const version = own(opsets, domain) ?? (domain === '' ? opsets['ai.onnx'] : undefined);
    if (version !== undefined) return version;
    const name = domain === '' ? 'ai.onnx' : domain;
    this.findings.once('opset', `The model imports no version of operator set "${name}"; the newest is assumed.`, node.id, name);
    return Number.MAX_SAFE_INTEGER;
  }

  body(scope: OpenScope, node: Node, graph: Graph, inputs: readonly Fact[]): readonly Fact[] {
    const attribute = attributeHolding(node, scope.attributes, graph);
    const id = `${instanceId(scope, node)}/${attribute}`;
    if (!this.mayEnter(scope, node, id, graph)) return graph.outputs.map(() => UNKNOWN);
    const inner = openGraph(graph, scope.opsets, { parent: scope, owner: node, id });
    graph.inputs.forEach((value, index) => {
      const declared = factOfType(value.type, this.bindings);
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
    const inner = openCall(definition, { parent: scope, owner: node, id: instanceId(scope, node), attributes });
    definition.inputs.forEach((name, index) => {
      const fact = this.input(scope, node, node.inputs[index] ?? '');
      if (fact) inner.facts.set(name, fact);
    });
    addBody(scope, node, inner);
    const stored = new Map(definition.values.map((value) => [value.name, this.storedFact(value)]));
    this.calls.push(key);
    this.nodes(inner, stored);
    this.calls.pop();
    return definition.outputs.map((name) => inner.facts.get(name) ?? UNKNOWN);
  }
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
