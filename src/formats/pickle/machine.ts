import { FormatError, LIMITS, LimitError } from '../../bytes';
import { append } from '../../data';
import type { Imports } from './imports';
import { Memo } from './memo';
import { nativeOf, reconstructed } from './natives';
import { LINE, lengthWidth, OP, OPERANDS, opcodeName, TWO_LINES } from './opcodes';
import { Stack, StackFault } from './stack';
import { floatOfText, integerOfBytes, integerOfText, latin1, quoted, rawUnicode, utf8 } from './text';
import { PyBytes, PyDict, PyFloat, PyGlobal, PyList, PyObject, PyPersistent, PySet, PyTuple, type PyValue } from './values';
import type { Watcher } from './watcher';

/** Bytes kept in memory; longer ones stay in the file. */
const KEPT_BYTES = 4096;

/**
 * An unpickler that makes records where Python would import and call: nothing a pickle names is looked up, and nothing
 * it computes is run. It works on a window of the source and asks for the next; each opcode is done whole or not at all.
 */
export class PickleMachine {
  /** Where in the source the next opcode is. */
  at: number;
  /** The object, when STOP was reached. */
  result: { readonly value: PyValue } | null = null;
  protocol = 0;
  private readonly stack = new Stack();
  private readonly memo = new Memo();
  private window: Uint8Array = new Uint8Array(0);
  private view = new DataView(this.window.buffer);
  private base = 0;
  private opcodes = 0;

  constructor(
    start: number,
    /** Where the pickle can end at the latest. */
    private readonly end: number,
    readonly imports: Imports,
    private readonly watcher: Watcher | null,
    /** What a persistent id stands for, where that is known. */
    private readonly outside: ((id: PyValue) => PyValue | undefined) | undefined,
  ) {
    this.at = start;
  }

  /** Sets the bytes to work on, which begin at `base` of the source. */
  feed(window: Uint8Array, base: number): void {
    this.window = window;
    this.view = new DataView(window.buffer, window.byteOffset, window.byteLength);
    this.base = base;
  }

  /**
   * Works until STOP, or until an opcode is not wholly in the window; then returns how many bytes from `at` it needs.
   * @throws FormatError for what no unpickler accepts, LimitError
   */
  run(): number {
    const { window, base } = this;
    while (this.result === null) {
      const at = this.at - base;
      const code = window[at];
      if (code === undefined) return 1;
      const form = OPERANDS[code];
      if (form === undefined) throw this.fault(`byte 0x${code.toString(16).padStart(2, '0')} is no opcode`);
      let from = at + 1;
      let to = from;
      if (form >= 0) to += form;
      else if (form === LINE || form === TWO_LINES) {
        to = this.lineEnd(from);
        if (form === TWO_LINES && to > 0) to = this.lineEnd(to);
        if (to < 0) return this.grown(window.length - at);
      } else {
        const width = lengthWidth(form);
        if (from + width > window.length) return width + 1;
        const length = this.length(from, width);
        from += width;
        to = from + length;
        if (to + base > this.end) throw this.fault(`${opcodeName(code)} is ${length} bytes long, and the pickle ends before them`);
        if (isBytes(code) && length > KEPT_BYTES) {
          this.count(code);
          this.stack.push(new PyBytes(from + base, length, null));
          this.at = to + base;
          continue;
        }
        if (length > LIMITS.pickleTextBytes) {
          throw new LimitError(`The pickle has a text of ${length} bytes at byte ${this.at}; at most ${LIMITS.pickleTextBytes} are read.`, {
            name: 'pickleTextBytes',
            value: LIMITS.pickleTextBytes,
          });
        }
      }
      if (to > window.length) return to - at;
      this.count(code);
      try {
        const value = this.step(code, from, to);
        if (value !== undefined) this.stack.push(value);
      } catch (error) {
        if (error instanceof StackFault) throw this.fault(`${opcodeName(code)}: ${error.message}`);
        throw error;
      }
      this.at = to + base;
    }
    return 0;
  }

