import type { Analysis } from '../analysis/assemble';
import { type Composites, findComposites } from '../analysis/blocks/composites';
import { type Flow, flowOf } from '../analysis/blocks/flow';
import type { NodeCost } from '../analysis/cost';
import type { ScopeShapes } from '../analysis/shapes/types';
import { append } from '../data';
import type { Node } from '../model';
import { isAmong, words } from '../operators/meaning';
import { type Traced, tracedOf } from './traced';

/** What a call of the framework did. */
export type LayerKind =
  | ('convolution' | 'linear' | 'product' | 'attention' | 'recurrent' | 'otherProduct')
  | ('batchNorm' | 'layerNorm' | 'groupNorm' | 'instanceNorm' | 'rmsNorm' | 'softmax' | 'activation')
  | ('averagePool' | 'maxPool' | 'averageAll' | 'maxAll' | 'resize' | 'embedding' | 'elementwise');

/** The call was no module's: a function or a method. */
export const FUNCTION = '(function)';
/** The call was a module's, of a class that the file does not name. */
export const OWN = '(module)';

/** One call of the framework that the graph was made from, put together again. */
export interface Layer {
  readonly kind: LayerKind;
  /** The activation (`relu`, `silu`, `gelu`...), how a resize interpolates (`nearest`, `linear`, `cubic`); `''` otherwise. */
  readonly detail: string;
  /** ATen's name of the call; `''` where the file does not say. */
  readonly call: string;
  readonly overload: string;
  /** The line of source that made it; `''` where the file does not say. */
  readonly line: string;
  /** Class of the module that made the call; `FUNCTION`, `OWN`, or `''` where the file says nothing. */
  readonly module: string;
  /** Classes and names of the modules around, outermost first, its own included. */
  readonly around: readonly { readonly name: string; readonly module: string }[];
  /** Its module has no modules inside. */
  readonly leaf: boolean;
  readonly input: readonly number[];
  readonly output: readonly number[];
  /** Of a product: the two operands; of attention: queries, keys and values. */
  readonly operands: readonly (readonly number[])[];
  /** Extents of the kernel or matrix; `[]` without one. */
  readonly weight: readonly number[];
  /** Elements of the kernel, matrix or scale, and of what is added. */
  readonly weights: bigint;
  readonly bias: bigint;
  readonly transposed: boolean;
  /** Name of the kernel or matrix; `''` for none that is stored. */
  readonly stored: string;
  /** Under how many names the module stands in the model: blocks that share one each have it as a child. */
  readonly names: bigint;
  /** A product of queries with keys, or of their weights with values. */
  readonly attends: boolean;
  /** Our multiply-adds of one run of the call. */
  readonly macs: bigint;
  readonly times: bigint;
}

/** The calls, and what could not be told of them. */
export interface Layers {
  readonly list: readonly Layer[];
  /** The file says of each operator which module made it. */
  readonly traced: boolean;
  /** Operators that multiply, whose extents or turns are not known. */
  readonly open: number;
  /** Parameters that the modules had and the file has not, for the exporter's optimiser has folded normalisations into convolutions. */
  readonly folded: bigint;
  /** True for a value that is stored, or made of stored ones before the run. */
  isStored(scope: ScopeShapes, value: string): boolean;
}

/** Nodes of one call. */
interface Group {
  readonly flow: Flow;
  readonly composites: Composites;
  readonly nodes: number[];
  readonly traced: Traced | null;
  /** Without `traced`: `FUNCTION`, `OWN` or `''`, as scopes in names tell. */
  readonly owner: string;
}

const PRODUCTS = words('convolution', 'product', 'attend', 'recur');
const ADDS = words('add');
const SCALES = words('multiply', 'divide');
const MEANS = words('reduceMean');
const NONE: readonly number[] = [];

/** Product of extents. */
export function volume(shape: readonly number[]): bigint {
  return shape.reduce((product, extent) => product * BigInt(extent), 1n);
}

/** The calls of the framework that a graph was made from: by the exporter's notes where it has them, else by structure. */
export function layersOf(analysis: Analysis): Layers {
  return new Reader(analysis).read();
}

class Reader {
  private readonly list: Layer[] = [];
  private readonly flows = new Map<ScopeShapes, Flow>();
  private open = 0;
  private folded = 0n;
  private seen = 0;
  private noted = 0;
  /** Names of modules that have modules inside. */
  private readonly parents = new Set<string>();
  private readonly classes = new Map<string, string>();

