import type { Block, NodeProfile, Profile } from '../../src/protocol';
import type { Measured } from '../../src/report/measured';

/** Look-ups over one profile, made once when it arrives. */
export class ProfileIndex {
  readonly nodes: ReadonlyMap<string, NodeProfile>;
  readonly blocks: ReadonlyMap<string, Block>;
  /** Blocks with `kind: 'attention'` in model order. */
  readonly attention: readonly Block[];
  readonly #parents = new Map<string, string>();

  constructor(
    readonly profile: Profile,
    /** What was measured of this very profile. */
    readonly measured: Measured | null = null,
  ) {
    this.nodes = new Map(profile.nodes.map((node) => [node.id, node]));
    const blocks = new Map<string, Block>();
    const attention: Block[] = [];
    const visit = (block: Block, parent: string): void => {
      blocks.set(block.id, block);
      this.#parents.set(block.id, parent);
      if (block.kind === 'attention') attention.push(block);
      for (const child of block.children) visit(child, block.id);
    };
    for (const block of profile.blocks) visit(block, '');
    this.blocks = blocks;
    this.attention = attention;
  }

  with(measured: Measured): ProfileIndex {
    return new ProfileIndex(this.profile, measured);
  }

  /** Ids of the blocks around a block or node, innermost first. */
  ancestors(id: string): string[] {
    const chain: string[] = [];
    let current = this.nodes.get(id)?.block ?? this.#parents.get(id) ?? '';
    while (current !== '' && !chain.includes(current)) {
      chain.push(current);
      current = this.#parents.get(current) ?? '';
    }
    return chain;
  }

  /** What a node is called: its name in the file, else its operator and id. */
  nameOf(id: string): string {
    const node = this.nodes.get(id);
    if (node) return node.name === '' ? `${node.op} ${node.id}` : node.name;
    return this.blocks.get(id)?.label ?? id;
  }
}
