import type { Fault } from '../../test/fixtures/fuzz/drive/watch';
import { type Measured, MOST, type Report, SMALL_BYTES, type Told } from './messages';

/** Runs of one kind that are kept for the end. */
const KEPT = 5;

interface Kind {
  count: number;
  /** The smallest file that shows it. */
  smallest: Told & Fault;
}

/** Adds reports up, and tells of them. */
export class Summary {
  private runs = 0;
  private opened = 0;
  private readonly refusals = new Map<string, number>();
  private readonly faults = new Map<string, Kind>();
  private readonly dead: { readonly run: number; readonly why: string }[] = [];
  slowest: readonly Measured[] = [];
  largest: readonly Measured[] = [];

  add(report: Report): void {
    this.runs += report.runs;
    this.opened += report.opened;
    for (const [name, count] of Object.entries(report.refusals)) this.refusals.set(name, (this.refusals.get(name) ?? 0) + count);
    for (const fault of report.faults) this.fault(fault);
    const small = report.measured.filter(({ bytes }) => bytes < SMALL_BYTES);
    this.slowest = [...this.slowest, ...small].sort((a, b) => b.seconds - a.seconds).slice(0, KEPT);
    this.largest = [...this.largest, ...small].sort((a, b) => b.megabytes - a.megabytes).slice(0, KEPT);
  }

  fault(fault: Told & Fault): void {
    const known = this.faults.get(fault.key);
    if (!known) this.faults.set(fault.key, { count: 1, smallest: fault });
    else {
      known.count++;
      if (fault.bytes < known.smallest.bytes) known.smallest = fault;
    }
  }

  died(run: number, why: string): void {
    this.runs++;
    this.dead.push({ run, why });
  }

  get clean(): boolean {
    return this.faults.size === 0 && this.dead.length === 0;
  }

  line(): string {
    return `${this.runs} runs, ${this.opened} opened, ${this.faults.size} kinds of fault, ${this.dead.length} ended their process`;
  }

  text(): string {
    const refused = [...this.refusals].sort((a, b) => b[1] - a[1]).map(([name, count]) => `  ${String(count).padStart(8)}  ${name}`);
    const faults = [...this.faults]
      .sort((a, b) => b[1].count - a[1].count)
      .flatMap(([key, { count, smallest }]) => [
        `  ${count} x ${key}`,
        `      run ${smallest.run} (${smallest.bytes} bytes, ${smallest.name}: ${smallest.edits.join(', ')})`,
        ...smallest.detail
          .split('\n')
          .slice(0, 8)
          .map((line) => `      ${line}`),
      ]);
    return [
      this.line(),
      'refused:',
      ...refused,
      ...(this.faults.size > 0 ? ['faults:', ...faults] : ['no faults']),
      ...this.dead.map(({ run, why }) => `  run ${run} ${why}`),
    ].join('\n');
  }
}

/** One line for a measured run. */
export function measuredLine({ run, name, edits, bytes, seconds, megabytes }: Measured): string {
  const beyond = seconds > MOST.seconds || megabytes > MOST.megabytes ? '  BEYOND THE LIMIT' : '';
  return `  ${seconds.toFixed(2)} s, ${megabytes.toFixed(0)} MB: run ${run} (${bytes} bytes, ${name}: ${edits.join(', ')})${beyond}`;
}