  constructor(private readonly analysis: Analysis) {}

  read(): Layers {
    this.scope(this.analysis.shapes.main, null);
    return {
      list: withNames(this.list),
      traced: this.noted > 0 && this.noted * 2 > this.seen,
      open: this.open,
      folded: this.folded,
      isStored: (scope, value) => this.flows.get(scope)?.origin(value) === 'constant',
    };
  }

  private scope(scope: ScopeShapes, outer: Flow | null): void {
    const flow = flowOf(this.analysis.shapes, scope, outer);
    this.flows.set(scope, flow);
    for (const node of flow.nodes) this.note(tracedOf(node));
    for (const group of new Groups(this.analysis, flow).list()) this.layer(group);
    for (const bodies of scope.bodies.values()) for (const body of bodies) this.scope(body, flow);
  }

  private note(traced: Traced | null): void {
    if (!traced) return;
    traced.scopes.forEach((name, at) => {
      if (at + 1 < traced.scopes.length) this.parents.add(name);
      this.classes.set(name, traced.classes[at] ?? '');
    });
  }

  private layer(group: Group): void {
    const { flow, nodes, traced } = group;
    const costs = this.analysis.costs.of(flow.scope);
    const mine = nodes.flatMap((index) => costs[index] ?? []).filter(({ composite }) => !composite);
    const [first] = mine;
    if (!first || first.times === 0n) return;
    this.seen++;
    if (traced) this.noted++;
    const made = describe(group, this.analysis);
    if (!made) return;
    const multiplies = mine.some((cost) => cost.macs !== 0n);
    if (first.times === null || mine.some(({ macs }) => macs === null) || !made.input || !made.output) {
      if (multiplies) this.open++;
      return;
    }
    const macs = mine.reduce((sum, cost: NodeCost) => sum + (cost.macs ?? 0n), 0n);
    const around = (traced?.scopes ?? []).map((name, at) => ({ name, module: traced?.classes[at] ?? '' }));
    const whole = {
      ...made,
      input: made.input,
      output: made.output,
      names: 1n,
      call: traced?.call ?? '',
      overload: traced?.overload ?? '',
      line: traced?.line ?? '',
      around,
      macs,
      times: first.times,
    };
    const module = traced ? (traced.classes.at(-1) ?? '') : group.owner;
    const layer: Layer = { ...whole, module, leaf: !this.parents.has(around.at(-1)?.name ?? '') };
    if (isFoldedNorm(traced) || isFoldedUnsaid(layer, traced)) this.unfold(layer, group);
    else this.list.push(layer);
  }

  /** A convolution that an optimiser has folded the normalisation behind it into: the two that they were. */
  private unfold(layer: Layer, { flow, nodes, traced }: Group): void {
    const index = nodes.find((one) => flow.meanings[one]?.kind === 'convolution');
    const meaning = index === undefined ? null : flow.meanings[index];
    const weight = meaning?.kind === 'convolution' ? (flow.nodes[index ?? 0]?.inputs[meaning.weight] ?? '') : '';
    const name = weight.replace(/\.weight$/, '');
    // The optimiser names a bias that it has made after the kernel; without it there was none either.
    const bias = flow.nodes[index ?? 0]?.inputs[2] ?? '';
    const hadNone = traced === null || bias === '' || bias === `${weight}_bias`;
    const module = traced ? (this.classes.get(name) ?? '') : layer.module;
    this.list.push({
      ...layer,
      call: 'conv',
      module,
      around: [...layer.around.slice(0, -1), { name, module }],
      leaf: traced === null || !this.parents.has(name),
      bias: hadNone ? 0n : BigInt(layer.output[1] ?? 0),
    });
    const channels = BigInt(layer.output[1] ?? 0);
    this.folded += 2n * channels - (hadNone && bias !== '' ? channels : 0n);
    const norm = { kind: 'batchNorm', input: layer.output, weight: NONE, weights: channels, bias: channels, macs: 0n } as const;
    this.list.push({ ...layer, ...norm, stored: '', transposed: false });
  }
}

