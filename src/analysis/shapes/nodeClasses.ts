import { hashAttributes, sameAttributes } from '../../graph/attributes';
import type { Node } from '../../model';
import type { Fact } from '../../operators/rule';

/** What shape inference of a node depends on, besides its operator and attributes. */
export interface NodeKey {
  readonly node: Node;
  /** Version of the node's operator set. */
  readonly opset: number;
  /** Pool numbers: of each input's fact (-2 for an omitted one), then of what the file declares of each output (-2 for nothing, -3 for an omitted output). */
  readonly facts: readonly number[];
}

/** Nodes that are equal in operator, attributes and every fact they read, and so in every fact they make. */
export interface NodeClass extends NodeKey {
  readonly number: number;
  /** By output. */
  readonly made: readonly { readonly fact: Fact; readonly number: number }[];
  next: NodeClass | undefined;
}

function isSame(one: NodeKey, other: NodeKey): boolean {
  const { node, opset, facts } = one;
  if (opset !== other.opset || node.op !== other.node.op || node.domain !== other.node.domain) return false;
  if (node.inputs.length !== other.node.inputs.length || facts.length !== other.facts.length) return false;
  for (let at = 0; at < facts.length; at++) if (facts[at] !== other.facts[at]) return false;
  return sameAttributes(node, other.node);
}

/** Sorts nodes into classes, so that a rule runs once for all that are equal: networks repeat their blocks. */
export class NodeClasses {
  private readonly byHash = new Map<number, NodeClass>();
  private readonly operators = new Map<string, number>();
  private count = 0;

  /** `null` for a node that is not compared with others. */
  hash({ node, opset, facts }: NodeKey): number | null {
    const attributes = hashAttributes(node);
    if (attributes === null) return null;
    let operator = this.operators.get(node.op);
    if (operator === undefined) {
      operator = this.operators.size;
      this.operators.set(node.op, operator);
    }
    let hash = Math.imul(attributes ^ operator, 0x9e3779b1) ^ opset;
    for (let at = 0; at < facts.length; at++) {
      const fact = facts[at] as number;
      if (fact === -1) return null;
      hash = Math.imul(hash ^ fact, 0x85ebca6b);
      hash ^= hash >>> 13;
    }
    return hash;
  }

  find(hash: number, key: NodeKey): NodeClass | undefined {
    let found = this.byHash.get(hash);
    while (found && !isSame(found, key)) found = found.next;
    return found;
  }

  add(hash: number, key: NodeKey, made: NodeClass['made']): NodeClass {
    const fresh: NodeClass = { ...key, number: this.count++, made, next: this.byHash.get(hash) };
    this.byHash.set(hash, fresh);
    return fresh;
  }
}
