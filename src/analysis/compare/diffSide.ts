import type { Meaning } from '../../operators/meaning';
import { meaningOf } from '../../operators/registry';
import type { Block, NodeProfile, Profile } from '../profile';
import type { Aligned } from './align';
import { imagePositions } from './stageUnits';
import { type Sums, sumOf } from './sums';

/** Attributes of the block itself: its receptive field depends on what stands before it. */
export function ownAttributes(block: Block): [string, Block['attributes'][string]][] {
  return Object.entries(block.attributes)
    .filter(([name]) => name !== 'receptiveField')
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** One of the two models of a diff, with figures by node and structural keys by block. */
export class Side {
  private readonly nodes: ReadonlyMap<string, NodeProfile>;
  private readonly keys = new Map<Block, string>();
  private readonly image: ReturnType<typeof imagePositions>;

  /** `known` numbers the structures of both sides, so that keys stay short. */
  constructor(
    private readonly profile: Profile,
    private readonly known: Map<string, string>,
  ) {
    this.image = imagePositions(profile);
    this.nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  }

  /** What a node means under the model's operator sets. */
  meaningOf(node: NodeProfile): Meaning | null {
    return meaningOf(node, this.profile.model.opsets);
  }

  /** Equal for blocks of equal structure and cost, whatever their names. */
  key(block: Block): string {
    const known = this.keys.get(block);
    if (known !== undefined) return known;
    const { parameters, macs, flops } = block.totals;
    const operators = this.own(block).map(({ op }) => op);
    const children = block.children.map((child) => this.key(child));
    const structure = JSON.stringify([block.kind, ownAttributes(block), parameters, macs, flops, operators, children]);
    const key = this.known.get(structure) ?? String(this.known.size);
    this.known.set(structure, key);
    this.keys.set(block, key);
    return key;
  }

  /** What a block is to the alignment: its kind, and what it has in common with others of that kind. */
  describe(block: Block): Aligned {
    const attributes = ownAttributes(block).map(([name, value]) => `${name}=${String(value)}`);
    const children = block.children.flatMap((child) => [`kind ${child.kind}`, `key ${this.key(child)}`]);
    const traits = [...attributes, ...children];
    return {
      key: this.key(block),
      kind: block.kind,
      label: block.label,
      traits,
      needs: block.kind === 'stage' ? this.stageNeeds(block) : [],
    };
  }

  /** A stage of other blocks takes another's place only at the same stride. */
  private stageNeeds(block: Block): readonly string[] {
    const { image } = this;
    const positions = image?.of({ block, nodes: this.all(block) }) ?? null;
    const stride = image && positions ? [`stride=${Math.round(Math.sqrt(image.pixels / positions))}`] : [];
    return [`of=${String(block.attributes['of'])}`, ...stride];
  }

  all(block: Block): readonly NodeProfile[] {
    return block.nodes.flatMap((id) => this.nodes.get(id) ?? []);
  }

  /** The block's nodes that belong to none of its children. */
  own(block: Block): readonly NodeProfile[] {
    const inner = new Set(block.children.flatMap((child) => child.nodes));
    return this.all(block).filter(({ id }) => !inner.has(id));
  }

  sum(block: Block | undefined): Sums {
    return sumOf(block ? this.all(block) : []);
  }

  total(): Sums {
    return sumOf(this.profile.nodes);
  }

  outside(): Sums {
    const inside = new Set(this.profile.blocks.flatMap((block) => block.nodes));
    return sumOf(this.profile.nodes.filter(({ id }) => !inside.has(id)));
  }
}