/** A kernel that several modules read belongs to one module that several blocks hold. */
function withNames(list: readonly Layer[]): readonly Layer[] {
  const holders = new Map<string, Set<string>>();
  for (const { stored, around } of list) {
    const name = around.at(-1)?.name;
    if (stored === '' || name === undefined) continue;
    const known = holders.get(stored);
    if (known) known.add(name);
    else holders.set(stored, new Set([name]));
  }
  return list.map((layer) => ({ ...layer, names: BigInt(holders.get(layer.stored)?.size ?? 1) }));
}

function storedAt(flow: Flow, name = ''): string {
  return flow.origin(name) === 'constant' ? name : '';
}

function isFold(rule: string): boolean {
  return /FuseBatchNorm/i.test(rule);
}

/** PyTorch's older exporter gives a kernel that it has folded a normalisation into a number in place of its name. */
function isFoldedUnsaid({ kind, stored, bias }: Layer, traced: Traced | null): boolean {
  return traced === null && kind === 'convolution' && bias > 0n && /^onnx::\w+_\d+$/.test(stored);
}

function isFoldedNorm(traced: Traced | null): boolean {
  return traced?.rewrites.some(isFold) === true && /batch_norm/.test(traced.call);
}

/** Which nodes of a scope belong to one call. */
class Groups {
  private readonly composites: Composites;
  private readonly groups: Group[] = [];
  private readonly taken = new Set<number>();
  private readonly inScope = new Map<string, Set<number>>();

  constructor(
    private readonly analysis: Analysis,
    private readonly flow: Flow,
  ) {
    this.composites = findComposites(flow);
  }

  list(): readonly Group[] {
    const { flow } = this;
    const byCall = new Map<string, Group>();
    const plain: number[] = [];
    flow.nodes.forEach((node, index) => {
      const traced = tracedOf(node);
      if (!traced) {
        plain.push(index);
        return;
      }
      const known = byCall.get(traced.id);
      if (known) known.nodes.push(index);
      else byCall.set(traced.id, { flow, composites: this.composites, nodes: [index], traced, owner: '' });
    });
    append(this.groups, byCall.values());
    for (const { nodes } of byCall.values()) for (const index of nodes) this.taken.add(index);
    for (const index of plain) this.note(index);
    this.attentions();
    for (const index of plain) if (!this.taken.has(index)) this.add(this.around(index));
    return this.groups;
  }

  private note(index: number): void {
    const scope = scopeIn(this.flow.nodes[index]);
    if (scope === '' || !this.flow.visible[index]) return;
    const inside = this.inScope.get(scope);
    if (inside) inside.add(index);
    else this.inScope.set(scope, new Set([index]));
  }

  private add(nodes: readonly number[]): void {
    const scope = scopeIn(this.flow.nodes[nodes[0] ?? 0]);
    const inside = this.inScope.get(scope);
    const alone = inside ? [...inside].every((index) => nodes.includes(index)) : null;
    const owner = alone === null ? '' : alone ? OWN : FUNCTION;
    for (const index of nodes) this.taken.add(index);
    this.groups.push({ flow: this.flow, composites: this.composites, nodes: [...nodes], traced: null, owner });
  }

  /** The nodes that were one call with this one: those of a composite, a product and its bias. */
  private around(index: number): readonly number[] {
    const { flow, composites } = this;
    const composite = composites.list[composites.of[index] ?? -1];
    if (composite) return composite.nodes.filter((one) => !this.taken.has(one));
    if (flow.meanings[index]?.kind !== 'product') return [index];
    const [next, ...others] = flow.after[index] ?? [];
    const adds = next !== undefined && others.length === 0 && !this.taken.has(next) && isBias(flow, next);
    return adds && isLinear(flow, index) ? [index, next] : [index];
  }

  /** Attention that was one call: its exporter scales queries and keys by the root of the scale, each before the product. */
  private attentions(): void {
    const numbers = new Map(this.flow.ids.map((id, index) => [id, index]));
    for (const core of this.analysis.blocks.attention) {
      const found = [core.scoresNode, core.softmaxNode, core.weightedSumNode].map((id) => numbers.get(id) ?? -1);
      if (core.fused || found.some((index) => index < 0 || this.taken.has(index))) continue;
      const scores = this.flow.nodes[found[0] ?? 0];
      const scaled = (scores?.inputs ?? []).map((name) => isScaled(this.flow, name));
      if (scaled.length === 2 && scaled.every(Boolean)) this.add(found);
    }
  }
}

