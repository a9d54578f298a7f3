import type { ByteSource } from '../../bytes';
import type { Verdict } from '../../model';
import type { NotedCall } from '../pickle';
import type { Judged } from '../pytorch/trust';
import type { WeightsOnly } from '../pytorch/weightsOnly';

/** A file, or a file within one. */
export interface ScanPlace {
  /** As a person finds it; of an entry, behind the name of its archive. */
  readonly name: string;
  /** How many files lie around it. */
  readonly depth: number;
  readonly signal?: AbortSignal;
}

/** Looks into a file within another. */
export type ScanInside = (found: Collected, source: ByteSource, place: ScanPlace) => Promise<string>;

/** Reasons that are listed; an archive can have one for each of its entries. */
const MOST_REASONS = 50;

/** What was found in a file and the files within it. */
export class Collected {
  readonly parts: Judged[] = [];
  readonly nested: ((call: NotedCall) => Verdict)[] = [];
  /** Why the file cannot be called safe. */
  readonly reasons: string[] = [];
  /** Why it is not, besides what its pickles import. */
  readonly unsafe: string[] = [];
  /** Of the part that `torch.load` reads. */
  weightsOnly: WeightsOnly | null = null;

  unsure(...reasons: readonly string[]): void {
    for (const reason of reasons) if (this.reasons.length < MOST_REASONS) this.reasons.push(reason);
  }

  harmful(reason: string): void {
    if (this.unsafe.length < MOST_REASONS) this.unsafe.push(reason);
  }
}
