import type { Progress } from '../../src/protocol';
import { formatBytes, formatExact } from './format';
import { common } from './strings';

/** Milliseconds before a rate says anything. */
const SETTLED = 400;

/** How fast something goes: the mean over the stage so far. */
export class Pace {
  private stage = '';
  private from = { done: 0, at: 0 };

  /** Units a second; `null` before it can be known. `at` is in milliseconds. */
  rate({ stage, amount }: Progress, at: number): number | null {
    const done = amount?.done ?? 0;
    if (stage !== this.stage || done < this.from.done) {
      this.stage = stage;
      this.from = { done, at };
    }
    const took = at - this.from.at;
    return took < SETTLED || done === this.from.done ? null : ((done - this.from.done) / took) * 1000;
  }
}

/** `12.4 of 57.1 MB, 24.0 MB/s`, `52,216 operators`; `''` where nothing is counted. */
export function amountText({ amount }: Progress, rate: number | null): string {
  if (!amount) return '';
  if (amount.unit === 'operators') return common.operators(formatExact(amount.of));
  const read = common.amountOf(formatBytes(amount.done), formatBytes(amount.of));
  return rate === null ? read : `${read}, ${common.perSecond(formatBytes(Math.round(rate)))}`;
}
