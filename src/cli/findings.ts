import type { Profile } from '../protocol';
import { EXIT } from './options';
import { complain, warn } from './output';

/** Warnings printed one by one; the rest as a count. */
const SHOWN = 20;

/** `3 operators were`, `1 operator was`: how a warning of what was not counted begins. */
export function operatorsWere(count: number): string {
  return count === 1 ? '1 operator was' : `${count} operators were`;
}

/** Prints what is wrong with a model to standard error; exit code 1 when it breaks its format's rules. */
export function reportFindings(path: string, profile: Profile): number {
  const errors = profile.warnings.filter((finding) => finding.severity === 'error');
  const warnings = profile.warnings.filter((finding) => finding.severity !== 'error');
  for (const finding of errors) complain(`${path}: ${finding.message}`);
  for (const finding of warnings.slice(0, SHOWN)) warn(finding.message);
  if (warnings.length > SHOWN) warn(`${warnings.length - SHOWN} more warnings (--json lists them all).`);
  return errors.length > 0 ? EXIT.wrong : EXIT.done;
}
