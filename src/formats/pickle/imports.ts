import { LIMITS, LimitError } from '../../bytes';
import { python3Name } from './pythonNames';
import { PyGlobal, PyObject, type PyValue } from './values';

/** A call whose arguments tell whether it is harmless. */
export interface NotedCall {
  readonly callee: PyGlobal;
  readonly args: readonly PyValue[];
  readonly at: number;
}

/** Something that loading does and that no single name says. */
export interface Note {
  /** `computed`: what is imported or called is known only to whoever runs it; `changed`: a value that is none of the pickle's is changed. */
  readonly kind: 'computed' | 'extension' | 'changed';
  /** A sentence without its end. */
  readonly what: string;
  readonly at: number;
}

/** Calls whose arguments are kept: a storage of its own for each of so many tensors. */
const KEPT_CALLS = 10_000;

const KEPT_NOTES = 100;

/** Names whose calls are judged by their arguments. */
const JUDGED: ReadonlySet<string> = new Set(['builtins.getattr', 'torch.storage._load_from_bytes']);

/** What one or more pickles import, and what they do with it. */
export class Imports {
  readonly calls: NotedCall[] = [];
  readonly notes: Note[] = [];
  private readonly byModule = new Map<string, Map<string, PyGlobal>>();

  get globals(): readonly PyGlobal[] {
    return [...this.byModule.values()].flatMap((names) => [...new Set(names.values())]);
  }

  /** The record of a name. @throws LimitError for more names than any file needs */
  find(module: string, name: string, at: number): PyGlobal {
    const names = this.byModule.get(module);
    const known = names?.get(name);
    if (known) return known;
    const [module3, name3] = python3Name(module, name);
    const found = module3 === module && name3 === name ? this.make(module, name, at) : this.find(module3, name3, at);
    this.namesOf(module).set(name, found);
    return found;
  }

  called(callee: PyValue, args: readonly PyValue[], at: number): void {
    if (!(callee instanceof PyGlobal)) {
      this.note('computed', 'It calls a value that it computes when it is loaded', at);
      return;
    }
    callee.uses.add('called');
    if (!JUDGED.has(callee.path)) return;
    if (this.calls.length < KEPT_CALLS) this.calls.push({ callee, args, at });
    else this.note('computed', `It calls ${callee.path} more than ${KEPT_CALLS} times, which is as often as is looked at`, at);
  }

  instantiated(type: PyValue, at: number): void {
    if (type instanceof PyGlobal) type.uses.add('instantiated');
    else this.note('computed', 'It instantiates a class that it computes when it is loaded', at);
  }

  /** A pickle changes the attributes or items of something that it only imported, or of a value that has none. */
  changed(target: PyValue, what: 'attributes' | 'items', at: number): void {
    if (target instanceof PyGlobal) {
      target.uses.add('changed');
      this.note('changed', `It changes the ${what} of ${target.path} itself`, at);
    } else if (!(target instanceof PyObject)) {
      this.note('changed', `It sets ${what} of a value that has none`, at);
    }
  }

  note(kind: Note['kind'], what: string, at: number): void {
    if (this.notes.length < KEPT_NOTES) this.notes.push({ kind, what, at });
  }

  private make(module: string, name: string, at: number): PyGlobal {
    this.count += 1;
    if (this.count > LIMITS.pickleGlobals) {
      throw new LimitError(`The pickle imports more than ${LIMITS.pickleGlobals} names, which is as many as are read.`, {
        name: 'pickleGlobals',
        value: LIMITS.pickleGlobals,
      });
    }
    const made = new PyGlobal(module, name, at);
    this.namesOf(module).set(name, made);
    return made;
  }

  private count = 0;

  private namesOf(module: string): Map<string, PyGlobal> {
    let names = this.byModule.get(module);
    if (!names) {
      names = new Map();
      this.byModule.set(module, names);
    }
    return names;
  }
}