  /** A fault of the pickle at the present opcode. */
  fault(what: string): FormatError {
    return new FormatError(`The pickle is damaged at byte ${this.at}: ${what}.`, { format: 'pickle', offset: this.at });
  }

  private count(code: number): void {
    this.opcodes += 1;
    if (this.opcodes > LIMITS.pickleOpcodes || this.stack.depth > LIMITS.pickleStack) {
      const [name, what] =
        this.opcodes > LIMITS.pickleOpcodes ? (['pickleOpcodes', 'opcodes'] as const) : (['pickleStack', 'values on its stack'] as const);
      throw new LimitError(`The pickle has more than ${LIMITS[name]} ${what}, which is as many as are read.`, {
        name,
        value: LIMITS[name],
      });
    }
    this.watcher?.opcode(code, this.at);
  }

  /** The end of a line with its line feed; -1 where it is not in the window. */
  private lineEnd(from: number): number {
    const end = this.window.indexOf(10, from);
    return end < 0 ? -1 : end + 1;
  }

  /** What to ask for where a line goes on: twice as much, as far as lines may. */
  private grown(have: number): number {
    if (have > LIMITS.pickleTextBytes || this.at + have >= this.end) throw this.fault('a line does not end');
    return Math.max(256, 2 * have);
  }

  private length(from: number, width: number): number {
    if (width === 1) return this.view.getUint8(from);
    if (width === 4) return this.view.getUint32(from, true);
    return Number(this.view.getBigUint64(from, true));
  }

  private line(from: number, to: number): string {
    return latin1(this.window, from, to - 1);
  }

  /** Does one opcode; returns what is put on the stack, if anything. */
  private step(code: number, from: number, to: number): PyValue | undefined {
    const { stack, window, view } = this;
    switch (code) {
      case OP.BINPUT:
        return this.keep(view.getUint8(from));
      case OP.BINGET:
        return this.recall(view.getUint8(from));
      case OP.BINUNICODE:
      case OP.SHORT_BINUNICODE:
      case OP.BINUNICODE8:
        return utf8(window, from, to);
      case OP.LONG_BINPUT:
        return this.keep(view.getUint32(from, true));
      case OP.LONG_BINGET:
        return this.recall(view.getUint32(from, true));
      case OP.MEMOIZE:
        return this.keep(this.memo.size);
      case OP.MARK:
        stack.mark();
        return undefined;
      case OP.TUPLE:
        return new PyTuple(stack.popMark());
      case OP.BININT1:
        return view.getUint8(from);
      case OP.BININT2:
        return view.getUint16(from, true);
      case OP.BININT:
        return view.getInt32(from, true);
      case OP.EMPTY_TUPLE:
        return new PyTuple([]);
      case OP.TUPLE1:
        return new PyTuple([stack.pop()]);
      case OP.TUPLE2: {
        const second = stack.pop();
        return new PyTuple([stack.pop(), second]);
      }
      case OP.TUPLE3: {
        const third = stack.pop();
        const second = stack.pop();
        return new PyTuple([stack.pop(), second, third]);
      }
      case OP.NEWFALSE:
        return false;
      case OP.NEWTRUE:
        return true;
      case OP.NONE:
        return null;
      case OP.REDUCE: {
        const args = stack.pop();
        return this.call(stack.pop(), args);
      }
      case OP.BINPERSID:
        return this.persistent(stack.pop());
      case OP.PERSID:
        return this.persistent(this.line(from, to));
      case OP.BINFLOAT:
        return new PyFloat(view.getFloat64(from, false));
      case OP.EMPTY_DICT:
        return new PyDict('dict');
      case OP.EMPTY_LIST:
        return new PyList();
      case OP.SETITEM: {
        const value = stack.pop();
        return this.setItems([stack.pop(), value]);
      }
      case OP.SETITEMS:
        return this.setItems(stack.popMark());
      case OP.APPEND:
        return this.addItems([stack.pop()]);
      case OP.APPENDS:
        return this.addItems(stack.popMark());
      case OP.GLOBAL: {
        const middle = this.lineEnd(from);
        // Names are UTF-8 in every unpickler of Python 3.
        return this.import(utf8(window, from, middle - 1), utf8(window, middle, to - 1));
      }
      case OP.BUILD: {
        const state = stack.pop();
        return this.build(stack.top(), state);
      }
      case OP.STOP:
        this.result = { value: stack.pop() };
        return undefined;
      case OP.PROTO:
        this.protocol = view.getUint8(from);
        if (this.protocol > 5) throw this.fault(`protocol ${this.protocol} does not exist`);
        return undefined;
      case OP.FRAME:
        return undefined;
      default:
        return this.rare(code, from, to);
    }
  }

