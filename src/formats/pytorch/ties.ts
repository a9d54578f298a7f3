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
  const byStorage = new Map<string, Span[]>();
  for (const [index, { found }] of named.entries()) {
    if (!found.shares) continue;
    const spans = byStorage.get(found.shares.key);
    const span = { index, from: found.shares.from, to: found.shares.to };
    if (spans) spans.push(span);
    else byStorage.set(found.shares.key, [span]);
  }
  const ties = new Map<number, string>();
  for (const [key, spans] of byStorage) if (spans.length > 1) tieOverlaps(key, spans, ties);
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
