import type { FoundAttention } from './attention';
import type { AttentionCore } from './attentionCore';
import { type Composite, type Composites, compositesOf } from './composites';
import { type Draft, DraftTree, draft } from './draft';
import type { Flow } from './flow';
import type { Cut, Shortened } from './repeated';

/** What is found by looking at a neighbourhood alone: all but stages and scopes. */
export interface LocalStructure {
  readonly tree: DraftTree;
  readonly composites: Composites;
  readonly attention: readonly FoundAttention[];
  readonly cores: readonly DescribedCore[];
  /** Copies that were given what another has; none where all of the scope was looked at. */
  readonly given: readonly Given[];
}

/** A run of copies that were not looked at, by node number. */
export interface Given {
  readonly first: number;
  readonly period: number;
  readonly copies: number;
  /** Where the copy begins that they were given everything from, before the run. */
  readonly model: number;
}

/** An attention of the scope with the block that it is in the tree. */
export interface DescribedCore {
  readonly block: Draft;
  readonly core: AttentionCore;
  readonly found: FoundAttention;
}

/** Where something stands in the shortened graph, and by how many nodes it is shifted for each place it has in the whole one. */
interface Place {
  readonly home: number;
  readonly shifts: readonly number[];
}

/** Copies that have to be alike for what is found in one to hold for those left out: three before a cut, two behind it. */
const ALIKE = [-3, -2, -1, 0, 1];
/** The copy that stands for those left out, counted from the cut. */
const MODEL = -2;
/** Copies that one block may lie in. */
export const REACH = 2;

/** Something reaches from one end of a stretch to the other: what was left out cannot be told from the rest. */
class Unlike extends Error {}

/** Copy that a node lies in, counted from the first behind the cut. */
function copyAt(cut: Cut, node: number): number {
  return Math.floor((node - cut.at) / cut.period);
}

function isIn({ start, at, kept, period }: Cut, node: number): boolean {
  return node >= start && node < at + kept * period;
}

/** Moves what was found in a shortened graph to the whole one, each copy that was left out included. */
class Copier {
  private readonly removed: readonly number[];
  /** Of each cut, what begins in each of the copies that have to be alike. */
  private readonly seen: readonly (readonly string[][])[];

  constructor(
    private readonly shortened: Shortened,
    private readonly whole: Flow,
  ) {
    let sum = 0;
    this.removed = shortened.cuts.map(({ copies, period }) => {
      sum += copies * period;
      return sum;
    });
    this.seen = shortened.cuts.map(() => ALIKE.map(() => []));
  }

  private offset(home: number): number {
    let offset = 0;
    this.shortened.cuts.forEach(({ at }, cut) => {
      if (at <= home) offset = this.removed[cut] ?? 0;
    });
    return offset;
  }

  /** @throws Unlike where the nodes reach too far. */
  place(nodes: Iterable<number>, sign: (home: number) => string): Place {
    let home = Number.POSITIVE_INFINITY;
    let end = -1;
    for (const node of nodes) {
      if (node < home) home = node;
      if (node > end) end = node;
    }
    const offset = this.offset(home);
    const shifts = [offset];
    this.shortened.cuts.forEach((cut, number) => {
      const { at, period, copies } = cut;
      if (home < at && end >= at && (home < at - REACH * period || end >= at + REACH * period)) throw new Unlike();
      if (!isIn(cut, home)) return;
      const copy = copyAt(cut, home);
      this.seen[number]?.[ALIKE.indexOf(copy)]?.push(sign(at + copy * period));
      if (copy === MODEL) for (let more = 0; more < copies; more++) shifts.push(offset + (more - MODEL) * period);
    });
    return { home, shifts };
  }

  /** @throws Unlike where copies beside a cut differ. */
  check(): void {
    for (const copies of this.seen) {
      const texts = copies.map((signs) => signs.sort().join('\n'));
      if (texts.some((text) => text !== texts[0])) throw new Unlike();
    }
  }

