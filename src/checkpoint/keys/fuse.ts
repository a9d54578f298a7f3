import type { Key } from './key';

/** The three of one attention. */
interface Triple {
  readonly place: string;
  readonly own: string;
  readonly keys: readonly [q: Key, k: Key, v: Key];
}

/** A projection of q, k and v together. */
interface Whole {
  readonly place: string;
  readonly own: string;
  readonly key: Key;
}

/** Attention whose projections are one tensor on one side and three on the other. */
export function fuseKeys(left: ReadonlyMap<string, Key>, right: ReadonlyMap<string, Key>) {
  return [...fused(left, right, 'from'), ...fused(right, left, 'to')];
}

function fused(wholes: ReadonlyMap<string, Key>, parts: ReadonlyMap<string, Key>, side: 'from' | 'to') {
  const triples = triplesOf(parts);
  if (triples.length === 0) return [];
  const byPlace = new Map(triples.map((triple) => [`${triple.place}|${triple.own}`, triple]));
  const byNumbers = new Map<string, Triple | null>();
  for (const triple of triples) {
    const key = `${numbersOf(triple.place)}|${triple.own}`;
    byNumbers.set(key, byNumbers.has(key) ? null : triple);
  }
  return wholesOf(wholes).flatMap(({ place, own, key }) => {
    const triple = byPlace.get(`${place}|${own}`) ?? byNumbers.get(`${numbersOf(place)}|${own}`);
    if (!triple || !fits(key, triple.keys)) return [];
    return [{ fused: side, whole: key, parts: triple.keys }];
  });
}

/** The first extents add up, the rest is equal. */
function fits(whole: Key, parts: readonly Key[]): boolean {
  const rows = parts.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  return whole.shape[0] === rows && parts.every(({ shape }) => shape.slice(1).join() === whole.shape.slice(1).join());
}

function wholesOf(keys: ReadonlyMap<string, Key>): readonly Whole[] {
  const found: Whole[] = [];
  for (const [name, key] of keys) {
    if (key.part !== 'qkv') continue;
    const plain = /^(.*?)(?:\.?)in_proj_(weight|bias)$/.exec(name);
    if (plain) found.push({ place: plain[1] ?? '', own: plain[2] ?? '', key });
    else {
      const parts = name.split('.');
      if (parts.length >= 2) found.push({ place: parts.slice(0, -2).join('.'), own: parts.at(-1) ?? '', key });
    }
  }
  return found;
}

function triplesOf(keys: ReadonlyMap<string, Key>): readonly Triple[] {
  const groups = new Map<string, { place: string; own: string; parts: Map<string, Key> }>();
  for (const [name, key] of keys) {
    if (key.part !== 'q' && key.part !== 'k' && key.part !== 'v') continue;
    const names = name.split('.');
    if (names.length < 2) continue;
    const [place, own] = [names.slice(0, -2).join('.'), names.at(-1) ?? ''];
    const group = groups.get(`${place}|${own}`) ?? { place, own, parts: new Map<string, Key>() };
    groups.set(`${place}|${own}`, group);
    group.parts.set(key.part, key);
  }
  return [...groups.values()].flatMap(({ place, own, parts }) => {
    const [q, k, v] = [parts.get('q'), parts.get('k'), parts.get('v')];
    return q && k && v ? [{ place, own, keys: [q, k, v] as const }] : [];
  });
}

function numbersOf(place: string): string {
  return place
    .split('.')
    .filter((part) => /^\d+$/.test(part))
    .join('.');
}
