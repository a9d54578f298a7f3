import type { DType } from '../model';
import { addCounts, type Count } from './counts';
import type { AttentionPart, ModuleKind } from './kinds';
import { layerText } from './layerText';
import type { CheckpointStructure } from './structure';
import { type CheckpointTensor, type Module, preorder, type Section, type Sums, sumOf } from './tree';

/** Tensors of one element type in a module. */
export interface TypeShare {
  readonly dtype: DType;
  readonly tensors: number;
  readonly bytes: Count;
}

/**
 * A module of the folded tree. Neighbours of equal structure stand in it together, and chains of modules with one child
 * are one: `layers.0-11` with `repeat` 12. Its figures are those of all that it stands for.
 */
export interface FoldedModule extends Sums {
  /** Place in the tree's pre-order. */
  readonly id: number;
  readonly parent: number | null;
  readonly depth: number;
  /** Within its parent: `layers.0-11`. */
  readonly name: string;
  /** The first module that it stands for, as the file's names begin. */
  readonly path: string;
  readonly section: Section['kind'];
  readonly kind: ModuleKind;
  readonly part: AttentionPart | null;
  /** Equal modules in one parent that it stands for. */
  readonly repeat: number;
  /** Element types, that of most bytes first. */
  readonly types: readonly TypeShare[];
  /** How many of its tensors are another's elements under one more name. */
  readonly tied: number;
  /** The layer as PyTorch code; `''` for none. */
  readonly definition: string;
  readonly children: readonly FoldedModule[];
  /** Own tensors of the first that it stands for. */
  readonly own: readonly CheckpointTensor[];
  /** Everything that it stands for. */
  readonly members: readonly Module[];
}

/** The folded tree. */
export interface ModuleFold {
  /** The weights' modules, then one for each other section. */
  readonly roots: readonly FoldedModule[];
  /** Every module by its id. */
  readonly all: readonly FoldedModule[];
  /** Id of the folded module that stands for a tensor's module, by the tensor's place. */
  readonly moduleOf: Int32Array;
}

/** Folds a checkpoint's modules. Each module is looked at a few times, however many are equal. */
export function foldModules(structure: CheckpointStructure): ModuleFold {
  const folder = new Folder(structure);
  const roots: FoldedModule[] = [];
  for (const section of structure.sections) {
    if (section === structure.main) for (const root of folder.fold([section.root], section.prefix, null, 0)) roots.push(root);
    else roots.push(folder.section(section));
  }
  return { roots, all: folder.all, moduleOf: folder.moduleOf };
}

/** Names of sections that are no weights, where no prefix gives one. */
const SECTION_NAMES = { weights: 'weights', ema: 'ema', optimizer: 'optimizer', training: 'training' } as const;

class Folder {
  readonly all: FoldedModule[] = [];
  readonly moduleOf: Int32Array;
  private readonly shapes: ReadonlyMap<Module, number>;
  private readonly dimensions: number;

  constructor(private readonly structure: CheckpointStructure) {
    this.moduleOf = new Int32Array(structure.tensors.length).fill(-1);
    for (const { root } of structure.sections) for (const module of preorder(root)) sortNumbered(module);
    this.shapes = structureIds(structure.sections.map(({ root }) => root));
    this.dimensions = dimensionsOf(structure);
  }

  section(section: Section): FoldedModule {
    const name = section.prefix === '' ? SECTION_NAMES[section.kind] : section.prefix;
    return this.module([section.root], { name, path: section.prefix, parent: null, depth: 0, repeat: 1 });
  }

  /** The children of modules of one structure, and what their own tensors make where these stand beside modules. */
  fold(members: readonly Module[], path: string, parent: number | null, depth: number): readonly FoldedModule[] {
    const [first] = members;
    if (!first) return [];
    const folded: FoldedModule[] = [];
    // The weights' own root is no module of the tree; tensors without a module stand in one without a name.
    if (parent === null && first.tensors.length > 0) folded.push(this.rootTensors(first, path));
    for (let from = 0; from < first.children.length; ) {
      const to = this.runEnd(first.children, from);
      folded.push(this.run(members, from, to, path, { parent, depth }));
      from = to;
    }
    return folded;
  }

