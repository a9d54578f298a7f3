import type { Attribute, Node } from '../model';
import type { Attributes } from './rule';

/** Attributes a function call gives, by which references in the function's body are resolved. */
export type AttributeScope = Readonly<Record<string, Attribute>>;

function clamp(value: number | bigint): number {
  if (typeof value === 'number') return value;
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) return Number.MAX_SAFE_INTEGER;
  if (value < BigInt(Number.MIN_SAFE_INTEGER)) return Number.MIN_SAFE_INTEGER;
  return Number(value);
}

class NodeAttributes implements Attributes {
  constructor(
    private readonly node: Node,
    private readonly scope: AttributeScope | undefined,
  ) {}

  get(name: string): Attribute | undefined {
    if (!Object.hasOwn(this.node.attributes, name)) return undefined;
    const attribute = this.node.attributes[name];
    if (attribute?.kind !== 'reference') return attribute;
    if (!this.scope || !Object.hasOwn(this.scope, attribute.value)) return undefined;
    return this.scope[attribute.value];
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  int(name: string): number | undefined;
  int(name: string, fallback: number): number;
  int(name: string, fallback?: number): number | undefined {
    const attribute = this.get(name);
    return attribute?.kind === 'int' ? clamp(attribute.value) : fallback;
  }

  float(name: string): number | undefined;
  float(name: string, fallback: number): number;
  float(name: string, fallback?: number): number | undefined {
    const attribute = this.get(name);
    return attribute?.kind === 'float' ? attribute.value : fallback;
  }

  string(name: string): string | undefined;
  string(name: string, fallback: string): string;
  string(name: string, fallback?: string): string | undefined {
    const attribute = this.get(name);
    return attribute?.kind === 'string' ? attribute.value : fallback;
  }

  ints(name: string): readonly number[] | undefined {
    const attribute = this.get(name);
    return attribute?.kind === 'ints' ? attribute.value.map(clamp) : undefined;
  }

  floats(name: string): readonly number[] | undefined {
    const attribute = this.get(name);
    return attribute?.kind === 'floats' ? attribute.value : undefined;
  }

  strings(name: string): readonly string[] | undefined {
    const attribute = this.get(name);
    return attribute?.kind === 'strings' ? attribute.value : undefined;
  }
}

/** A node's attributes; inside a function's body, `scope` resolves references to the caller's. */
export function attributesOf(node: Node, scope?: AttributeScope): Attributes {
  return new NodeAttributes(node, scope);
}