  /** Opcodes that PyTorch's files have seldom or never. */
  private rare(code: number, from: number, to: number): PyValue | undefined {
    const { stack, view } = this;
    switch (code) {
      case OP.POP:
        stack.drop();
        return undefined;
      case OP.POP_MARK:
        stack.popMark();
        return undefined;
      case OP.DUP:
        return stack.top();
      case OP.LONG1:
      case OP.LONG4:
        return integerOfBytes(this.window, from, to) ?? new PyObject('a long integer', [], 'called', this.at);
      case OP.INT:
      case OP.LONG:
        return this.readable(integerOfText(this.line(from, to)), 'a whole number');
      case OP.FLOAT:
        return new PyFloat(this.readable(floatOfText(this.line(from, to)), 'a number'));
      case OP.STRING:
        return this.readable(quoted(this.line(from, to).trim()), 'a quoted text');
      case OP.UNICODE:
        return rawUnicode(this.line(from, to));
      case OP.BINSTRING:
      case OP.SHORT_BINSTRING:
        return utf8(this.window, from, to);
      case OP.BINBYTES:
      case OP.SHORT_BINBYTES:
      case OP.BINBYTES8:
      case OP.BYTEARRAY8:
        return new PyBytes(from + this.base, to - from, this.window.slice(from, to));
      case OP.GET:
        return this.recall(Number(this.readable(integerOfText(this.line(from, to)), 'a whole number')));
      case OP.PUT:
        return this.keep(Number(this.readable(integerOfText(this.line(from, to)), 'a whole number')));
      case OP.LIST: {
        const list = new PyList();
        append(list.items, stack.popMark());
        return list;
      }
      case OP.DICT: {
        const items = stack.popMark();
        stack.push(new PyDict('dict'));
        return this.setItems(items);
      }
      case OP.EMPTY_SET:
        return new PySet([]);
      case OP.FROZENSET:
        return new PySet(stack.popMark());
      case OP.ADDITEMS:
        return this.addItems(stack.popMark());
      case OP.NEWOBJ: {
        const args = stack.pop();
        return this.create(stack.pop(), args, null);
      }
      case OP.NEWOBJ_EX: {
        const named = stack.pop();
        const args = stack.pop();
        return this.create(stack.pop(), args, named);
      }
      case OP.OBJ: {
        const [callee, ...args] = stack.popMark();
        if (callee === undefined) throw this.fault('OBJ has no class');
        return this.call(callee, new PyTuple(args));
      }
      case OP.INST: {
        const middle = this.lineEnd(from);
        const callee = this.import(utf8(this.window, from, middle - 1), utf8(this.window, middle, to - 1));
        return this.call(callee, new PyTuple(stack.popMark()));
      }
      case OP.STACK_GLOBAL: {
        const name = stack.pop();
        const module = stack.pop();
        return this.importValues(module, name);
      }
      case OP.EXT1:
        return this.extension(view.getUint8(from));
      case OP.EXT2:
        return this.extension(view.getUint16(from, true));
      case OP.EXT4:
        return this.extension(view.getInt32(from, true));
      case OP.NEXT_BUFFER:
        throw this.fault('its buffers lie outside of it, and there are none');
      case OP.READONLY_BUFFER:
        return undefined;
      default:
        throw this.fault(`${opcodeName(code)} cannot be read`);
    }
  }

