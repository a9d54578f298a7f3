import type { Verdict } from '../../../model';
import { isDangerous } from './dangerous';
import { HARMLESS, HARMLESS_CLASSES, HARMLESS_NUMPY, HARMLESS_TORCH } from './harmless';

/** What a name that a pickle imports is to whoever loads it, by the name alone. */
export function verdictOf(module: string, name: string): Verdict {
  const path = `${module}.${name}`;
  // A dotted name of the same full name is looked up otherwise: attribute by attribute.
  if (!name.includes('.') && isHarmless(path)) return 'safe';
  return isDangerous(module, name) ? 'unsafe' : 'unknown';
}

function isHarmless(path: string): boolean {
  return HARMLESS.has(path) || HARMLESS_TORCH.test(path) || HARMLESS_NUMPY.test(path) || HARMLESS_CLASSES.test(path);
}