  /** What a value of the shortened graph, seen by something that stands at `home` and is shifted, is called in the whole one. */
  name(value: string, { home }: Place, shift: number, readers: Iterable<number>): string {
    const { flow, cuts } = this.shortened;
    if (value === '') return '';
    const maker = flow.producer(value);
    if (maker >= 0) {
      const output = flow.nodes[maker]?.outputs.indexOf(value) ?? -1;
      return this.whole.nodes[maker + this.shiftOf(maker, home, shift, cuts)]?.outputs[output] ?? value;
    }
    for (const reader of readers) {
      const input = flow.nodes[reader]?.inputs.indexOf(value) ?? -1;
      if (input >= 0) return this.whole.nodes[reader + shift]?.inputs[input] ?? value;
    }
    return value;
  }

  /** What is made in the own copy or the one before goes along; what is made farther away is one value for all. */
  private shiftOf(maker: number, home: number, shift: number, cuts: readonly Cut[]): number {
    if (maker >= home) return shift;
    const around = cuts.find((cut) => isIn(cut, home));
    const goesAlong = around && maker >= around.start && copyAt(around, maker) >= copyAt(around, home) - 1;
    return goesAlong || !around ? shift : this.offset(maker);
  }
}

function relative(nodes: Iterable<number>, base: number): string {
  return Int32Array.from(nodes, (node) => (node < 0 ? node : node - base))
    .sort()
    .join();
}

/** Drafts with those inside before those around. */
function inwardOut(tree: DraftTree): readonly Draft[] {
  const found: Draft[] = [];
  const visit = (blocks: Iterable<Draft>): void => {
    for (const block of blocks) {
      visit(block.children);
      found.push(block);
    }
  };
  visit(tree.roots);
  return found;
}

function moved(nodes: Iterable<number>, shift: number): number[] {
  return Array.from(nodes, (node) => (node < 0 ? node : node + shift));
}

function nodesOf({ core, region }: FoundAttention): ReadonlySet<number> {
  const { query, key, value } = region.projections;
  const all = [core.scores, core.softmax, core.weightedSum, ...core.path, ...region.nodes, ...query, ...key, ...value];
  return new Set([...all, region.outputProjection].filter((node) => node >= 0));
}

function signOf({ core, region }: FoundAttention, base: number): string {
  const { query, key, value } = region.projections;
  const steps = [[core.scores], [core.softmax], [core.weightedSum], [region.outputProjection], core.path, region.nodes, query, key, value];
  return [core.kind, core.mixesHeads, region.cross, ...steps.map((nodes) => relative(nodes, base))].join('|');
}

function copyAttention(copier: Copier, found: FoundAttention, place: Place, shift: number): FoundAttention {
  const { core, region } = found;
  const nodes = nodesOf(found);
  const name = (value: string) => copier.name(value, place, shift, nodes);
  const at = (node: number) => (node < 0 ? node : node + shift);
  const { query, key, value } = region.projections;
  return {
    core: {
      ...core,
      scores: at(core.scores),
      softmax: at(core.softmax),
      weightedSum: at(core.weightedSum),
      path: moved(core.path, shift),
      query: name(core.query),
      key: name(core.key),
      value: name(core.value),
      weights: name(core.weights),
      output: name(core.output),
    },
    region: {
      ...region,
      nodes: new Set(moved(region.nodes, shift)),
      projections: { query: moved(query, shift), key: moved(key, shift), value: moved(value, shift) },
      outputProjection: at(region.outputProjection),
    },
  };
}

const IDS = ['scoresNode', 'softmaxNode', 'weightedSumNode'] as const;
const VALUES = ['scores', 'probabilities', 'weights', 'query', 'key', 'value', 'output'] as const;

function withoutNames(core: AttentionCore): string {
  return JSON.stringify(core, (key, value: unknown) =>
    [...IDS, ...VALUES].some((name) => name === key) && value !== '' ? 'named' : value,
  );
}

class Copies {
  private readonly copier: Copier;

  constructor(
    private readonly shortened: Shortened,
    private readonly whole: Flow,
    private readonly local: LocalStructure,
  ) {
    this.copier = new Copier(shortened, whole);
  }

