import { fuseKeys } from './fuse';
import { type Key, type KeyMatch, type KeyPair, type MatchedBy, sameShape } from './key';
import { bestPrefix, replacePrefix } from './prefixes';
import { bestRename, renamed } from './renames';
import { structurePairs } from './structure';

/** Prefixes and renamed layers that are looked for, one after the other, and names that are looked at in all. */
const ROUNDS = 48;
const MOST_LOOKS = 1_000_000;

/**
 * Finds which tensors of one side are which of the other: by name, by what their names begin with, by a layer that has
 * another name, by what they are for and where they stand. No value is read.
 */
export function matchKeys(from: readonly Key[], to: readonly Key[]): KeyMatch {
  const work = new Matching(from, to);
  work.take((name) => name, 'name');
  let looks = 0;
  for (let round = 0; round < ROUNDS && work.isOpen() && looks < MOST_LOOKS; round += 1) {
    looks += work.left.size + work.right.size;
    const prefix = bestPrefix(work.left, work.right);
    if (prefix) {
      work.take((name) => replacePrefix(name, prefix), 'prefix');
      continue;
    }
    const rename = bestRename(work.left, work.right);
    if (!rename) break;
    work.take((name) => renamed(name, rename), 'rename');
  }
  const fused = fuseKeys(work.left, work.right);
  for (const { fused: side, whole, parts } of fused) {
    const [left, right] = side === 'from' ? [[whole], parts] : [parts, [whole]];
    work.drop(left, right);
  }
  for (const [a, b] of structurePairs(work.left, work.right)) work.pair(a, b, 'structure');
  return { pairs: work.pairs, fused, removed: work.leftKeys(), added: [...work.right.values()] };
}

class Matching {
  readonly pairs: KeyPair[] = [];
  /** What has no partner yet, by its name as rules have changed it so far, and by its own on the other side. */
  left: ReadonlyMap<string, Key>;
  readonly right: Map<string, Key>;

  constructor(from: readonly Key[], to: readonly Key[]) {
    this.left = new Map(from.map((key) => [key.name, key]));
    this.right = new Map(to.map((key) => [key.name, key]));
  }

  isOpen(): boolean {
    return this.left.size > 0 && this.right.size > 0;
  }

  /** Changes all names left over, and pairs those that now are names of the other side. */
  take(change: (name: string) => string, by: MatchedBy): void {
    const left = new Map<string, Key>();
    for (const [name, key] of this.left) {
      const changed = change(name);
      const partner = this.right.get(changed);
      if (partner) {
        this.pairs.push({ from: key, to: partner, by });
        this.right.delete(changed);
        // Two names may become one; the second keeps its own.
      } else left.set(left.has(changed) ? name : changed, key);
    }
    this.left = left;
  }

  pair(a: Key, b: Key, by: MatchedBy): void {
    this.pairs.push({ from: a, to: b, by });
    this.drop([a], [b]);
  }

  drop(left: readonly Key[], right: readonly Key[]): void {
    const gone = new Set(left);
    this.left = new Map([...this.left].filter(([, key]) => !gone.has(key)));
    for (const { name } of right) this.right.delete(name);
  }

  leftKeys(): readonly Key[] {
    return [...this.left.values()];
  }
}

/** Pairs whose tensors differ in shape: what loading calls a size mismatch. */
export function reshapedPairs({ pairs }: KeyMatch): readonly KeyPair[] {
  return pairs.filter(({ from, to }) => !sameShape(from, to));
}
