import { LIMITS } from '../../bytes';
import type { Finding, SavedModule, Tensor } from '../../model';
import { FindingList } from '../findings';
import { itemsOf, PyDict, PyObject, PyPersistent, type PyValue, printed } from '../pickle';
import type { Found } from './found';
import type { TensorReader } from './tensors';
import { tied } from './ties';

/** What a pickle's object holds, flat. */
export interface Contents {
  readonly tensors: readonly Tensor[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly modules: readonly SavedModule[];
  readonly findings: readonly Finding[];
}

/** Which attributes of a class are learned and which are kept beside, where something else than the pickle says it. */
export type Roles = (type: string) => { readonly parameters: ReadonlySet<string>; readonly buffers: ReadonlySet<string> } | null;

/** Of an attribute's value, and of a value beside the tensors. */
const ATTRIBUTE_CHARACTERS = 200;
const METADATA_CHARACTERS = 2000;
const ATTRIBUTES = 100;
/** Calls that give a tensor, or are damaged. */
const REBUILT = /^torch\._utils\._rebuild_(?:tensor\w*|qtensor|sparse_tensor|meta_tensor_no_storage)$/;

/** Lists the tensors of a pickle's object by their dotted paths, and all that lies beside them as text. */
export function walk(root: PyValue, reader: TensorReader, roles: Roles = () => null): Contents {
  const walker = new Walker(reader, roles);
  walker.visit(root, '', 0, undefined);
  return walker.contents();
}

class Walker {
  private readonly found: { readonly name: string; readonly found: Found }[] = [];
  private readonly names = new Set<string>();
  private readonly metadata = new Map<string, string>();
  private readonly modules: SavedModule[] = [];
  private readonly findings = new FindingList();
  private readonly around = new Set<PyValue>();
  private visited = 0;
  private unlisted = 0;

  constructor(
    private readonly reader: TensorReader,
    private readonly roles: Roles,
  ) {}

  contents(): Contents {
    if (this.visited > LIMITS.checkpointValues) {
      this.findings.warn(
        'checkpoint-values',
        `Only the first ${LIMITS.checkpointValues} values of the file were looked at; one value stands at many places in it.`,
      );
    }
    if (this.unlisted > 0) this.findings.warn('metadata-entries', `${this.unlisted} more values beside the tensors are not listed.`);
    return {
      tensors: tied(this.found),
      metadata: Object.fromEntries(this.metadata),
      modules: this.modules,
      findings: this.findings.list(),
    };
  }

  visit(value: PyValue, path: string, depth: number, role: Tensor['role']): void {
    this.visited += 1;
    if (this.visited > LIMITS.checkpointValues) return;
    const found = this.reader.read(value);
    if (found && 'tensor' in found) {
      this.add(path, found, role);
      return;
    }
    if (found) {
      this.note(path === '' ? 'tensor' : path, found.what);
      for (const [name, part] of found.parts) this.visit(part, join(path, name), depth + 1, role);
      return;
    }
    if (value instanceof PyObject && REBUILT.test(value.type)) {
      this.findings.error('tensor-damaged', `"${path}" is a tensor whose storage, sizes or strides cannot be what the file says.`);
      return;
    }
    if (!isContainer(value)) {
      this.note(path, printed(value, METADATA_CHARACTERS));
      return;
    }
    if (depth > LIMITS.checkpointDepth) {
      this.findings.warn(
        'checkpoint-depth',
        `"${path.slice(0, 200)}" is nested more than ${LIMITS.checkpointDepth} levels deep; what lies below is not listed.`,
      );
      return;
    }
    // What holds itself is listed once.
    if (this.around.has(value)) return;
    this.around.add(value);
    if (value instanceof PyObject) this.object(value, path, depth);
    else if (value instanceof PyDict) this.entries(value.entries, path, depth);
    else this.items(value, path, depth);
    this.around.delete(value);
  }

  private entries(entries: ReadonlyMap<PyValue, PyValue>, path: string, depth: number, role?: Tensor['role']): void {
    for (const [key, value] of entries) this.visit(value, join(path, printed(key, ATTRIBUTE_CHARACTERS)), depth + 1, role);
  }

  /** Lists of plain values are one text, others a value for each place. */
  private items(value: PyValue, path: string, depth: number): void {
    const items = itemsOf(value) ?? [];
    if (items.every((item) => !isContainer(item) && !(item instanceof PyPersistent))) {
      this.note(path, printed(value, METADATA_CHARACTERS));
      return;
    }
    for (const [index, item] of items.entries()) this.visit(item, join(path, String(index)), depth + 1, undefined);
  }

