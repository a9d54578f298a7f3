import type { PyValue } from './values';

/** Told of each step of the machine that a restricted unpickler may refuse, before it is done; `at` is the opcode's byte. */
export interface Watcher {
  opcode(code: number, at: number): void;
  /** A name as the pickle writes it. */
  global(module: string, name: string, at: number): void;
  /** REDUCE and its kin. */
  reduce(callee: PyValue, at: number): void;
  /** NEWOBJ and its kin. */
  create(type: PyValue, at: number): void;
  build(target: PyValue, at: number): void;
  setItems(target: PyValue, at: number): void;
  addItems(target: PyValue, at: number): void;
  persistent(id: PyValue, at: number): void;
}
