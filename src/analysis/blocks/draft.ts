import type { BlockKind } from './kinds';
/** Facts of a block by name, as the details panel and the comparison show them. */
export type BlockAttributes = Record<string, number | string | boolean | readonly number[]>;

/** A block while the tree is being built, in node numbers. */
export interface Draft {
  readonly kind: BlockKind;
  label: string;
  readonly nodes: Set<number>;
  readonly attributes: BlockAttributes;
  readonly children: Set<Draft>;
}

/** A block without children. */
export function draft(kind: BlockKind, label: string, nodes: Iterable<number>, attributes: BlockAttributes = {}): Draft {
  return { kind, label, nodes: new Set(nodes), attributes, children: new Set() };
}

/** Numbers of a block's nodes, in no order. */
export function numbersIn({ nodes }: Draft): Int32Array {
  const numbers = new Int32Array(nodes.size);
  let count = 0;
  // Not `for...of`: until V8 optimises it, each step makes an object.
  nodes.forEach((index) => {
    numbers[count++] = index;
  });
  return numbers;
}

function isSubset(inner: ReadonlySet<number>, outer: ReadonlySet<number>): boolean {
  if (inner.size > outer.size) return false;
  for (const index of inner) if (!outer.has(index)) return false;
  return true;
}

/**
 * Blocks that nest and never overlap otherwise. Insertion order does not
 * matter but for conflicts, where the earlier one stays.
 */
export class DraftTree {
  readonly roots = new Set<Draft>();
  /** Innermost block of each node. */
  private readonly inner: (Draft | undefined)[];
  private readonly parents = new Map<Draft, Draft>();
  private changes = 0;

  /** Another number after every change of the blocks, by which what was read out of them can be kept. */
  get version(): number {
    return this.changes;
  }

  /** For a scope of this many nodes. */
  constructor(nodes = 0) {
    this.inner = new Array<Draft | undefined>(nodes).fill(undefined);
  }

  /** Innermost block that holds a node. */
  blockOf(index: number): Draft | undefined {
    return this.inner[index];
  }

  parentOf(block: Draft): Draft | undefined {
    return this.parents.get(block);
  }

  /** Innermost block of a kind that holds a node. */
  around(index: number, kind: BlockKind): Draft | undefined {
    let block = this.inner[index];
    while (block && block.kind !== kind) block = this.parents.get(block);
    return block;
  }

  /** Outermost block that holds a node. */
  rootOf(index: number): Draft | undefined {
    let block = this.inner[index];
    for (let parent = block && this.parents.get(block); parent; parent = this.parents.get(parent)) block = parent;
    return block;
  }

  /** Adds a block where it nests; returns false, leaving the tree as it is, where it would cut through another. */
  insert(block: Draft): boolean {
    if (block.nodes.size === 0) return false;
    const inside = new Map<Draft, boolean>();
    const isIn = (inner: Draft): boolean => {
      let known = inside.get(inner);
      if (known === undefined) {
        known = isSubset(inner.nodes, block.nodes);
        inside.set(inner, known);
      }
      return known;
    };
    const contained = new Set<Draft>();
    let parent: Draft | null | undefined;
    for (const index of block.nodes) {
      let at = this.inner[index];
      let below: Draft | undefined;
      while (at && isIn(at)) {
        below = at;
        at = this.parents.get(at);
      }
      if (below) contained.add(below);
      if (parent === undefined) parent = at ?? null;
      else if (parent !== (at ?? null)) return false;
    }
    if (parent && !isSubset(block.nodes, parent.nodes)) return false;
    this.link(block, parent ?? undefined, contained);
    return true;
  }

  private link(block: Draft, parent: Draft | undefined, contained: ReadonlySet<Draft>): void {
    this.changes++;
    const siblings = parent ? parent.children : this.roots;
    for (const one of contained) {
      siblings.delete(one);
      block.children.add(one);
    }
    siblings.add(block);
    if (parent) this.parents.set(block, parent);
    for (const child of block.children) this.parents.set(child, block);
    block.nodes.forEach((index) => {
      if (this.inner[index] === parent) this.inner[index] = block;
    });
  }

  /** Puts a node into a block and those around it. */
  adopt(index: number, block: Draft): void {
    this.changes++;
    this.inner[index] = block;
    for (let at: Draft | undefined = block; at; at = this.parents.get(at)) at.nodes.add(index);
  }

  /** Takes a block out; its children and nodes go to its parent. */
  remove(block: Draft): void {
    const parent = this.parents.get(block);
    const siblings = parent ? parent.children : this.roots;
    if (!siblings.delete(block)) return;
    this.changes++;
    for (const child of block.children) {
      siblings.add(child);
      if (parent) this.parents.set(child, parent);
      else this.parents.delete(child);
    }
    for (const index of block.nodes) {
      if (this.inner[index] !== block) continue;
      this.inner[index] = parent;
    }
    this.parents.delete(block);
  }

  /** Sorts every list of children by their first node that `counts`. */
  sort(counts: (index: number) => boolean): void {
    const first = new Map<Draft, number>();
    const visit = (blocks: Set<Draft>): void => {
      for (const block of blocks) {
        let least = Number.POSITIVE_INFINITY;
        block.nodes.forEach((index) => {
          if (index < least && counts(index)) least = index;
        });
        first.set(block, least);
        visit(block.children);
      }
      const sorted = [...blocks].sort((a, b) => (first.get(a) ?? 0) - (first.get(b) ?? 0));
      blocks.clear();
      for (const block of sorted) blocks.add(block);
    };
    visit(this.roots);
  }
}