  private object(object: PyObject, path: string, depth: number): void {
    const attributes = attributesOf(object);
    const known = this.roles(object.type);
    if (attributes && (known || isModule(attributes))) {
      this.module(object, attributes, path, depth, known);
      return;
    }
    if (attributes) this.entries(attributes, path, depth);
    if (object.entries) this.entries(object.entries, path, depth);
    for (const [index, item] of object.items.entries()) this.visit(item, join(path, String(index)), depth + 1, undefined);
    if (attributes || object.entries || object.items.length > 0) return;
    // Nothing but what it is made from: an enumeration's value, a device's name, a path's parts.
    const state = object.state === undefined || object.state === null ? [] : [object.state];
    const inside = [...object.args, ...state];
    if (inside.every((value) => !isContainer(value))) {
      this.note(path, described(object));
      return;
    }
    for (const [index, item] of inside.entries()) this.visit(item, join(path, String(index)), depth + 1, undefined);
  }

  private module(
    { type }: PyObject,
    attributes: ReadonlyMap<PyValue, PyValue>,
    path: string,
    depth: number,
    known: ReturnType<Roles>,
  ): void {
    const plain: [string, string][] = [];
    this.modules.push({ name: path, type, attributes: {} });
    const place = this.modules.length - 1;
    for (const [key, value] of attributes) {
      const name = printed(key, ATTRIBUTE_CHARACTERS);
      if (name === '_parameters' || name === '_buffers') {
        if (value instanceof PyDict) this.held(value, path, depth, name === '_buffers' ? 'buffer' : 'parameter');
      } else if (name === '_modules') {
        if (value instanceof PyDict) this.entries(value.entries, path, depth);
      } else if (known?.parameters.has(name) || known?.buffers.has(name)) {
        if (value !== null) this.visit(value, join(path, name), depth + 1, known.parameters.has(name) ? 'parameter' : 'buffer');
      } else if (!name.startsWith('_') && !isContainer(value)) {
        if (name !== 'training' && plain.length < ATTRIBUTES) plain.push([name, printed(value, ATTRIBUTE_CHARACTERS)]);
      } else if (!name.startsWith('_')) {
        if (isShort(value)) plain.push([name, printed(value, ATTRIBUTE_CHARACTERS)]);
        else this.visit(value, join(path, name), depth + 1, undefined);
      }
    }
    this.modules[place] = { name: path, type, attributes: Object.fromEntries(plain) };
  }

  /** Parameters or buffers of a module; those that are None are registered and absent. */
  private held({ entries }: PyDict, path: string, depth: number, role: Tensor['role']): void {
    for (const [key, value] of entries)
      if (value !== null) this.visit(value, join(path, printed(key, ATTRIBUTE_CHARACTERS)), depth + 1, role);
  }

  private add(path: string, found: Found, role: Tensor['role']): void {
    const { tensor, note } = found;
    let name = path === '' ? 'tensor' : path;
    if (this.names.has(name)) {
      this.findings.warn('duplicate-name', `Two tensors of the file have the path "${name}"; the second is listed with a number.`);
      let number = 2;
      while (this.names.has(`${name}#${number}`)) number += 1;
      name = `${name}#${number}`;
    }
    this.names.add(name);
    if (note) this.findings.warn('tensor-bits', `Tensor "${name}": ${note}.`);
    if (tensor.storage.kind === 'missing' && tensor.storage.reason.startsWith('The ')) {
      this.findings.error('tensor-missing', `Tensor "${name}" has no values: ${tensor.storage.reason}`);
    }
    const added = role !== undefined && tensor.role === undefined ? { ...found, tensor: { ...tensor, role } } : found;
    this.found.push({ name, found: role === 'buffer' ? { ...added, tensor: { ...added.tensor, role } } : added });
  }

  private note(path: string, text: string): void {
    if (this.metadata.size >= LIMITS.listedValues) this.unlisted += 1;
    else this.metadata.set(path === '' ? 'value' : path, text);
  }
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function isContainer(value: PyValue): boolean {
  return value instanceof PyDict || value instanceof PyObject || itemsOf(value) !== null;
}

/** A few plain values, such as a kernel's size. */
function isShort(value: PyValue): boolean {
  const items = itemsOf(value);
  return items !== null && items.length <= 8 && items.every((item) => !isContainer(item) && !(item instanceof PyPersistent));
}

/** What BUILD gives: a dict, or a dict and one of slots. */
function attributesOf({ state }: PyObject): ReadonlyMap<PyValue, PyValue> | null {
  if (state instanceof PyDict) return state.entries;
  const [first, second, ...more] = itemsOf(state) ?? [];
  if (more.length > 0 || !(second instanceof PyDict)) return null;
  if (first instanceof PyDict) return new Map([...first.entries, ...second.entries]);
  return first === null ? second.entries : null;
}

/** What `torch.nn.Module` keeps its parts in. */
function isModule(attributes: ReadonlyMap<PyValue, PyValue>): boolean {
  return attributes.has('_parameters') && attributes.has('_modules');
}

function described(object: PyObject): string {
  const { type, args } = object;
  const name = type === '' ? 'computed' : type;
  return args.length === 0
    ? `<${name}>`
    : `${name}(${args.map((argument) => printed(argument, ATTRIBUTE_CHARACTERS)).join(', ')})`.slice(0, METADATA_CHARACTERS);
}
