import { formatShape } from '../../model';
import type { Flow } from '../blocks/flow';
import type { BlockResult } from '../blocks/types';
import type { CostResult, NodeCost } from '../cost/types';
import { FigureSum } from '../figures';
import { type Budget, budgetOf, type Category, type Figures } from '../profile';
import { instanceId, type ShapeResult } from '../shapes/types';
import type { Group, Item } from './group';
import { firstAttention, groupSubtitle, groupTitle, nodeSubtitle } from './texts';
import type { GraphBox, GraphEdge, GraphLevel } from './types';

/** What levels are drawn from. */
export interface LevelSource {
  readonly flow: Flow;
  readonly shapes: ShapeResult;
  readonly blocks: Pick<BlockResult, 'places'>;
  readonly costs: Pick<CostResult, 'nodes' | 'of'>;
  /** Multiply-adds of the whole model. */
  readonly macs: () => number;
}

/** A value that more boxes of a level read than this goes to the nearest as a line and to the others as stubs. */
const MAX_LINES = 4;
/** Stubs drawn on one box. */
const MAX_STUBS = 3;
/** Values with a box of their own among those that come in at a level's top, and as many at its bottom; the rest share one. */
const MAX_ENDS = 30;

const NO_FIGURES: Figures = new FigureSum().figures();
const NO_SPLIT: Readonly<Record<Budget, number>> = { convolution: 0, attention: 0, feedForward: 0, other: 0 };

function boxId(flow: Flow, item: Item): string {
  return item.kind === 'node' ? (flow.ids[item.index] ?? '') : item.group.id;
}

function nodesOf(item: Item): readonly number[] {
  return item.kind === 'node' ? [item.index] : item.group.nodes;
}

interface Weighed {
  readonly figures: Figures;
  readonly split: Readonly<Record<Budget, number>>;
  readonly category: Category;
}

