import type { ImportedName, Verdict } from '../../../model';
import type { Imports, NotedCall } from '../imports';
import { PyBytes, PyGlobal, type Use } from '../values';
import { verdictOf } from './verdict';

/** What the pickles of a file would do when they are loaded. */
export interface PickleTrust {
  readonly verdict: Verdict;
  readonly imports: readonly ImportedName[];
  readonly reasons: readonly string[];
}

const ORDER: Readonly<Record<Verdict, number>> = { unsafe: 0, unknown: 1, safe: 2 };

/** The worse of two. */
export function worse(a: Verdict, b: Verdict): Verdict {
  return ORDER[a] < ORDER[b] ? a : b;
}

/**
 * Judges what was imported from `place`, the name of the part of the file. `known` says which modules are the file's
 * own, and `loadsBytes` what a nested file is.
 */
export function judge(
  imports: Imports,
  place: string,
  known: (module: string) => boolean = () => false,
  loadsBytes: (call: NotedCall) => Verdict = () => 'unknown',
): PickleTrust {
  const verdicts = new Map<PyGlobal, Verdict>();
  for (const global of imports.globals) verdicts.set(global, known(global.module) ? 'safe' : verdictOf(global.module, global.name));
  judgeCalls(imports.calls, verdicts, loadsBytes);
  const reasons: string[] = [];
  let verdict: Verdict = 'safe';
  for (const { kind, what, at } of imports.notes) {
    verdict = worse(verdict, kind === 'changed' && !what.includes('none') ? 'unsafe' : 'unknown');
    const reason = `${what} (${place}, byte ${at}).`;
    if (reasons.length < 20) reasons.push(reason);
  }
  const named: ImportedName[] = [];
  for (const [global, own] of verdicts) {
    verdict = worse(verdict, own);
    named.push({ name: global.path, verdict: own, where: `${place}, byte ${global.at}, ${usesOf(global.uses)}` });
  }
  named.sort((a, b) => ORDER[a.verdict] - ORDER[b.verdict] || (a.name < b.name ? -1 : 1));
  return { verdict, imports: named, reasons };
}

function usesOf(uses: ReadonlySet<Use>): string {
  return uses.size === 0 ? 'imported' : [...uses].join(' and ');
}

/** Names that are as harmful as what they are called with. */
function judgeCalls(calls: readonly NotedCall[], verdicts: Map<PyGlobal, Verdict>, loadsBytes: (call: NotedCall) => Verdict): void {
  const attributes = calls.filter(({ callee }) => callee.path === 'builtins.getattr');
  const [first] = attributes;
  if (first && attributes.every(({ args }) => isPlainAttribute(args, verdicts))) verdicts.set(first.callee, 'unknown');
  const loads = calls.filter(({ callee }) => callee.path === 'torch.storage._load_from_bytes');
  const [load] = loads;
  if (load) verdicts.set(load.callee, loads.map((call) => (call.args[0] instanceof PyBytes ? loadsBytes(call) : 'unsafe')).reduce(worse));
}

/** An attribute of a class that is not dangerous, such as a method or a member of an enumeration. */
function isPlainAttribute([owner, name]: readonly unknown[], verdicts: ReadonlyMap<PyGlobal, Verdict>): boolean {
  if (!(owner instanceof PyGlobal) || typeof name !== 'string' || name.startsWith('_')) return false;
  return verdicts.get(owner) !== 'unsafe' && /^_?[A-Z]/.test(owner.name) && verdictOf(owner.module, `${owner.name}.${name}`) !== 'unsafe';
}
