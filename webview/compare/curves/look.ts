import { GLYPH_PATHS } from '../../common/glyphs';
import type { DrawnCurve } from './series';

/** Colours of compare.css that lines take in turn. */
const COLOURS = 6;
/** Dashes and markers in turns of other lengths, so that the first twenty lines differ in two of three. */
const DASHES = ['', '7 4', '2 3', '10 3 2 3'];
const MARKERS = [
  'M5 2a3 3 0 1 0 0 6a3 3 0 1 0 0-6z',
  'M2 2h6v6h-6z',
  'M5 1.5L8.5 8H1.5z',
  'M5 1L9 5L5 9L1 5z',
  'M5 8.5L1.5 2H8.5z',
  'M4 1.5h2v2.5h2.5v2h-2.5v2.5h-2v-2.5h-2.5v-2h2.5z',
  'M5 1L8.8 3.8L7.4 8.2H2.6L1.2 3.8z',
];

/** How one curve is told from the others, without colour alone. */
export interface CurveLook {
  /** Sets `--line`. */
  readonly className: string;
  readonly dash: string;
  /** Path in a 10 x 10 box. */
  readonly marker: string;
}

/** How a line is told from the others: by colour, and by dash and marker where there is none. */
export function lookOf({ place, budget }: Pick<DrawnCurve, 'place' | 'budget'>): CurveLook {
  const dash = DASHES[(place + Math.floor(place / DASHES.length)) % DASHES.length] ?? '';
  if (budget) return { className: `budget-${budget} curve-part`, dash, marker: GLYPH_PATHS[budget] };
  return {
    className: `curve-${place % COLOURS}`,
    dash: DASHES[Math.floor(place / COLOURS) % DASHES.length] ?? '',
    marker: MARKERS[place % MARKERS.length] ?? '',
  };
}