  private rootTensors(root: Module, path: string): FoldedModule {
    const alone: Module = { ...root, children: [], order: null, kind: rootKind(root) };
    return this.module([alone], { name: '', path, parent: null, depth: 0, repeat: 1 });
  }

  private run(
    members: readonly Module[],
    from: number,
    to: number,
    path: string,
    place: { readonly parent: number | null; readonly depth: number },
  ): FoldedModule {
    let inside =
      members.length === 1 ? (members[0]?.children.slice(from, to) ?? []) : members.flatMap(({ children }) => children.slice(from, to));
    let repeat = to - from;
    let name = runName(inside, repeat);
    let whole = join(path, inside[0]?.name ?? '', this.structure.separator);
    for (let only = this.onlyRun(inside); only > 0; only = this.onlyRun(inside)) {
      if (repeat > 1 && only > 1) break;
      const next = inside.flatMap(({ children }) => children);
      name = join(name, runName(next, only), this.structure.separator);
      whole = join(whole, next[0]?.name ?? '', this.structure.separator);
      repeat *= only;
      inside = next;
    }
    return this.module(inside, { ...place, name, path: whole, repeat });
  }

  /** How many equal children a module holds where it holds nothing else; 0 where it holds more. */
  private onlyRun([first]: readonly Module[]): number {
    if (!first || first.tensors.length > 0 || first.children.length === 0 || first.region !== null) return 0;
    return this.runEnd(first.children, 0) === first.children.length ? first.children.length : 0;
  }

  private runEnd(children: readonly Module[], from: number): number {
    const first = children[from];
    const number = first && numbered(first.name);
    let to = from + 1;
    if (!first || !number || (first.children.length === 0 && number.around !== '\u0000')) return to;
    for (; to < children.length; to += 1) {
      const next = children[to];
      const following = next && numbered(next.name);
      if (!next || !following || following.around !== number.around || following.value !== number.value + to - from) break;
      if (this.shapes.get(next) !== this.shapes.get(first)) break;
    }
    return to;
  }

  private module(members: readonly Module[], place: Pick<FoldedModule, 'name' | 'path' | 'parent' | 'depth' | 'repeat'>): FoldedModule {
    const id = this.all.length;
    const [first] = members;
    const own = first && members.length === 1 ? first.tensors : members.flatMap(({ tensors }) => tensors);
    for (const tensor of own) this.moduleOf[tensor.place] = id;
    const children: FoldedModule[] = [];
    const made: Draft = {
      ...{ id, ...place, ...sumOf(own) },
      ...{ section: first?.section ?? 'weights', kind: first?.kind ?? 'other', part: first?.part ?? null },
      types: typesOf(own),
      tied: own.reduce((sum, { tied }) => sum + Number(tied !== ''), 0),
      definition: first ? layerText(first, this.dimensions) : '',
      ...{ children, own: first?.tensors ?? [], members },
    };
    this.all.push(made);
    for (const child of this.childrenOf(members, place, id)) {
      children.push(child);
      include(made, child);
    }
    return made;
  }

  private childrenOf(
    members: readonly Module[],
    { path, depth }: Pick<FoldedModule, 'path' | 'depth'>,
    id: number,
  ): readonly FoldedModule[] {
    return this.fold(members, path, id, depth + 1);
  }
}

type Draft = { -readonly [Key in keyof FoldedModule]: FoldedModule[Key] };

function include(made: Draft, child: FoldedModule): void {
  made.tensors += child.tensors;
  made.parameters = addCounts(made.parameters, child.parameters);
  made.buffers = addCounts(made.buffers, child.buffers);
  made.bytes = addCounts(made.bytes, child.bytes);
  made.tied += child.tied;
  const [type, ...others] = made.types;
  const [added, ...more] = child.types;
  // Nearly every module is of one type.
  if (type && added && others.length === 0 && more.length === 0 && type.dtype === added.dtype) {
    made.types = [{ dtype: type.dtype, tensors: type.tensors + added.tensors, bytes: addCounts(type.bytes, added.bytes) }];
  } else made.types = mergedTypes([...made.types, ...child.types]);
}

