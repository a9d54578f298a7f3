import { LIMITS } from '../bytes';
import type { Finding } from '../model';

/** Collects findings, a limited number of each kind, with a line that counts the rest. */
export class FindingList {
  private readonly kept: Finding[] = [];
  private readonly counts = new Map<string, { total: number; severe: boolean }>();

  error(code: string, message: string, node?: string): void {
    this.add({ severity: 'error', code, message, ...(node === undefined ? {} : { node }) });
  }

  warn(code: string, message: string, node?: string): void {
    this.add({ code, message, ...(node === undefined ? {} : { node }) });
  }

  add(finding: Finding): void {
    const count = this.counts.get(finding.code) ?? { total: 0, severe: false };
    count.total += 1;
    count.severe ||= finding.severity === 'error';
    this.counts.set(finding.code, count);
    if (count.total <= LIMITS.findingsPerCode) this.kept.push(finding);
  }

  list(): readonly Finding[] {
    const rest: Finding[] = [];
    for (const [code, { total, severe }] of this.counts) {
      const hidden = total - LIMITS.findingsPerCode;
      if (hidden > 0) rest.push({ ...(severe ? { severity: 'error' } : {}), code, message: `${hidden} more of the same kind.` });
    }
    return [...this.kept, ...rest];
  }
}