/** `/blocks.0/attn` of `/blocks.0/attn/Softmax`: what PyTorch's older exporter writes into names. */
function scopeIn(node: Node | undefined): string {
  const name = node?.name ?? '';
  return name.startsWith('/') ? name.slice(0, name.lastIndexOf('/')) : '';
}

function isScaled(flow: Flow, value: string): boolean {
  let name = value;
  for (let step = 0; step < 4; step++) {
    const index = flow.producer(name);
    if (index < 0) return false;
    if (isAmong(flow.meanings[index] ?? null, SCALES)) {
      return (flow.nodes[index]?.inputs ?? []).some((input) => flow.origin(input) !== 'data' && volume(flow.shape(input) ?? [2]) === 1n);
    }
    if (flow.meanings[index]?.kind !== 'move') return false;
    name = flow.nodes[index]?.inputs[0] ?? '';
  }
  return false;
}

function isBias(flow: Flow, index: number): boolean {
  if (!isAmong(flow.meanings[index] ?? null, ADDS)) return false;
  return (flow.nodes[index]?.inputs ?? []).some((name) => flow.origin(name) === 'constant' && flow.shape(name)?.length === 1);
}

/** One operand is a stored matrix. */
function isLinear(flow: Flow, index: number): boolean {
  const meaning = flow.meanings[index];
  if (meaning?.kind !== 'product' || meaning.form !== 'matrix') return false;
  const right = flow.nodes[index]?.inputs[meaning.right] ?? '';
  return meaning.packed || (flow.origin(right) !== 'data' && flow.shape(right)?.length === 2);
}

type Made = Pick<Layer, 'kind' | 'detail' | 'operands' | 'weight' | 'weights' | 'bias' | 'transposed' | 'stored' | 'attends'> & {
  readonly input: readonly number[] | null;
  readonly output: readonly number[] | null;
};

const PLAIN = { detail: '', operands: [], weight: NONE, weights: 0n, bias: 0n, transposed: false, stored: '', attends: false } as const;

/** The first value of data that enters a group, and the last that leaves it. */
function ends({ flow, nodes }: Group): { readonly input: readonly number[] | null; readonly output: readonly number[] | null } {
  const inside = new Set(nodes.flatMap((index) => flow.nodes[index]?.outputs ?? []));
  const shown = nodes.filter((index) => flow.visible[index]);
  const entering = shown.flatMap((index) => flow.nodes[index]?.inputs ?? []);
  const input = entering.find((name) => name !== '' && !inside.has(name) && flow.origin(name) === 'data');
  const output = flow.nodes[shown.at(-1) ?? nodes.at(-1) ?? 0]?.outputs[0];
  return { input: input === undefined ? null : flow.shape(input), output: output === undefined ? null : flow.shape(output) };
}

/** What a group of nodes was; `null` for one that no tool counts anything of. */
function describe(group: Group, analysis: Analysis): Made | null {
  const { flow, nodes, traced } = group;
  const chief = nodes.find((index) => isAmong(flow.meanings[index] ?? null, PRODUCTS));
  const call = traced?.call ?? '';
  if (/scaled_dot_product/.test(call) || nodes.filter((index) => flow.meanings[index]?.kind === 'product').length > 1) {
    return fusedAttention(group);
  }
  if (chief !== undefined) return multiplying(group, chief, analysis);
  return otherwise(group);
}

function fusedAttention(group: Group): Made | null {
  const { flow, nodes } = group;
  const [scores, ...others] = nodes.filter((index) => flow.meanings[index]?.kind === 'product');
  const sum = others.at(-1);
  if (scores === undefined || sum === undefined) {
    const { input, output } = ends(group);
    const operands = (flow.nodes[nodes[0] ?? 0]?.inputs ?? []).slice(0, 3).map((name) => flow.shape(name) ?? []);
    return { ...PLAIN, kind: 'attention', attends: true, operands, input, output };
  }
  const [query = '', key = ''] = flow.nodes[scores]?.inputs ?? [];
  const [, value = ''] = flow.nodes[sum]?.inputs ?? [];
  const operands = [query, key, value].map((name) => flow.shape(name) ?? []);
  const output = flow.shape(flow.nodes[sum]?.outputs[0] ?? '');
  return { ...PLAIN, kind: 'attention', attends: true, operands, input: flow.shape(query), output };
}

