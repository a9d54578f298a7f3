import type { Block, BlockRow, ModelOverview, NodeRow } from '../../src/protocol';
import type { Measured } from '../../src/report/measured';

/** The long lists of a profile. */
export interface ProfileContent {
  /** In the profile's order. */
  readonly nodes: readonly NodeRow[];
  readonly blocks: readonly Block[];
}

const NOTHING: ProfileContent = { nodes: [], blocks: [] };

/** The tree of blocks from its pre-order. Runs of places that are not there name no node. */
export function blockTree(rows: readonly BlockRow[], nodes: readonly NodeRow[]): readonly Block[] {
  const roots: Block[] = [];
  const around: Block[][] = [roots];
  for (const { depth, runs, ...row } of rows) {
    const children: Block[] = [];
    const inside: string[] = [];
    for (let run = 0; run < runs.length; run += 2) {
      const first = runs[run] ?? 0;
      for (const { id } of nodes.slice(first, first + (runs[run + 1] ?? 0))) inside.push(id);
    }
    around.length = Math.min(around.length, depth + 1);
    around.at(-1)?.push({ ...row, nodes: inside, children });
    around.push(children);
  }
  return roots;
}

/** Look-ups over one profile, made once when it arrives, and once more when its long lists have. */
export class ProfileIndex {
  readonly nodes: ReadonlyMap<string, NodeRow>;
  readonly blocks: ReadonlyMap<string, Block>;
  /** Blocks with `kind: 'attention'` in model order. */
  readonly attention: readonly Block[];
  readonly #parents = new Map<string, string>();

  constructor(
    readonly profile: ModelOverview,
    private readonly content: ProfileContent | null = null,
    /** What was measured of this very profile. */
    readonly measured: Measured | null = null,
  ) {
    this.nodes = new Map(this.rows.map((node) => [node.id, node]));
    const blocks = new Map<string, Block>();
    const attention: Block[] = [];
    const visit = (block: Block, parent: string): void => {
      blocks.set(block.id, block);
      this.#parents.set(block.id, parent);
      if (block.kind === 'attention') attention.push(block);
      for (const child of block.children) visit(child, block.id);
    };
    for (const block of this.tree) visit(block, '');
    this.blocks = blocks;
    this.attention = attention;
  }

  /** False until nodes and blocks have arrived: there seem to be none then. */
  get complete(): boolean {
    return this.content !== null;
  }

  /** Nodes in the profile's order. */
  get rows(): readonly NodeRow[] {
    return (this.content ?? NOTHING).nodes;
  }

  /** The blocks that stand in no other, with all others inside them. */
  get tree(): readonly Block[] {
    return (this.content ?? NOTHING).blocks;
  }

  with(measured: Measured): ProfileIndex {
    return new ProfileIndex(this.profile, this.content, measured);
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
