import type { Profile } from '../protocol';
import { EXIT } from './options';
import { complain, warn } from './output';

/** Warnings printed one by one; the rest as a count. */
const SHOWN = 20;

/** `3 operators were`, `1 operator was`: how a warning of what was not counted begins. */
export function operatorsWere(count: number): string {
  return count === 1 ? '1 operator was' : `${count} operators were`;
}

/** Prints what was not counted and what that makes lower bounds; nothing where all was counted. */
export function warnOfNotCounted({ notCounted, lowerBounds }: Profile): void {
  if (notCounted.length === 0) return;
  const types = new Map<string, number>();
  for (const { op } of notCounted) types.set(op, (types.get(op) ?? 0) + 1);
  const list = [...types].map(([op, count]) => `${op} ${count}`).join(', ');
  const bounds =
    lowerBounds.length > 0 ? `: ${lowerBounds.join(', ')} ${lowerBounds.length === 1 ? 'is a lower bound' : 'are lower bounds'}` : '';
  warn(`${operatorsWere(notCounted.length)} not counted (${list})${bounds}.`);
}

/** Prints what is wrong with a file to standard error; exit code 1 when it breaks its format's rules. */
export function reportFindings(path: string, findings: Profile['warnings']): number {
  const errors = findings.filter((finding) => finding.severity === 'error');
  const warnings = findings.filter((finding) => finding.severity !== 'error');
  for (const finding of errors) complain(`${path}: ${finding.message}`);
  for (const finding of warnings.slice(0, SHOWN)) warn(finding.message);
  if (warnings.length > SHOWN) warn(`${warnings.length - SHOWN} more warnings (--json lists them all).`);
  return errors.length > 0 ? EXIT.wrong : EXIT.done;
}