function multiplying(group: Group, index: number, analysis: Analysis): Made | null {
  const { flow, nodes, traced } = group;
  const node = flow.nodes[index];
  const meaning = flow.meanings[index];
  if (!node || !meaning) return null;
  const { output } = ends(group);
  const made = flow.shape(node.outputs[0] ?? '');
  if (meaning.kind === 'convolution') {
    const input = flow.shape(node.inputs[meaning.input] ?? '');
    const weight = flow.shape(node.inputs[meaning.weight] ?? '') ?? NONE;
    const hasBias = (node.inputs[meaning.weight + 1] ?? '') !== '' && meaning.weight === 1;
    const bias = hasBias ? BigInt(made?.[1] ?? 0) : 0n;
    return {
      ...PLAIN,
      kind: 'convolution',
      weight,
      weights: volume(weight),
      bias,
      transposed: meaning.transposed,
      stored: storedAt(flow, node.inputs[meaning.weight]),
      input,
      output: made,
    };
  }
  if (meaning.kind === 'recur') {
    const weights = node.inputs.slice(1, 4).map((name) => flow.shape(name) ?? NONE);
    return { ...PLAIN, kind: 'recurrent', operands: weights, input: flow.shape(node.inputs[0] ?? ''), output: made };
  }
  if (meaning.kind === 'attend') {
    const operands = [meaning.query, meaning.key, meaning.value].map((input) => flow.shape(node.inputs[input] ?? '') ?? NONE);
    return { ...PLAIN, kind: meaning.projectsItself ? 'otherProduct' : 'attention', attends: true, operands, ...ends(group) };
  }
  if (meaning.kind !== 'product') return null;
  const left = flow.shape(node.inputs[meaning.left] ?? '');
  const right = flow.shape(node.inputs[meaning.right] ?? '');
  const named = traced ? /^(linear|addmm)$/.test(traced.call) : isLinear(flow, index);
  if (named && left && made) {
    const width = left.at(-1) ?? 0;
    const columns = made.at(-1) ?? 0;
    const biased = nodes.some((one) => one !== index && isBias(flow, one)) || (node.inputs[2] ?? '') !== '';
    const weight = [columns, width];
    return {
      ...PLAIN,
      kind: 'linear',
      weight,
      weights: volume(weight),
      bias: biased ? BigInt(columns) : 0n,
      input: left,
      output: output ?? made,
    };
  }
  const category = analysis.blocks.places.get(flow.scope)?.categories[index] ?? 'other';
  const attends = category === 'attention.scores' || category === 'attention.weightedSum';
  return { ...PLAIN, kind: 'product', attends, operands: [left ?? NONE, right ?? NONE], input: left, output: made };
}

const NORMS: ReadonlyMap<string, LayerKind> = new Map([
  ['batchNorm', 'batchNorm'],
  ['layerNorm', 'layerNorm'],
  ['groupNorm', 'groupNorm'],
  ['instanceNorm', 'instanceNorm'],
  ['rmsNorm', 'rmsNorm'],
]);
/** ATen's names of activations, and ours. */
const CALLS: ReadonlyMap<string, string> = new Map([
  ['relu', 'relu'],
  ['relu_', 'relu'],
  ['hardtanh', 'clip'],
  ['relu6', 'clip'],
  ['clamp', 'clip'],
  ['silu', 'swish'],
  ['gelu', 'gelu'],
  ['hardswish', 'hardSwish'],
  ['hardsigmoid', 'hardSigmoid'],
  ['sigmoid', 'sigmoid'],
  ['tanh', 'tanh'],
  ['elu', 'elu'],
  ['leaky_relu', 'leakyRelu'],
  ['prelu', 'prelu'],
  ['_prelu_kernel', 'prelu'],
  ['mish', 'mish'],
]);
const LABELS: ReadonlyMap<string, string> = new Map([
  ['SiLU', 'swish'],
  ['GELU', 'gelu'],
  ['GELU (tanh)', 'gelu'],
  ['Hard swish', 'hardSwish'],
  ['Mish', 'mish'],
]);

