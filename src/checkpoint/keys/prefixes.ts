import { type Key, sameShape } from './key';

/** Names of one side begin with `from` where those of the other begin with `to`. */
export interface PrefixRule {
  readonly from: string;
  readonly to: string;
}

/** Leading parts that may be another name's: wrappers stand in each other three or four deep. */
const DEPTH = 5;

/**
 * The change of prefix that gives most names of one side a partner on the other; `null` where none gives two, or all
 * that are left.
 */
export function bestPrefix(left: ReadonlyMap<string, Key>, right: ReadonlyMap<string, Key>): PrefixRule | null {
  const endings = new Map<string, { readonly prefix: string; readonly key: Key }[]>();
  for (const [name, key] of right) {
    for (const { prefix, rest } of cuts(name)) {
      const list = endings.get(rest);
      if (list) {
        if (list.length < MOST_ENDINGS) list.push({ prefix, key });
      } else endings.set(rest, [{ prefix, key }]);
    }
  }
  const votes = new Map<string, { readonly rule: PrefixRule; votes: number }>();
  for (const [name, key] of left) {
    // The longest common end decides: a shorter one is part of it.
    for (const { prefix, rest } of cuts(name)) {
      const found = endings.get(rest);
      if (!found) continue;
      for (const { prefix: to, key: other } of found) {
        if (to === prefix) continue;
        const rule = { from: prefix, to };
        const entry = votes.get(JSON.stringify(rule)) ?? { rule, votes: 0 };
        votes.set(JSON.stringify(rule), entry);
        entry.votes += sameShape(key, other) ? 1 : WEAK;
      }
      break;
    }
  }
  let best: { readonly rule: PrefixRule; readonly votes: number } | null = null;
  for (const entry of votes.values()) if (!best || entry.votes > best.votes) best = entry;
  const enough = Math.min(2, left.size, right.size);
  return best && best.votes >= enough ? best.rule : null;
}

/** A partner of another shape says less. */
const WEAK = 0.3;
/** Prefixes of one ending that are looked at: every block of a network ends in `norm1.weight`. */
const MOST_ENDINGS = 4;

/** A name with that prefix in place of its own; the name itself where it begins otherwise. */
export function replacePrefix(name: string, { from, to }: PrefixRule): string {
  return name.startsWith(from) ? to + name.slice(from.length) : name;
}

/** A name after none, one, two... of its leading parts. At least two parts stay, or one where there are no more. */
function* cuts(name: string): Generator<{ readonly prefix: string; readonly rest: string }> {
  let at = 0;
  for (let depth = 0; depth <= DEPTH; depth += 1) {
    const rest = name.slice(at);
    // A number in front is a place in a list, which no wrapper is.
    if (/[./]/.test(rest) || depth === 0) yield { prefix: name.slice(0, at), rest };
    const next = /[./]/.exec(rest);
    if (!next) return;
    at += next.index + 1;
  }
}
