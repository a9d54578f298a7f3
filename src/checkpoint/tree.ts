import { type Checkpoint, storedBytes, type Tensor } from '../model';
import { addCounts, type Count, elementsOf } from './counts';
import type { AttentionPart, ModuleKind } from './kinds';
import { type Layer, layerOf } from './layer';
import { placeNames, type SectionKind, separatorOf } from './sections';
import { TensorTies } from './ties';
import { isTrained } from './trained';
import { wordsOf } from './words';

/** A tensor of a checkpoint with what is known of it. Names, shapes and sizes alone: no value was read. */
export interface CheckpointTensor {
  readonly tensor: Tensor;
  /** Place in the checkpoint. */
  readonly place: number;
  /** Its name within its module. */
  readonly own: string;
  readonly section: SectionKind;
  readonly elements: Count;
  readonly bytes: number;
  /** A parameter is trained; a buffer is kept beside the parameters. */
  role: 'parameter' | 'buffer';
  /** Name of the first tensor of its section that has the very same elements in the file; `''` for none. */
  readonly tied: string;
  /** True where a tensor before it, of any section, has the very same elements in the file: it takes no bytes of its own. */
  readonly shared: boolean;
  kind: ModuleKind;
  part: AttentionPart | null;
}

/** A module of a checkpoint: a name that other names begin with. */
export interface Module {
  readonly name: string;
  readonly words: readonly string[];
  readonly parent: Module | null;
  /** In the file's order. */
  readonly children: Module[];
  /** Its own, in the file's order. */
  readonly tensors: CheckpointTensor[];
  readonly section: SectionKind;
  /** What its own tensors are; `null` where that is not told, and where it has none. */
  layer: Layer | null;
  kind: ModuleKind;
  part: AttentionPart | null;
  /** It and all within in pre-order, kept for the roots, which are walked often; `null` for every other. */
  order: readonly Module[] | null;
  /** The region it begins: all of an attention, of a feed-forward network or of a gate. */
  region: 'attention' | 'feedForward' | 'gate' | null;
}

/** One section: the weights, a copy or a state beside them. */
export interface Section {
  readonly kind: SectionKind;
  /** What its tensors' names begin with, as `state_dict.module`; `''` for nothing. */
  readonly prefix: string;
  readonly root: Module;
}

/** Names split into modules. */
export interface ModuleTree {
  /** Between the parts of its names. */
  readonly separator: '.' | '/';
  readonly sections: readonly Section[];
  /** In the file's order. */
  readonly tensors: readonly CheckpointTensor[];
}

/** Splits a checkpoint's names into modules and tells what each module's own tensors are. Linear in their number. */
export function moduleTree(checkpoint: Checkpoint): ModuleTree {
  const names = checkpoint.tensors.map(({ name }) => name);
  const separator = separatorOf(names);
  const placed = placeNames(names, separator);
  const words = new Map<string, readonly string[]>();
  const ties = new TensorTies();
  const sections = new Map<string, Draft>();
  const tensors: CheckpointTensor[] = [];
  checkpoint.tensors.forEach((tensor, place) => {
    const { section = 'weights', prefix = '', parts = [tensor.name] } = placed[place] ?? {};
    const key = `${section}\u0000${prefix}`;
    const draft = sections.get(key) ?? new Draft(section, prefix, words);
    sections.set(key, draft);
    const length = parts.length - ownParts(parts);
    const owner = draft.moduleAt(parts.slice(0, length));
    const own = parts.slice(length).join('.');
    const [elements, bytes] = [elementsOf(tensor.shape), storedBytes(tensor)];
    const role = tensor.role ?? (isTrained(tensor, own) ? 'parameter' : 'buffer');
    const made: CheckpointTensor = {
      tensor,
      place,
      own,
      section,
      elements,
      bytes,
      role,
      tied: draft.ties.tieOf(tensor),
      shared: ties.tieOf(tensor) !== '',
      kind: 'other',
      part: null,
    };
    owner.tensors.push(made);
    tensors.push(made);
  });
  const layers = new Map<string, Layer | null>();
  for (const { root } of sections.values()) {
    root.order = [...walk(root)];
    for (const module of root.order) if (module.tensors.length > 0) module.layer = knownLayer(module.tensors, layers);
    notDepthwise(root);
    if (!isOld(checkpoint)) freeze(root);
  }
  return { separator, sections: [...sections.values()].sort((a, b) => ORDER[a.kind] - ORDER[b.kind]), tensors };
}

/** Layers of one network are alike, and each kind of them is looked at once. */
function knownLayer(tensors: readonly CheckpointTensor[], known: Map<string, Layer | null>): Layer | null {
  let key = '';
  for (const { own, tensor } of tensors) key += `${own}\u0000${tensor.shape.join()}\u0000`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const layer = layerOf(tensors.map(ownTensor));
  known.set(key, layer);
  return layer;
}

