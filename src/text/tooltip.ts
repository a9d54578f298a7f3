import { shortened, visible } from './visible';

/** Characters of one line of a tooltip, and lines of one; browsers lay out all of a longer one, and show little of it. */
const LINE_CHARACTERS = 500;
const LINES = 40;

/** Lines of a tooltip; a line end inside one of them does not begin another. */
export function tooltipText(...lines: readonly string[]): string {
  const shown = lines.slice(0, LINES).map((line) => shortened(visible(line), LINE_CHARACTERS));
  return (lines.length > LINES ? [...shown, '\u2026'] : shown).join('\n');
}