/** Layers that multiply no matrices. */
function otherwise(group: Group): Made | null {
  const { flow, nodes, traced, composites } = group;
  const { input, output } = ends(group);
  const call = traced?.call ?? '';
  const plain = { ...PLAIN, input, output };
  const shown = nodes.filter((index) => flow.visible[index]);
  const meanings = shown.flatMap((index) => flow.meanings[index] ?? []);
  const composite = composites.list.find((one) => one.nodes.every((index) => nodes.includes(index)));
  const named = /(batch|layer|group|instance|rms)_norm/.exec(call)?.[1];
  const norm = named
    ? NORMS.get(`${named}Norm`)
    : meanings.flatMap((one) => (one.kind === 'normalize' ? (NORMS.get(one.does) ?? []) : []))[0];
  if (norm) return { ...plain, kind: norm, ...normWeights(group, norm, input) };
  if (!traced && composite?.kind === 'normalization') {
    return {
      ...plain,
      kind: composite.label === 'RMSNorm' ? 'rmsNorm' : 'layerNorm',
      input: flow.shape(composite.input),
      ...normWeights(group, 'layerNorm', input),
    };
  }
  const activation = CALLS.get(call) ?? (traced ? undefined : (LABELS.get(composite?.label ?? '') ?? curveOf(meanings)));
  if (activation) return { ...plain, kind: 'activation', detail: activation };
  if (meanings.some(({ kind }) => kind === 'softmax')) return { ...plain, kind: 'softmax' };
  const pooled = pooling(group, plain);
  if (pooled) return pooled;
  if (meanings.some(({ kind }) => kind === 'resample')) {
    const index = shown.find((one) => flow.meanings[one]?.kind === 'resample') ?? 0;
    return { ...plain, kind: 'resize', detail: modeOf(flow.nodes[index]) };
  }
  if (call === 'mul' || call === 'add') return { ...plain, kind: 'elementwise' };
  if (call === 'embedding') {
    const weight = flow.shape(flow.nodes[nodes[0] ?? 0]?.inputs[0] ?? '') ?? NONE;
    return { ...plain, kind: 'embedding', input: input ?? NONE, weight, weights: volume(weight) };
  }
  return null;
}

function curveOf(meanings: readonly { readonly kind: string; readonly does: string }[]): string | undefined {
  return meanings.length === 1 && meanings[0]?.kind === 'activate' ? meanings[0].does : undefined;
}

function modeOf(node: Node | undefined): string {
  const mode = node && Object.hasOwn(node.attributes, 'mode') ? node.attributes['mode'] : undefined;
  return mode?.kind === 'string' ? mode.value : 'nearest';
}

/** Channels of batch, group and instance normalisation stand second, features of the others last. */
function normWeights({ flow, nodes }: Group, kind: LayerKind, input: readonly number[] | null): Pick<Layer, 'weights' | 'bias'> {
  if (kind === 'batchNorm' || kind === 'groupNorm') {
    const channels = BigInt(input?.[1] ?? 0);
    return { weights: channels, bias: channels };
  }
  const stored = nodes
    .flatMap((index) => flow.nodes[index]?.inputs ?? [])
    .filter((name) => name !== '' && flow.origin(name) === 'constant');
  const sizes = stored.map((name) => volume(flow.shape(name) ?? NONE)).filter((size) => size > 1n);
  return { weights: sizes[0] ?? 0n, bias: sizes[1] ?? 0n };
}

function pooling({ flow, nodes, traced }: Group, plain: Omit<Made, 'kind'>): Made | null {
  const shown = nodes.filter((index) => flow.visible[index]);
  for (const index of shown) {
    const meaning = flow.meanings[index];
    const isMax = traced ? /max_pool/.test(traced.call) : meaning?.kind === 'pool' && meaning.gives === 'largest';
    if (meaning?.kind === 'pool' && meaning.does === 'poolWindows') {
      if (/adaptive/.test(traced?.call ?? '') || /\.Adaptive\w+Pool\dd$/.test(traced?.classes.at(-1) ?? '')) {
        return { ...plain, kind: isMax ? 'maxAll' : 'averageAll' };
      }
      return { ...plain, kind: isMax ? 'maxPool' : 'averagePool' };
    }
    if (meaning?.kind === 'pool' && meaning.does === 'poolAll') return { ...plain, kind: isMax ? 'maxAll' : 'averageAll' };
  }
  // The exporter turns adaptive pooling to one position into a mean; the class of its module tells it from a mean.
  if (/\badaptive_avg_pool\dd\(/.test(traced?.line ?? '')) return { ...plain, kind: 'averageAll' };
  const means = shown.some((index) => isAmong(flow.meanings[index] ?? null, MEANS));
  if (means && /\.AdaptiveAvgPool\dd$/.test(traced?.classes.at(-1) ?? '')) return { ...plain, kind: 'averageAll' };
  return null;
}
