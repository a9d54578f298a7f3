import { conventionFactor } from './printed';
import { t } from './strings';

/** What a source counts as cost: `MACs` or `2 \u00d7 MACs`. */
export function conventionText(convention: string | null): string {
  if (convention === null) return t.unstated;
  return conventionFactor(convention) === 2 ? t.twoMacs : convention;
}
