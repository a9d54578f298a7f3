import type { Finding } from '../model';

/** A broken file could yield one per node; nobody reads more than this. */
const MAX_FINDINGS = 1000;

/** Collects findings, the same one once, and stops at a limit. */
export class Findings {
  private readonly found: Finding[] = [];
  private readonly seen = new Set<string>();
  private dropped = 0;
  /** How often something was found, said before or not. */
  asked = 0;

  add(code: string, message: string, node?: string, severity?: 'error'): void {
    this.asked++;
    const key = `${code}\n${node ?? ''}\n${message}`;
    if (this.seen.has(key)) return;
    if (this.found.length >= MAX_FINDINGS) {
      this.dropped++;
      return;
    }
    this.seen.add(key);
    this.found.push({ ...(severity ? { severity } : {}), code, message, ...(node === undefined ? {} : { node }) });
  }

  /** Adds only the first of its code (and `about`). */
  once(code: string, message: string, node?: string, about = ''): void {
    const key = `${code}\n${about}`;
    this.asked++;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.add(code, message, node);
  }

  list(): readonly Finding[] {
    if (this.dropped === 0) return this.found;
    return [...this.found, { code: 'more-findings', message: `${this.dropped} more findings are not shown.` }];
  }
}

/** One list of several, in order; what an earlier one said of a node (a cycle, a value nobody makes) is not said again. */
export function mergeFindings(...lists: readonly (readonly Finding[])[]): readonly Finding[] {
  const said = new Set<string>();
  return lists.flatMap((list) => {
    const fresh = list.filter(({ code, node }) => node === undefined || !said.has(`${code}\n${node}`));
    for (const { code, node } of list) said.add(`${code}\n${node}`);
    return fresh;
  });
}