function typesOf(tensors: readonly CheckpointTensor[]): readonly TypeShare[] {
  const [first, ...others] = tensors;
  if (first && others.length === 0) return [{ dtype: first.tensor.dtype, tensors: 1, bytes: first.tied === '' ? first.bytes : 0 }];
  return mergedTypes(tensors.map(({ tensor, bytes, tied }) => ({ dtype: tensor.dtype, tensors: 1, bytes: tied === '' ? bytes : 0 })));
}

function mergedTypes(shares: readonly TypeShare[]): readonly TypeShare[] {
  const merged = new Map<DType, TypeShare>();
  for (const { dtype, tensors, bytes } of shares) {
    const before = merged.get(dtype);
    merged.set(dtype, { dtype, tensors: tensors + (before?.tensors ?? 0), bytes: addCounts(bytes, before?.bytes ?? 0) });
  }
  const all = [...merged.values()];
  return all.length < 2 ? all : all.sort((a, b) => Number(b.bytes) - Number(a.bytes));
}

function join(path: string, name: string, separator: string): string {
  return path === '' ? name : name === '' ? path : `${path}${separator}${name}`;
}

/** `0-11` for twelve neighbours, `block_1-4`. */
function runName(members: readonly Module[], repeat: number): string {
  const [first, last] = [members[0]?.name ?? '', members[repeat - 1]?.name ?? ''];
  if (repeat === 1) return first;
  const number = numbered(last);
  return number === null ? first : `${first}-${number.value}`;
}

/** A name with one number at its end, and what is around it; `\u0000` for a name that is a number. */
function numbered(name: string): { readonly around: string; readonly value: number } | null {
  const found = /^(.*?)(\d{1,9})$/s.exec(name);
  if (!found) return null;
  const [, around = '', digits = ''] = found;
  return { around: around === '' ? '\u0000' : around, value: Number(digits) };
}

/** Files that sort names as text have `10` before `2`: neighbours that differ by a number stand in its order. */
function sortNumbered(module: Module): void {
  const { children } = module;
  for (let from = 0; from < children.length; ) {
    const number = numbered(children[from]?.name ?? '');
    let to = from + 1;
    if (number) while (to < children.length && numbered(children[to]?.name ?? '')?.around === number.around) to += 1;
    if (to - from > 1) {
      const run = children.slice(from, to).sort((a, b) => (numbered(a.name)?.value ?? 0) - (numbered(b.name)?.value ?? 0));
      for (const [offset, child] of run.entries()) children[from + offset] = child;
    }
    from = to;
  }
}

/** Equal numbers for modules of equal structure: names, kinds, shapes and types of all within. */
function structureIds(roots: readonly Module[]): ReadonlyMap<Module, number> {
  const ids = new Map<Module, number>();
  const known = new Map<string, number>();
  for (const root of roots) {
    for (const module of [...preorder(root)].reverse()) {
      const own = module.tensors.map(
        ({ own: name, tensor, kind, role }) => `${name}\u0001${tensor.dtype}\u0001${tensor.shape.join()}\u0001${kind}\u0001${role}`,
      );
      const inner = module.children.map((child) => `${child.name}\u0001${ids.get(child)}`);
      const text = `${module.kind}\u0002${module.part}\u0002${own.join('\u0003')}\u0002${inner.join('\u0003')}`;
      const id = known.get(text) ?? known.size;
      known.set(text, id);
      ids.set(module, id);
    }
  }
  return ids;
}

/** Dimensions of the pictures that the network sees: those of its first convolution's window, 2 without one. */
function dimensionsOf({ sections }: CheckpointStructure): number {
  for (const { root } of sections) {
    for (const { layer } of preorder(root)) if (layer?.op === 'convolution') return layer.kernel.length;
  }
  return 1;
}

function rootKind(root: Module): ModuleKind {
  const kinds = new Set(root.tensors.map(({ kind }) => kind));
  const [only] = kinds;
  return kinds.size === 1 && only !== undefined ? only : 'container';
}
