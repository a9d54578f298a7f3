import type { Row } from './store';
import { t } from './strings';

/** How many models, and the size they were counted at where all have one. */
export function headerText(rows: readonly Row[]): string {
  const count = rows.length === 1 ? t.oneModel : t.models(String(rows.length));
  const inputs = rows.map(({ counted }) => (counted.status === 'ready' ? counted.figures.input : null));
  const [first] = inputs;
  const size = first?.size ?? null;
  if (!first || size === null || !inputs.every((input) => input?.kind === first.kind && input.size === size)) return count;
  return first.kind === 'image' ? t.atImageSize(count, String(size)) : t.atSteps(count, String(size));
}
