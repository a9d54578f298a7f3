import type { Profile } from '../protocol';
import { EXIT } from './options';

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
  for (const finding of errors) process.stderr.write(`model-loupe: ${path}: ${finding.message}\n`);
  for (const finding of warnings.slice(0, SHOWN)) process.stderr.write(`warning: ${finding.message}\n`);
  if (warnings.length > SHOWN) process.stderr.write(`warning: ${warnings.length - SHOWN} more warnings (--json lists them all).\n`);
  return errors.length > 0 ? EXIT.wrong : EXIT.done;
}
