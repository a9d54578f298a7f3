import type { Graph, Node } from '../../model';
import type { Meaning } from '../../operators/meaning';
import { meaningOf } from '../../operators/registry';

/**
 * What ONNX Runtime's optimisers put around the name of the value they keep:
 * `_nchwc` (blocked layout; `_bn_nchwc` a normalisation run as a convolution), `_token_7` (made unique), a provider after a copy
 * between devices, and the mark of a cast inserted for a type that has no kernel.
 */
const DECORATIONS: readonly RegExp[] = [
  /_token_\d+$/,
  /(?:_bn)?_nchwc$/,
  /_[A-Za-z]+ExecutionProvider$/,
  /^InsertedPrecisionFreeCast_/,
  /(?:\/\w*Fusion)+\/?$/i,
];

/** The name and what it was before it was decorated, likeliest first. */
export function plainNames(name: string): readonly string[] {
  const names = [name];
  let current = name;
  for (let again = true; again; ) {
    again = false;
    for (const decoration of DECORATIONS) {
      const stripped = current.replace(decoration, '');
      if (stripped === current || stripped === '') continue;
      current = stripped;
      names.push(current);
      again = true;
    }
  }
  return names;
}

/** True where a kernel bears the name of a node's operator: a trace gives no domain. */
export function bearsName(kernel: string, node: Node | undefined): boolean {
  return kernel === node?.op;
}

/** Finds nodes of the file by the names that an optimised graph uses. */
export class OriginalNames {
  private readonly producers = new Map<string, Node>();
  private readonly named = new Map<string, Node | null>();
  private readonly readers = new Map<string, Set<Node>>();

  constructor(
    graph: Pick<Graph, 'nodes'>,
    private readonly opsets: Readonly<Record<string, number>>,
  ) {
    for (const node of graph.nodes) {
      for (const output of node.outputs) if (output !== '' && !this.producers.has(output)) this.producers.set(output, node);
      for (const input of node.inputs) this.readers.set(input, (this.readers.get(input) ?? new Set()).add(node));
      if (node.name !== '') this.named.set(node.name, this.named.has(node.name) ? null : node);
    }
  }

  /** The node that makes a value of the file. */
  producer(value: string): Node | undefined {
    return this.producers.get(value);
  }

  /** What a node of the file means. */
  meaningOf(node: Node): Meaning | null {
    return meaningOf(node, this.opsets);
  }

  /** The one node that reads the only output of `node`. */
  onlyReader(node: Node): Node | undefined {
    const readers = this.readers.get(node.outputs[0] ?? '');
    const [reader] = readers?.size === 1 ? readers : [];
    return reader;
  }

  /** The node whose value an optimised graph's value is: by the value's own name, or by the node's name that it was given. */
  ofValue(name: string): Node | undefined {
    return this.first(name, (plain) => this.producers.get(plain) ?? this.named.get(plain) ?? undefined);
  }

  /** The node that a kernel is named for: after its value, or (same operator) after itself. */
  ofKernel(name: string, op: string): Node | undefined {
    return this.first(name, (plain) => {
      const node = this.producers.get(plain);
      if (node) return node;
      const named = this.named.get(plain);
      return named && (bearsName(op, named) || plain !== name || op === '') ? named : undefined;
    });
  }

  private first(name: string, find: (plain: string) => Node | undefined): Node | undefined {
    for (const plain of plainNames(name)) {
      const node = find(plain);
      if (node) return node;
    }
    return undefined;
  }
}
