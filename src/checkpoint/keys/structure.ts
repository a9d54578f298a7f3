import type { Key } from './key';

/** What comes first of two alike, and what second: a block's norms before attention and before the feed-forward network. */
const FIRST = /(?:^|[._])(?:\w*1|before|pre|input|attn|attention|self|up|in)(?:[._]|$)/;
const SECOND = /(?:^|[._])(?:\w*2|after|post|output|ffn|mlp|final|down|out)(?:[._]|$)/;

/**
 * Pairs what is for one purpose at one place: equal kinds, parts, shapes and numbers in the name, and nothing else like it
 * on either side. Of two alike one must be named for what comes first and one for what comes second, on both sides.
 */
export function structurePairs(left: ReadonlyMap<string, Key>, right: ReadonlyMap<string, Key>): readonly (readonly [Key, Key])[] {
  const [ours, theirs] = [groups(left.values()), groups(right.values())];
  const pairs: (readonly [Key, Key])[] = [];
  for (const [signature, group] of ours) {
    const others = theirs.get(signature);
    if (!others || others.length !== group.length) continue;
    const [a, b] = group.length === 1 ? [group, others] : [ranked(group), ranked(others)];
    a.forEach((key, place) => {
      const other = b[place];
      if (other) pairs.push([key, other]);
    });
  }
  return pairs;
}

function groups(keys: Iterable<Key>): ReadonlyMap<string, readonly Key[]> {
  const found = new Map<string, Key[]>();
  for (const key of keys) {
    // What nobody knows is not told by being alone.
    if (key.kind === 'other' || key.kind === 'container') continue;
    const signature = [key.kind, key.part, ownOf(key), key.shape.join(), placesOf(key.name).join()].join('|');
    const group = found.get(signature);
    if (group) group.push(key);
    else found.set(signature, [key]);
  }
  return found;
}

/** `weight` or `bias` whatever a framework calls it; tables of tokens and positions have names of their own. */
function ownOf({ name, kind, shape }: Key): string {
  const own = name.slice(name.lastIndexOf('.') + 1);
  if (/bias|beta/.test(own) && shape.length < 2) return 'bias';
  return kind === 'position' || kind === 'embedding' || /^(?:gamma|kernel)$/.test(own) ? 'weight' : own;
}

/** Numbers that are parts of a name are places in lists; `norm1` is a name. */
function placesOf(name: string): readonly string[] {
  return name.split('.').filter((part) => /^\d+$/.test(part));
}

/** Two keys, the first first; nothing where their names do not say so. */
function ranked(keys: readonly Key[]): readonly Key[] {
  if (keys.length !== 2) return [];
  // Of the last words that are no places: what is around both says nothing of either.
  const words = ({ name }: Key) =>
    name
      .split('.')
      .filter((part) => !/^\d+$/.test(part))
      .slice(-2)
      .join('.');
  const first = keys.filter((key) => FIRST.test(words(key)) && !SECOND.test(words(key)));
  const second = keys.filter((key) => SECOND.test(words(key)) && !FIRST.test(words(key)));
  return first.length === 1 && second.length === 1 ? [...first, ...second] : [];
}