/** Sums figures, splits MACs by budget, and takes the category with the most MACs (else the most operators). */
function weigh(source: LevelSource, nodes: readonly number[]): Weighed {
  const sum = new FigureSum();
  const macs = new Map<Category, number>();
  const counts = new Map<Category, number>();
  const { scope } = source.flow;
  const categories = source.blocks.places.get(scope)?.categories ?? [];
  const costs = source.costs.of(scope);
  for (const index of nodes) {
    const category = categories[index] ?? 'other';
    const cost = costs[index];
    if (cost) addWork(sum, cost, source.costs);
    macs.set(category, (macs.get(category) ?? 0) + Number(cost?.macs ?? 0n));
    counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  const total = [...macs.values()].reduce((left, right) => left + right, 0);
  const split = { ...NO_SPLIT };
  for (const [category, value] of macs) if (total > 0) split[budgetOf(category)] += value / total;
  const ranked = [...(total > 0 ? macs : counts)].sort((a, b) => b[1] - a[1]);
  return { figures: sum.figures(), split, category: ranked[0]?.[0] ?? 'other' };
}

/** What a node costs, with the bodies that stand beside it where it is no composite of them. */
function addWork(sum: FigureSum, cost: NodeCost, costs: LevelSource['costs']): void {
  sum.add(cost);
  if (cost.composite || cost.scope.bodies.size === 0) return;
  for (const body of cost.scope.bodies.get(cost.node) ?? []) {
    for (const node of body.nodes) {
      const inner = costs.nodes.get(instanceId(body, node));
      if (inner) addWork(sum, inner, costs);
    }
  }
}

/** Colour of a group: attention where there is any inside a transformer, the head as head, else what costs most. */
function groupCategory(group: Group, heaviest: Category): Category {
  const { block } = group;
  if (!block) return heaviest;
  if (block.kind === 'head') return 'head';
  const transforms = block.kind === 'transformer' || block.kind === 'attention' || block.attributes['of'] === 'transformer';
  if (transforms && firstAttention(block)) return 'attention.scores';
  if (block.kind === 'squeeze-excite' || block.kind === 'gather-excite') return 'gate';
  if (block.kind === 'normalization' || block.kind === 'activation') return block.kind;
  return heaviest;
}

function itemBox(source: LevelSource, item: Item, stubs: GraphBox['stubs']): GraphBox {
  const { flow } = source;
  const weighed = weigh(source, item.kind === 'node' ? [item.index] : [...item.group.nodes, ...item.group.hidden]);
  if (item.kind === 'node') {
    const node = flow.nodes[item.index];
    const bodies = node ? flow.scope.bodies.get(node) : undefined;
    const inner = (bodies ?? []).reduce((total, body) => total + body.nodes.length, 0);
    return {
      id: boxId(flow, item),
      kind: inner > 0 ? 'group' : 'node',
      title: node?.op ?? '',
      subtitle: inner > 0 ? `${inner} operators` : nodeSubtitle(flow, item.index),
      budget: budgetOf(weighed.category),
      category: weighed.category,
      repeat: 1,
      operators: Math.max(1, inner),
      figures: weighed.figures,
      split: weighed.split,
      stubs,
    };
  }
  const { group } = item;
  const category = groupCategory(group, weighed.category);
  const blocks = group.block?.kind === 'stage' ? group.block.attributes['blocks'] : 1;
  return {
    id: group.id,
    kind: 'group',
    title: groupTitle(group),
    subtitle: joined(groupSubtitle(flow, group), eachText(source, group.alike ?? 1, weighed.figures)),
    budget: budgetOf(category),
    category,
    repeat: typeof blocks === 'number' ? blocks : (group.alike ?? 1),
    operators: group.nodes.length,
    figures: weighed.figures,
    split: weighed.split,
    stubs,
  };
}

function joined(left: string, right: string): string {
  return left === '' || right === '' ? `${left}${right}` : `${left}, ${right}`;
}

/** `0.7% each`: the share of the whole model that one of several alike has. */
function eachText({ macs }: LevelSource, alike: number, figures: Figures): string {
  const total = alike > 1 ? macs() : 0;
  return total > 0 ? `${((100 * Number(figures.macs)) / alike / total).toFixed(1)}% each` : '';
}

function endBox(id: string, kind: GraphBox['kind'], title: string, subtitle: string): GraphBox {
  return {
    id,
    kind,
    title,
    subtitle,
    budget: 'other',
    category: 'other',
    repeat: 1,
    operators: 0,
    figures: NO_FIGURES,
    split: NO_SPLIT,
    stubs: [],
  };
}

/** The boxes at a level's top or bottom, one for each value until there are too many. */
class Ends {
  private readonly own = new Map<string, GraphBox>();
  private kind: GraphBox['kind'] = 'portIn';
  private others = 0;

  constructor(private readonly othersId: string) {}

  /** The box that stands for a value: its own, or the one for all the others. */
  idOf(id: string, kind: GraphBox['kind'], name: string, subtitle: () => string): string {
    if (this.own.has(id)) return id;
    this.kind = kind;
    if (this.own.size < MAX_ENDS) {
      this.own.set(id, endBox(id, kind, name, subtitle()));
      return id;
    }
    this.others++;
    return this.othersId;
  }

  boxes(): readonly GraphBox[] {
    const own = [...this.own.values()];
    return this.others === 0 ? own : [...own, endBox(this.othersId, this.kind, `${this.others} more`, '')];
  }
}

class LevelBuilder {
  /** By node number: which item of the group holds it; -1 for none. */
  private readonly placeOf: Int32Array;
  private readonly edges = new Map<string, { edge: GraphEdge; values: Set<string> }>();
  private readonly stubs = new Map<number, { value: string; from: string }[]>();
  private readonly before = new Ends('port:more:in');
  private readonly behind = new Ends('port:more:out');

  constructor(
    private readonly source: LevelSource,
    private readonly group: Group,
    private readonly top: boolean,
  ) {
    this.placeOf = new Int32Array(source.flow.nodes.length).fill(-1);
    group.items.forEach((item, place) => {
      for (const index of nodesOf(item)) this.placeOf[index] = place;
    });
  }

  build(id: string): GraphLevel {
    this.entering();
    this.group.items.forEach((item, place) => {
      for (const index of nodesOf(item)) this.leavingFrom(index, place);
    });
    const boxes = this.group.items.map((item, place) => itemBox(this.source, item, this.stubs.get(place) ?? []));
    return {
      group: id,
      boxes: [...this.before.boxes(), ...boxes, ...this.behind.boxes()],
      edges: [...this.edges.values()].map(({ edge, values }) => ({ ...edge, count: values.size })),
      hidden: this.group.leftOut,
    };
  }

  /** Values from outside, and constants that several boxes share. */
  private entering(): void {
    const { flow } = this.source;
    const { reads, producer, values } = flow.scope.wiring;
    const readers = new Map<number, Set<number>>();
    const read = (index: number, place: number): void => {
      for (let at = reads.starts[index] as number; at < (reads.starts[index + 1] as number); at++) {
        const value = reads.items[at] as number;
        if (value < 0 || (this.placeOf[producer[value] as number] ?? -1) >= 0) continue;
        const set = readers.get(value);
        if (set) set.add(place);
        else readers.set(value, new Set([place]));
      }
    };
    this.group.items.forEach((item, place) => {
      for (const index of nodesOf(item)) read(index, place);
    });
    for (const [value, places] of readers) {
      const name = values[value] as string;
      const sorted = [...places].sort((a, b) => a - b);
      if (flow.origin(name) === 'data') this.enter(name, sorted);
      else if (sorted.length > 1 && this.isWorthAStub(name)) for (const place of sorted) this.stub(place, name, this.originOf(name));
    }
  }

  private enter(name: string, places: readonly number[]): void {
    const { flow } = this.source;
    const input = flow.producer(name) < 0 && this.top;
    const id = input ? `in:${name}` : `port:in:${name}`;
    this.connect(
      this.before.idOf(id, input ? 'input' : 'portIn', name, () => this.shapeText(name)),
      name,
      places,
    );
  }

  private leavingFrom(index: number, from: number): void {
    const { outputs, producer } = this.source.flow.scope.wiring;
    const start = outputs.starts[index] as number;
    for (let at = start; at < (outputs.starts[index + 1] as number); at++) {
      const value = outputs.items[at] as number;
      // A file may write one name twice; a value leaves its producer, and once.
      if (value >= 0 && producer[value] === index && outputs.items.indexOf(value, start) === at) this.leaving(value, from);
    }
  }

  private leaving(value: number, from: number): void {
    const { flow } = this.source;
    const { starts, items } = flow.scope.wiring.readers();
    const name = flow.scope.wiring.values[value] as string;
    const inside = new Set<number>();
    let outside = false;
    for (let at = starts[value] as number; at < (starts[value + 1] as number); at++) {
      const reader = items[at] as number;
      if (!flow.visible[reader]) continue;
      const place = this.placeOf[reader] as number;
      if (place < 0) outside = true;
      else if (place !== from) inside.add(place);
    }
    // Most values stay in the box that makes them.
    if (inside.size === 0 && !outside && !flow.isOutput(name)) return;
    const source = this.idAt(from);
    this.connect(
      source,
      name,
      [...inside].sort((a, b) => a - b),
    );
    const output = flow.isOutput(name);
    if (output && this.top) this.end(source, `out:${name}`, 'output', name);
    else if (outside || output) this.end(source, `port:out:${name}`, 'portOut', name);
  }

  private end(source: string, id: string, kind: 'output' | 'portOut', name: string): void {
    this.edge(
      source,
      this.behind.idOf(id, kind, name, () => this.shapeText(name)),
      name,
    );
  }

  /** Lines to the readers, or one line to the nearest and stubs at the rest where there are many. */
  private connect(source: string, name: string, places: readonly number[]): void {
    const lines = places.length > MAX_LINES ? places.slice(0, 1) : places;
    for (const place of lines) this.edge(source, this.idAt(place), name);
    for (const place of places.slice(lines.length)) this.stub(place, name, source);
  }

  private edge(from: string, to: string, value: string): void {
    const key = `${from}\n${to}`;
    const known = this.edges.get(key);
    if (known) known.values.add(value);
    else this.edges.set(key, { edge: { from, to, label: this.shapeText(value), value, count: 1 }, values: new Set([value]) });
  }

  private stub(place: number, value: string, from: string): void {
    const list = this.stubs.get(place) ?? [];
    if (list.length >= MAX_STUBS) return;
    list.push({ value, from });
    this.stubs.set(place, list);
  }

  private idAt(place: number): string {
    const item = this.group.items[place];
    return item ? boxId(this.source.flow, item) : '';
  }

  private originOf(name: string): string {
    return this.source.flow.ids[this.source.flow.producer(name)] ?? name;
  }

  /** Tables, masks and shared weights; not the scalars and index lists that exporters share everywhere. */
  private isWorthAStub(name: string): boolean {
    const { flow } = this.source;
    const shape = flow.shape(name);
    if (!shape || !flow.isFloat(name)) return false;
    return shape.filter((size) => size > 1).length >= 2;
  }

  private shapeText(name: string): string {
    const { flow, shapes } = this.source;
    const fact = shapes.fact(name, flow.scope);
    return fact.kind === 'tensor' && fact.shape ? formatShape(fact.shape) : '';
  }
}

/** Boxes and edges of one group's content. */
export function levelOf(source: LevelSource, group: Group, id: string, top: boolean): GraphLevel {
  return new LevelBuilder(source, group, top).build(id);
}