  private readable<T>(value: T | undefined, what: string): T {
    if (value === undefined) throw this.fault(`${opcodeName(this.window[this.at - this.base] ?? 0)} is not followed by ${what}`);
    return value;
  }

  private keep(index: number): undefined {
    this.memo.set(index, this.stack.top());
    return undefined;
  }

  private recall(index: number): PyValue {
    const value = this.memo.get(index);
    if (value === undefined) throw this.fault(`it asks for value ${index}, which it has not kept`);
    return value;
  }

  private import(module: string, name: string): PyGlobal {
    this.watcher?.global(module, name, this.at);
    return this.imports.find(module, name, this.at);
  }

  private importValues(module: PyValue, name: PyValue): PyValue {
    if (typeof module === 'string' && typeof name === 'string') return this.import(module, name);
    this.imports.note('computed', 'It imports a name that it computes when it is loaded', this.at);
    return new PyObject('a computed name', [module, name], 'called', this.at);
  }

  private extension(code: number): PyValue {
    this.imports.note(
      'extension',
      `It imports what extension ${code} of the registry stands for, which only the loading program knows`,
      this.at,
    );
    return new PyObject(`extension ${code}`, [], 'called', this.at);
  }

  private persistent(id: PyValue): PyValue {
    this.watcher?.persistent(id, this.at);
    return this.outside?.(id) ?? new PyPersistent(id, this.at);
  }

  private call(callee: PyValue, args: PyValue): PyValue {
    const values = argumentsOf(args);
    this.watcher?.reduce(callee, this.at);
    this.imports.called(callee, values, this.at);
    if (callee instanceof PyGlobal) {
      const { path } = callee;
      if (path === 'copyreg._reconstructor') return reconstructed(values, this.at) ?? new PyObject(callee, values, 'called', this.at);
      if (path === 'copyreg.__newobj__') return this.create(values[0] ?? null, new PyTuple(values.slice(1)), null);
      const native = nativeOf(path, values);
      if (native !== undefined) return native;
    }
    return new PyObject(callee, values, 'called', this.at);
  }

  private create(type: PyValue, args: PyValue, named: PyValue): PyValue {
    const values = argumentsOf(args);
    this.watcher?.create(type, this.at);
    this.imports.instantiated(type, this.at);
    if (type instanceof PyGlobal) {
      const native = nativeOf(type.path, values);
      if (native !== undefined) return native;
    }
    return new PyObject(type, named instanceof PyDict ? [...values, named] : values, 'new', this.at);
  }

  private build(target: PyValue, state: PyValue): undefined {
    this.watcher?.build(target, this.at);
    if (target instanceof PyDict || target instanceof PyObject) target.state = state;
    else this.imports.changed(target, 'attributes', this.at);
    return undefined;
  }

  private setItems(items: readonly PyValue[]): undefined {
    const target = this.stack.top();
    this.watcher?.setItems(target, this.at);
    if (items.length % 2 !== 0) throw this.fault('a key has no value');
    if (target instanceof PyObject) target.entries ??= new Map();
    const entries = target instanceof PyDict ? target : target instanceof PyObject ? target.entries : null;
    if (!entries) {
      this.imports.changed(target, 'items', this.at);
      return undefined;
    }
    for (let index = 0; index < items.length; index += 2) entries.set(items[index] as PyValue, items[index + 1] as PyValue);
    return undefined;
  }

  private addItems(items: readonly PyValue[]): undefined {
    const target = this.stack.top();
    this.watcher?.addItems(target, this.at);
    if (target instanceof PyObject) target.add(items);
    else if (target instanceof PyList || target instanceof PySet) append(target.items, items);
    else this.imports.changed(target, 'items', this.at);
    return undefined;
  }
}

function argumentsOf(args: PyValue): readonly PyValue[] {
  return args instanceof PyTuple || args instanceof PyList ? args.items : [args];
}

function isBytes(code: number): boolean {
  return code === OP.BINBYTES || code === OP.BINBYTES8 || code === OP.BYTEARRAY8 || code === OP.BINSTRING;
}
