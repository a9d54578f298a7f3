import { append } from '../../data';

/**
 * What a pickle says, as data: containers hold what it puts in, a call is a record of who would be called with what.
 * Integers are numbers where they are exact and bigints beyond; floats are `PyFloat`, so that 1.0 is not 1.
 */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PyFloat
  | PyBytes
  | PyList
  | PyTuple
  | PyDict
  | PySet
  | PyGlobal
  | PyObject
  | PyPersistent;

/** A Python float. */
export class PyFloat {
  constructor(readonly value: number) {}
}

/** Bytes or a bytearray: in memory when short, or known to come from text; else where they lie in the pickle's source. */
export class PyBytes {
  constructor(
    /** In the source; -1 for bytes that the pickle makes of a text. */
    readonly offset: number,
    readonly length: number,
    readonly data: Uint8Array | null,
  ) {}
}

/** A list. */
export class PyList {
  readonly items: PyValue[] = [];
}

/** A tuple, or a `torch.Size`. */
export class PyTuple {
  constructor(readonly items: readonly PyValue[]) {}
}

/** A dict, or a class of the standard library that is one. */
export class PyDict {
  /** What BUILD gave it: attributes, such as the `_metadata` of a state dict. */
  state: PyValue = null;
  /** Made when something is put in: every tensor has an empty dict of hooks. */
  private held: Map<PyValue, PyValue> | null = null;
  constructor(
    /** Full name of the class; `dict` for a plain one. */
    readonly type: string,
  ) {}

  get entries(): ReadonlyMap<PyValue, PyValue> {
    return this.held ?? NO_ENTRIES;
  }

  set(key: PyValue, value: PyValue): void {
    this.held ??= new Map();
    this.held.set(key, value);
  }
}

const NO_ENTRIES: ReadonlyMap<PyValue, PyValue> = new Map();
const NO_ITEMS: readonly PyValue[] = [];

/** A set or frozenset. */
export class PySet {
  constructor(readonly items: PyValue[]) {}
}

/** What loading does with a name it imports. */
export type Use = 'imported' | 'called' | 'instantiated' | 'changed';

/** A name that the pickle imports, once for each name. */
export class PyGlobal {
  readonly uses = new Set<Use>();
  constructor(
    /** As Python 3 imports it, renamed from Python 2 where that is so. */
    readonly module: string,
    readonly name: string,
    /** Byte of the first opcode that imports it. */
    readonly at: number,
  ) {}

  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** What a call or an instantiation would give. */
export class PyObject {
  /** What BUILD hands to `__setstate__` or makes attributes; `undefined` without BUILD. */
  state: PyValue | undefined;
  /** What SETITEM sets; made when first needed, as are the items. */
  entries: Map<PyValue, PyValue> | null = null;
  private added: PyValue[] | null = null;
  constructor(
    /** The class or function; a value that is no name where the pickle calls what it computed. */
    readonly callee: PyValue,
    readonly args: readonly PyValue[],
    /** Made by `__new__` alone, or by a call. */
    readonly made: 'new' | 'called',
    readonly at: number,
  ) {}

  /** What APPEND adds. */
  get items(): readonly PyValue[] {
    return this.added ?? NO_ITEMS;
  }

  add(items: Iterable<PyValue>): void {
    this.added ??= [];
    append(this.added, items);
  }

  /** Full name of the class or function; `''` for a computed one. */
  get type(): string {
    return this.callee instanceof PyGlobal ? this.callee.path : '';
  }
}

/** An object that lies outside the pickle, by its id there. */
export class PyPersistent {
  constructor(
    readonly id: PyValue,
    readonly at: number,
  ) {}
}