  run(): LocalStructure {
    const composites = this.composites();
    const attention = new Map(this.local.attention.map((found) => [found, this.attentions(found)]));
    const { tree, copies } = this.tree();
    const cores = this.local.cores.flatMap((described) => this.described(described, copies, attention));
    this.copier.check();
    const byPlace = (a: FoundAttention, b: FoundAttention) => a.core.weightedSum - b.core.weightedSum;
    return {
      tree,
      composites,
      attention: [...attention.values()].flatMap((found) => [...found.values()]).sort(byPlace),
      cores: cores.sort((a, b) => byPlace(a.found, b.found)),
      given: this.given(),
    };
  }

  private given(): readonly Given[] {
    let before = 0;
    return this.shortened.cuts.map(({ at, period, copies }) => {
      const first = at + before;
      before += copies * period;
      return { first, period, copies, model: first + MODEL * period };
    });
  }

  private composites(): Composites {
    const list: Composite[] = [];
    const of = new Int32Array(this.whole.nodes.length).fill(-1);
    for (const composite of this.local.composites.list) {
      const { kind, label, nodes } = composite;
      const place = this.copier.place(nodes, (base) => `composite|${kind}|${label}|${relative(nodes, base)}`);
      for (const shift of place.shifts) {
        const at = moved(nodes, shift);
        for (const node of at) of[node] = list.length;
        list.push({ ...composite, nodes: at, input: this.copier.name(composite.input, place, shift, nodes) });
      }
    }
    return compositesOf(this.whole, list, of);
  }

  private attentions(found: FoundAttention): ReadonlyMap<number, FoundAttention> {
    const place = this.copier.place(nodesOf(found), (base) => `attention|${signOf(found, base)}`);
    return new Map(place.shifts.map((shift) => [shift, copyAttention(this.copier, found, place, shift)]));
  }

  private tree(): { readonly tree: DraftTree; readonly copies: ReadonlyMap<Draft, ReadonlyMap<number, Draft>> } {
    const tree = new DraftTree(this.whole.nodes.length);
    const copies = new Map<Draft, ReadonlyMap<number, Draft>>();
    for (const block of inwardOut(this.local.tree)) {
      const { kind, label, nodes, attributes } = block;
      const about = `${kind}|${label}|${JSON.stringify(attributes)}`;
      const { shifts } = this.copier.place(nodes, (base) => `block|${about}|${relative(nodes, base)}`);
      const own = new Map<number, Draft>();
      for (const shift of shifts) {
        const copy = draft(kind, label, moved(nodes, shift), { ...attributes });
        if (!tree.insert(copy)) throw new Unlike();
        own.set(shift, copy);
      }
      copies.set(block, own);
    }
    return { tree, copies };
  }

  private described(
    { block, core, found }: DescribedCore,
    copies: ReadonlyMap<Draft, ReadonlyMap<number, Draft>>,
    attention: ReadonlyMap<FoundAttention, ReadonlyMap<number, FoundAttention>>,
  ): readonly DescribedCore[] {
    const nodes = nodesOf(found);
    const place = this.copier.place(nodes, (base) => `core|${withoutNames(core)}|${relative(nodes, base)}`);
    const ids = new Map([found.core.scores, found.core.softmax, found.core.weightedSum].map((at) => [this.shortened.flow.ids[at], at]));
    return place.shifts.map((shift) => {
      const [copy, other] = [copies.get(block)?.get(shift), attention.get(found)?.get(shift)];
      if (!copy || !other) throw new Unlike();
      const named = Object.fromEntries(VALUES.map((key) => [key, this.copier.name(core[key], place, shift, nodes)]));
      const placed = Object.fromEntries(IDS.map((key) => [key, this.whole.ids[(ids.get(core[key]) ?? Number.NaN) + shift] ?? '']));
      return { block: copy, found: other, core: { ...core, ...named, ...placed } };
    });
  }
}

/**
 * What was found in a shortened graph, for the whole one: in copies left out
 * stands what stands in one that was kept. `null` where copies beside them
 * differ, or something reaches across: then the whole has to be looked at.
 */
export function copyStructure(shortened: Shortened, whole: Flow, local: LocalStructure): LocalStructure | null {
  try {
    return new Copies(shortened, whole, local).run();
  } catch (error) {
    if (error instanceof Unlike) return null;
    throw error;
  }
}
