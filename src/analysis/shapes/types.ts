import type { Wiring } from '../../graph';
import type { Finding, Graph, Node, Value } from '../../model';
import type { AttributeScope } from '../../operators/attributes';
import type { Fact } from '../../operators/rule';

/** What is known of a scope's values, by number and by name. */
export interface Facts {
  at(value: number): Fact | undefined;
  get(name: string): Fact | undefined;
  has(name: string): boolean;
}

/** What inference found for one graph: the main one, a subgraph, or one call of a model-local function. */
export interface ScopeShapes {
  /**
   * `''` for the main graph, `n4/then_branch` for a subgraph, the calling node's
   * id for a function call (`n7`, and `n7/n3` for a call inside that call).
   */
  readonly id: string;
  readonly parent: ScopeShapes | null;
  /** The node that owns the body; `null` for the main graph. */
  readonly owner: Node | null;
  readonly nodes: readonly Node[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The graph, where the scope is one; `null` for a function's body. */
  readonly graph: Graph | null;
  /** Instance id of the function call this scope lies in (`''` outside of any), which stands before its nodes' ids. */
  readonly call: string;
  /** What that replaces in its nodes' ids: `f:<domain>:<name>:<overload>/`. */
  readonly prefix: string;
  /** Operator set versions in force. */
  readonly opsets: Readonly<Record<string, number>>;
  /** Attributes of the calling node, in a function's body. */
  readonly attributes: AttributeScope | undefined;
  /** The scope as integers. */
  readonly wiring: Wiring;
  /** Of inputs, initialisers and node outputs of this scope, not of outer scopes' values. */
  readonly facts: Facts;
  /** By node number: nodes of one class are equal in operator, attributes and every fact they read and make; -1 for a node that is not compared with others. */
  readonly classes: Int32Array;
  /** Nodes in an order in which every value is made before it is read; without those on a cycle. */
  readonly order: readonly Node[];
  /** Bodies inside, by owning node: a function call has one, If two. */
  readonly bodies: ReadonlyMap<Node, readonly ScopeShapes[]>;
}

/** Facts of every value of a model. */
export interface ShapeResult {
  readonly main: ScopeShapes;
  /** Every scope by id. */
  readonly scopes: ReadonlyMap<string, ScopeShapes>;
  /** Instance ids of nodes whose body or function was not gone into. */
  readonly unopened: ReadonlySet<string>;
  readonly findings: readonly Finding[];
  /** What is known of a value, seen from a scope (default: the main graph); `unknown` if nothing. */
  fact(value: string, scope?: ScopeShapes): Fact;
  /** The model's inputs (those a caller feeds) with the types that inference started from. */
  readonly inputs: readonly Value[];
}

/** Id of a node of a scope: its own, but in a function's body the call's id stands for the function's (`n7/n0`). */
export function instanceId(scope: ScopeShapes, node: Node): string {
  return scope.call === '' ? node.id : `${scope.call}/${node.id.slice(scope.prefix.length)}`;
}