/** A window over one channel with many outputs is depthwise, but for the first of all, which sees a picture of one channel. */
function notDepthwise(root: Module): void {
  for (const module of preorder(root)) {
    if (module.layer?.op !== 'convolution') continue;
    module.layer = { ...module.layer, depthwise: module.layer.depthwise && module.layer.layout === 'keras' && module.layer.inputs > 1 };
    return;
  }
}

/** Saved by a PyTorch from before 1.6, whose normalisation may count no batches. */
function isOld({ format, formatVersion }: Checkpoint): boolean {
  return /legacy|tar/.test(`${format} ${formatVersion}`);
}

/** Normalisation with running statistics that counts no batches never trains: its gain and offset are buffers (FrozenBatchNorm2d). */
function freeze(root: Module): void {
  for (const { layer, tensors } of preorder(root)) {
    if (tensors.some(({ tensor }) => tensor.role !== undefined)) continue;
    if (layer?.op !== 'batchNorm' || !tensors.some(({ own }) => own === 'running_mean')) continue;
    if (!tensors.some(({ own }) => own === 'num_batches_tracked')) for (const tensor of tensors) tensor.role = 'buffer';
  }
}

const ORDER: Readonly<Record<SectionKind, number>> = { weights: 0, ema: 1, optimizer: 2, training: 3 };

/** How many of a name's last parts are the tensor's own: `weight`, and `parametrizations.weight.original0`. */
function ownParts(parts: readonly string[]): number {
  return parts.length >= 3 && parts.at(-3) === 'parametrizations' ? 3 : 1;
}

function ownTensor({ own, tensor }: CheckpointTensor) {
  return { name: own, shape: tensor.shape, dtype: tensor.dtype };
}

/** Every module before its children. Names are at most `MODULE_DEPTH` deep. */
export function preorder(root: Module): Iterable<Module> {
  return root.order ?? walk(root);
}

function* walk(root: Module): Generator<Module> {
  const pending = [root];
  for (let module = pending.pop(); module; module = pending.pop()) {
    yield module;
    for (let at = module.children.length - 1; at >= 0; at -= 1) {
      const child = module.children[at];
      if (child) pending.push(child);
    }
  }
}

/** All tensors of a module and of those in it, in pre-order. */
export function* tensorsWithin(root: Module): Generator<CheckpointTensor> {
  for (const { tensors } of preorder(root)) yield* tensors;
}

/** Parameters, each tied one once, and what else modules are added up by. */
export interface Sums {
  readonly tensors: number;
  readonly parameters: Count;
  readonly buffers: Count;
  readonly bytes: Count;
}

/** Adds up tensors. Those that are another's very elements count as tensors, and no element or byte of them twice. */
export function sumOf(tensors: Iterable<CheckpointTensor>): Sums {
  const sum = { tensors: 0, parameters: 0 as Count, buffers: 0 as Count, bytes: 0 as Count };
  for (const tensor of tensors) {
    sum.tensors += 1;
    if (tensor.tied !== '') continue;
    if (tensor.role === 'parameter') sum.parameters = addCounts(sum.parameters, tensor.elements);
    else sum.buffers = addCounts(sum.buffers, tensor.elements);
    sum.bytes = addCounts(sum.bytes, tensor.bytes);
  }
  return sum;
}

class Draft implements Section {
  readonly root: Module;
  readonly ties = new TensorTies();
  /** Children by name, of modules that have any: a file's names are looked up in Maps. */
  private readonly children = new Map<Module, Map<string, Module>>();
  private readonly words: Map<string, readonly string[]>;
  /** The module that the tensor before stood in: the next is mostly there too. */
  private last: { readonly path: readonly string[]; readonly module: Module } | null = null;

  constructor(
    readonly kind: SectionKind,
    readonly prefix: string,
    words: Map<string, readonly string[]>,
  ) {
    this.words = words;
    this.root = emptyModule({ name: '', words: [] }, null, kind);
  }

  moduleAt(path: readonly string[]): Module {
    const { last } = this;
    if (last && last.path.length === path.length && path.every((name, at) => name === last.path[at])) return last.module;
    let module = this.root;
    for (const name of path) {
      const named = this.children.get(module) ?? new Map<string, Module>();
      this.children.set(module, named);
      let child = named.get(name);
      if (!child) {
        child = emptyModule({ name, words: this.wordsOf(name) }, module, this.kind);
        named.set(name, child);
        module.children.push(child);
      }
      module = child;
    }
    this.last = { path, module };
    return module;
  }

  /** Modules of a network share some dozens of names. */
  private wordsOf(name: string): readonly string[] {
    const before = this.words.get(name);
    if (before) return before;
    const words = wordsOf(name);
    this.words.set(name, words);
    return words;
  }
}

function emptyModule({ name, words }: Pick<Module, 'name' | 'words'>, parent: Module | null, section: SectionKind): Module {
  return { name, words, parent, children: [], tensors: [], section, layer: null, kind: 'other', part: null, order: null, region: null };
}
