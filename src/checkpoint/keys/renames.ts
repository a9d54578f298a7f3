import type { Key } from './key';

/** A part of names that is called something else on the other side. */
export interface RenameRule {
  readonly from: string;
  readonly to: string;
}

const PARTS = /[./]/;
/** Parts of a name that are looked at. */
const MOST_PARTS = 24;

/** The part whose other name gives most tensors a partner of the same shape; `null` where none gives any. */
export function bestRename(left: ReadonlyMap<string, Key>, right: ReadonlyMap<string, Key>): RenameRule | null {
  const open = new Map<string, string>();
  for (const [name, key] of right) {
    for (const { around, part } of holes(name)) {
      const known = `${around}\u0000${key.shape.join()}`;
      // Two that differ in this part alone cannot be told apart by it.
      open.set(known, open.has(known) ? AMBIGUOUS : part);
    }
  }
  const votes = new Map<string, { readonly rule: RenameRule; votes: number }>();
  const targets = new Map<string, Map<string, number>>();
  for (const [name, key] of left) {
    for (const { around, part } of holes(name)) {
      const to = open.get(`${around}\u0000${key.shape.join()}`);
      if (to === undefined || to === AMBIGUOUS || to === part || isNumber(part) !== isNumber(to)) continue;
      const rule = { from: part, to };
      const entry = votes.get(JSON.stringify(rule)) ?? { rule, votes: 0 };
      votes.set(JSON.stringify(rule), entry);
      entry.votes += 1;
      const among = targets.get(part) ?? new Map<string, number>();
      targets.set(part, among);
      among.set(to, (among.get(to) ?? 0) + 1);
    }
  }
  let best: { readonly rule: RenameRule; readonly votes: number } | null = null;
  for (const entry of votes.values()) {
    // A place in a list that has moved is no name; and a part with several other names has none.
    if (isNumber(entry.rule.from) || (targets.get(entry.rule.from)?.size ?? 0) > 1) continue;
    if (!best || entry.votes > best.votes) best = entry;
  }
  return best?.rule ?? null;
}

const AMBIGUOUS = '\u0000';

/** A name with that part's other name; the name itself where it has no such part. */
export function renamed(name: string, { from, to }: RenameRule): string {
  if (!name.includes(from)) return name;
  return name
    .split(/([./])/)
    .map((part) => (part === from ? to : part))
    .join('');
}

/** A name with one part left open, for each of its parts. */
function holes(name: string): readonly { readonly around: string; readonly part: string }[] {
  const parts = name.split(PARTS, MOST_PARTS + 1);
  if (parts.length > MOST_PARTS) return [];
  return parts.map((part, at) => ({ part, around: [...parts.slice(0, at), '\u0001', ...parts.slice(at + 1)].join('.') }));
}

function isNumber(part: string): boolean {
  return /^\d+$/.test(part);
}
