import type { Finding } from '../model';
import type { Binding } from './profile';

/** Findings that say that extents do not fit each other, as after a wrong assumption. */
const CODES: ReadonlySet<string> = new Set([
  ...['axis', 'broadcast', 'channels', 'concat', 'einsum', 'extent', 'impossible-shape', 'matmul', 'pad', 'rank', 'reshape', 'split'],
  ...['squeeze', 'state', 'stored-type', 'window'],
]);
/** Assumed dimensions that a finding names; more would hide what it says. */
const NAMED = 3;

/** True for a finding that says that extents do not fit each other. */
export function isMisfit({ code }: Finding): boolean {
  return CODES.has(code);
}

/** How often a model's shapes contradict each other. */
export function countMisfits(findings: readonly Finding[]): number {
  return findings.filter(isMisfit).length;
}

/** The same findings; those that may come from an assumed size name it. */
export function withAssumptions(findings: readonly Finding[], bindings: Readonly<Record<string, Binding>>): readonly Finding[] {
  const assumed = Object.entries(bindings).flatMap(([name, binding]) => (binding.assumed ? [`${name} = ${binding.value}`] : []));
  if (assumed.length === 0) return findings;
  const more = assumed.length > NAMED ? ` and ${assumed.length - NAMED} more` : '';
  const cause = `This may come from a size that was assumed: ${assumed.slice(0, NAMED).join(', ')}${more}.`;
  return findings.map((finding) => (isMisfit(finding) ? { ...finding, message: `${finding.message} ${cause}` } : finding));
}
