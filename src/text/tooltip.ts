import { shortened, visible } from './visible';

/** Characters of one line of a tooltip; browsers lay out all of a longer one, and show little of it. */
const LINE_CHARACTERS = 500;

/** Lines of a tooltip; a line end inside one of them does not begin another. */
export function tooltipText(...lines: readonly string[]): string {
  return lines.map((line) => shortened(visible(line), LINE_CHARACTERS)).join('\n');
}
