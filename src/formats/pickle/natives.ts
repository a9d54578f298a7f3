import { PyBytes, PyDict, PyFloat, PyGlobal, PyList, PyObject, PySet, PyTuple, type PyValue } from './values';

/** Classes of the standard library that are dicts. */
const DICTS: ReadonlySet<string> = new Set(['builtins.dict', 'collections.OrderedDict', 'collections.defaultdict', 'collections.Counter']);

/**
 * What calling or instantiating this would give, where that is plain data; `undefined` for all else. Only what a
 * constructor does to its arguments is done here, and no more of it than takes as long as the arguments are.
 */
export function nativeOf(path: string, args: readonly PyValue[]): PyValue | undefined {
  if (DICTS.has(path)) return dictOf(path === 'builtins.dict' ? 'dict' : path, args);
  const [first] = args;
  switch (path) {
    case 'builtins.list': {
      const list = new PyList();
      for (const item of itemsOf(first) ?? []) list.items.push(item);
      return args.length === 0 || itemsOf(first) ? list : undefined;
    }
    case 'builtins.tuple':
    case 'torch.Size':
      return args.length === 0 ? new PyTuple([]) : tupleOf(itemsOf(first));
    case 'builtins.set':
    case 'builtins.frozenset':
      return args.length === 0 ? new PySet([]) : setOf(itemsOf(first));
    case '_codecs.encode':
    case 'builtins.bytearray':
    case 'builtins.bytes':
      return bytesOf(args);
    default:
      return undefined;
  }
}

/** The class `path` instantiated by `copyreg._reconstructor(class, base, state)`: what its base would be given is kept. */
export function reconstructed(args: readonly PyValue[], at: number): PyObject | undefined {
  const [type, base, state] = args;
  if (!(type instanceof PyGlobal)) return undefined;
  type.uses.add('instantiated');
  const object = new PyObject(type, [], 'new', at);
  if (!(base instanceof PyGlobal) || base.path === 'builtins.object') return object;
  if (state instanceof PyDict) object.entries = new Map(state.entries);
  const items = itemsOf(state);
  if (items) object.add(items);
  return object;
}

function dictOf(type: string, args: readonly PyValue[]): PyDict | undefined {
  const dict = new PyDict(type);
  const source = type === 'collections.defaultdict' ? args[1] : args[0];
  if (source === undefined || source === null) return dict;
  if (source instanceof PyDict) {
    for (const [key, value] of source.entries) dict.set(key, value);
    return dict;
  }
  const pairs = itemsOf(source);
  if (!pairs) return undefined;
  for (const pair of pairs) {
    const [key, value, ...more] = itemsOf(pair) ?? [];
    if (key === undefined || value === undefined || more.length > 0) return undefined;
    dict.set(key, value);
  }
  return dict;
}

function tupleOf(items: readonly PyValue[] | null): PyTuple | undefined {
  return items ? new PyTuple(items) : undefined;
}

function setOf(items: readonly PyValue[] | null): PySet | undefined {
  return items ? new PySet([...items]) : undefined;
}

/** The items of a list, tuple or set; `null` for anything else. */
export function itemsOf(value: PyValue | undefined): readonly PyValue[] | null {
  return value instanceof PyList || value instanceof PyTuple || value instanceof PySet ? value.items : null;
}

/** `bytes` as protocol 2 writes them: a text whose characters are the bytes, encoded as Latin-1. */
function bytesOf(args: readonly PyValue[]): PyBytes | undefined {
  const [first, encoding] = args;
  if (first === undefined) return new PyBytes(-1, 0, new Uint8Array(0));
  if (first instanceof PyBytes) return first;
  if (typeof first !== 'string' || (encoding !== 'latin1' && encoding !== 'latin-1')) return undefined;
  const data = new Uint8Array(first.length);
  for (let index = 0; index < first.length; index += 1) {
    const code = first.charCodeAt(index);
    if (code > 255) return undefined;
    data[index] = code;
  }
  return new PyBytes(-1, data.length, data);
}

/** A whole number that fits; `null` for anything else. */
export function integerOf(value: PyValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

/** A number of any kind; `null` for anything else. */
export function numberOf(value: PyValue | undefined): number | null {
  if (value instanceof PyFloat) return value.value;
  return typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : null;
}
