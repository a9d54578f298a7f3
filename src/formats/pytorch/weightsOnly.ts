import type { WeightsOnlyReport } from '../../model';
import { OP, opcodeName, PyDict, PyGlobal, PyList, PyObject, PyTuple, type PyValue, verdictOf, type Watcher } from '../pickle';
import { ALLOWED, BLOCKED, DISTRIBUTED, renamed } from './weightsOnlyNames';

/** Opcodes that the restricted loader knows; any other ends it. */
const OPCODES: ReadonlySet<number> = new Set([
  ...[OP.GLOBAL, OP.NEWOBJ, OP.REDUCE, OP.BUILD, OP.APPEND, OP.APPENDS, OP.SETITEM, OP.SETITEMS, OP.MARK],
  ...[OP.TUPLE, OP.TUPLE1, OP.TUPLE2, OP.TUPLE3, OP.NONE, OP.NEWFALSE, OP.NEWTRUE, OP.EMPTY_TUPLE, OP.EMPTY_LIST, OP.EMPTY_DICT],
  ...[OP.EMPTY_SET, OP.BININT, OP.BININT1, OP.BININT2, OP.BINFLOAT, OP.BINUNICODE, OP.SHORT_BINSTRING, OP.BINPERSID],
  ...[OP.BINGET, OP.LONG_BINGET, OP.BINPUT, OP.LONG_BINPUT, OP.LONG1, OP.PROTO, OP.STOP],
]);

/** Types whose `type(...)` it takes for a dict. */
const DICTS: ReadonlySet<string> = new Set(['dict', 'collections.OrderedDict', 'collections.Counter']);

/** NumPy's classes for element types, which its allow-list wants by name where a pickle builds one. */
const NUMPY_DTYPES: ReadonlyMap<string, string> = new Map([
  ['b1', 'Bool'],
  ['i1', 'Int8'],
  ['i2', 'Int16'],
  ['i4', 'Int32'],
  ['i8', 'Int64'],
  ['u1', 'UInt8'],
  ['u2', 'UInt16'],
  ['u4', 'UInt32'],
  ['u8', 'UInt64'],
  ['f2', 'Float16'],
  ['f4', 'Float32'],
  ['f8', 'Float64'],
  ['c8', 'Complex64'],
  ['c16', 'Complex128'],
]);

/**
 * Follows PyTorch's restricted loader step by step (`torch/_weights_only_unpickler.py` of 2.15) and notes what it
 * refuses. What `add_safe_globals` can mend does not end it here, so that all names it would need come together.
 */
export class WeightsOnly implements Watcher {
  private readonly needed = new Set<string>();
  private first = '';
  /** Something that no allow-list mends. */
  private hopeless = '';

  /** Refused before the pickle is looked at. */
  refuse(reason: string): void {
    if (this.first === '') this.first = reason;
    if (this.hopeless === '') this.hopeless = reason;
  }

  get report(): WeightsOnlyReport {
    if (this.first === '') return { loads: true, safeGlobals: [], reason: '' };
    const unsafe = [...this.needed].find((path) => {
      const dot = path.lastIndexOf('.');
      return verdictOf(path.slice(0, dot), path.slice(dot + 1)) === 'unsafe';
    });
    const mends = this.hopeless === '' && unsafe === undefined;
    return { loads: false, safeGlobals: mends ? [...this.needed] : [], reason: this.first };
  }

  opcode(code: number, at: number): void {
    if (this.hopeless === '' && !OPCODES.has(code)) this.refuse(`It does not know the opcode ${opcodeName(code)} at byte ${at}.`);
  }

  global(module: string, name: string, at: number): void {
    const [module3, name3] = renamed(module, name);
    const path = `${module3}.${name3}`;
    if (BLOCKED.has(module3)) this.refuse(`It blocks ${path} at byte ${at}, whatever is allowed.`);
    else if (DISTRIBUTED.has(path)) this.need(path, `It needs torch.distributed.tensor imported before, for ${path} at byte ${at}.`);
    else if (!ALLOWED.has(path)) this.need(path, `It does not allow ${path} at byte ${at}.`);
  }

  reduce(callee: PyValue, at: number): void {
    if (!(callee instanceof PyGlobal)) this.refuse(`It calls no value that the file computes (byte ${at}).`);
    else if (ALLOWED.get(callee.path) === null) this.refuse(`${callee.path} cannot be called (byte ${at}).`);
  }

  create(type: PyValue, at: number): void {
    if (!(type instanceof PyGlobal)) this.refuse(`It instantiates no class that the file computes (byte ${at}).`);
    else if (ALLOWED.get(type.path) === null) this.refuse(`${type.path} cannot be instantiated (byte ${at}).`);
  }

  build(target: PyValue, at: number): void {
    const type = typeOf(target);
    if (type === 'collections.OrderedDict' || type === 'torch.Tensor' || ALLOWED.has(type) || this.needed.has(type)) return;
    if (type.startsWith('numpy.dtypes.')) this.need(type, `It does not allow ${type} at byte ${at}.`);
    else this.refuse(`It gives no state to ${type === '' ? 'what the file computes' : `a ${type}`} (byte ${at}).`);
  }

  setItems(target: PyValue, at: number): void {
    if (!(target instanceof PyDict && DICTS.has(target.type))) this.refuse(`It sets items of dicts alone (byte ${at}).`);
  }

  addItems(target: PyValue, at: number): void {
    if (!(target instanceof PyList)) this.refuse(`It appends to lists alone (byte ${at}).`);
  }

  persistent(id: PyValue, at: number): void {
    const storage = id instanceof PyTuple && id.items[0] === 'storage';
    if (!storage) this.refuse(`Something other than a storage lies outside of the pickle (byte ${at}).`);
  }

  private need(path: string, reason: string): void {
    if (this.first === '') this.first = reason;
    this.needed.add(path);
  }
}

/** The class of a value by its full name, as far as it can be told without the class; `''` where it cannot. */
function typeOf(value: PyValue): string {
  if (value instanceof PyDict) return value.type;
  if (value instanceof PyList) return 'list';
  if (!(value instanceof PyObject)) return value instanceof PyGlobal ? 'type' : '';
  const { type } = value;
  if (type === 'numpy.dtype') {
    const name = NUMPY_DTYPES.get(String(value.args[0]).replace(/^[<>=|]/, ''));
    return name === undefined ? type : `numpy.dtypes.${name}DType`;
  }
  if (/^numpy\.(?:core|_core)\.multiarray\._reconstruct$/.test(type)) return value.args[0] instanceof PyGlobal ? value.args[0].path : type;
  // The class that it rebuilds comes second.
  if (type === 'torch._tensor._rebuild_from_type_v2') return value.args[1] instanceof PyGlobal ? value.args[1].path : type;
  return ALLOWED.get(type) ?? type;
}
