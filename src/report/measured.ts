import type { NodeProfile } from '../analysis/profile';
import type { LatencyReport, NodeLatency } from '../protocol/latency';
import { formatCount, THIN_SPACE, threeDigits } from './format';

/** What several nodes took together. */
export interface MeasuredSum {
  readonly microseconds: number;
  /** `null` where nothing multiplied, or no time was measured. */
  readonly macsPerSecond: number | null;
}

/** A report's times beside a profile's figures, for any set of nodes: every table and panel adds up through this. */
export class Measured {
  private readonly nodes: ReadonlyMap<string, NodeLatency>;
  private readonly macs: ReadonlyMap<string, number>;

  constructor(
    readonly report: LatencyReport,
    profile: { readonly nodes: readonly Pick<NodeProfile, 'id' | 'macs'>[] },
  ) {
    this.nodes = new Map(report.nodes.map((node) => [node.id, node]));
    // A node inside a Loop's or a function's body has no entry of its own: its owner has the time and the figures of all.
    this.macs = new Map(profile.nodes.flatMap(({ id, macs }) => (this.nodes.has(id) ? [[id, Number(macs ?? 0)]] : [])));
  }

  node(id: string): NodeLatency | undefined {
    return this.nodes.get(id);
  }

  /** `null` where no kernel ran for any of the nodes. */
  sum(ids: Iterable<string>): MeasuredSum | null {
    let microseconds = 0;
    let macs = 0;
    let any = false;
    for (const id of new Set(ids)) {
      const node = this.nodes.get(id);
      if (!node) continue;
      any = true;
      microseconds += node.microseconds;
      macs += this.macs.get(id) ?? 0;
    }
    return any ? { microseconds, macsPerSecond: macs > 0 && microseconds > 0 ? (macs / microseconds) * 1e6 : null } : null;
  }

  /** All kernels of a run, those of no node included. */
  total(): MeasuredSum {
    const microseconds = this.report.kernels.reduce((sum, kernel) => sum + kernel.microseconds, 0);
    const macs = [...this.macs.values()].reduce((sum, count) => sum + count, 0);
    return { microseconds, macsPerSecond: macs > 0 && microseconds > 0 ? (macs / microseconds) * 1e6 : null };
  }
}

/** `18.0 µs`, `21.4 ms`, `1.20 s`. */
export function formatMicroseconds(microseconds: number): string {
  const [scale, unit] = microseconds < 999.5 ? [1, '\u00b5s'] : microseconds < 999_500 ? [1e3, 'ms'] : [1e6, 's'];
  return `${threeDigits(microseconds / scale)}${THIN_SPACE}${unit}`;
}

/** `83.0 GMAC/s`. */
export function formatMacRate(macsPerSecond: number | null): string {
  if (macsPerSecond === null) return '\u2013';
  const figure = formatCount(Math.round(macsPerSecond));
  return figure.includes(THIN_SPACE) ? `${figure}MAC/s` : `${figure}${THIN_SPACE}MAC/s`;
}

/** `7.39 GB/s`. */
export function formatByteRate(bytesPerSecond: number): string {
  return `${formatCount(Math.round(bytesPerSecond))}B/s`;
}
