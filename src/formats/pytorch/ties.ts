import { append } from '../../data';
import type { Tensor } from '../../model';
import type { Found } from './found';

interface Named {
  readonly name: string;
  readonly found: Found;
}

interface Span {
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

/** Names the tensors, and ties those whose bytes of one storage overlap: parts of a flat buffer do not. */
export function tied(named: readonly Named[]): readonly Tensor[] {
  // Most storages have one tensor: a number in place of a list.
  const byStorage = new Map<string, number | Span[]>();
  const spanOf = (index: number): Span[] => {
    const shares = named[index]?.found.shares;
    return shares ? [{ index, from: shares.from, to: shares.to }] : [];
  };
  for (const [index, { found }] of named.entries()) {
    if (!found.shares) continue;
    const known = byStorage.get(found.shares.key);
    if (known === undefined) byStorage.set(found.shares.key, index);
    else if (typeof known === 'number') byStorage.set(found.shares.key, [...spanOf(known), ...spanOf(index)]);
    else append(known, spanOf(index));
  }
  const ties = new Map<number, string>();
  for (const [key, spans] of byStorage) if (typeof spans !== 'number') tieOverlaps(key, spans, ties);
  return named.map(({ name, found }, index) => {
    const tie = ties.get(index);
    return tie === undefined ? { name, ...found.tensor } : { name, ...found.tensor, tied: tie };
  });
}

function tieOverlaps(key: string, spans: Span[], ties: Map<number, string>): void {
  spans.sort((a, b) => a.from - b.from);
  let group: Span[] = [];
  let end = 0;
  const close = () => {
    const [first] = group;
    if (first && group.length > 1) for (const { index } of group) ties.set(index, `${key}@${first.from}`);
  };
  for (const span of spans) {
    if (span.from >= end) {
      close();
      group = [];
    }
    group.push(span);
    end = Math.max(end, span.to);
  }
  close();
}
