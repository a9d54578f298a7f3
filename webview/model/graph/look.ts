import type { Count, GraphBox, ModelOverview } from '../../../src/protocol';
import { type ColorMapName, mapColor } from '../../common/colormaps';
import { formatShare, ratio } from '../../common/format';
import type { Theme } from '../../common/theme';
import type { TimeOf } from './boxTimes';
import type { Scene } from './scene';

/** What the boxes' colours can tell. */
export const COLOR_BY = ['kind', 'macs', 'parameters', 'memory', 'time'] as const;
/** What the boxes' colours tell. */
export type ColorBy = (typeof COLOR_BY)[number];
/** Colours of figures, light for much. */
export const HEAT_MAP: ColorMapName = 'viridis';

/** How boxes are coloured and which figure stands on them. */
export interface Look {
  readonly theme: Theme;
  readonly colorBy: ColorBy;
  /** The whole that shares are taken of. */
  readonly total: Count;
  /** The largest figure of a closed box: the upper end of the heat scale. */
  readonly most: number;
  /** Where the model was measured. */
  readonly timeOf: TimeOf | null;
}

/** The figure that a look is at; by kind it is the MACs. */
export function figureOf(box: GraphBox, { colorBy, timeOf }: Pick<Look, 'colorBy' | 'timeOf'>): Count {
  if (colorBy === 'parameters') return box.figures.parameters;
  if (colorBy === 'time') return timeOf?.(box) ?? 0;
  return colorBy === 'memory' ? box.figures.activationBytes : box.figures.macs;
}

/**
 * How the boxes of a scene are coloured; figures are against the largest on the screen. Time needs a measurement:
 * without one boxes are coloured by kind.
 */
export function makeLook(
  scene: Scene,
  profile: Pick<ModelOverview, 'totals'>,
  wanted: ColorBy,
  theme: Theme,
  timing: { readonly timeOf: TimeOf; readonly total: number } | null = null,
): Look {
  const { totals } = profile;
  const colorBy = wanted === 'time' && !timing ? 'kind' : wanted;
  const wholes = {
    kind: totals.macs,
    macs: totals.macs,
    parameters: totals.parameters,
    memory: totals.activationBytes,
    time: timing?.total ?? 0,
  };
  const timeOf = timing?.timeOf ?? null;
  const figure = (box: GraphBox) => Number(figureOf(box, { colorBy, timeOf }));
  const most = scene.boxes.reduce((most, { box, open }) => (open ? most : Math.max(most, figure(box))), 0);
  return { theme, colorBy, total: wholes[colorBy], most, timeOf };
}

/** `43.1%`, or nothing where the box has no part in it. */
export function shareText(box: GraphBox, look: Look): string {
  const part = ratio(figureOf(box, look), look.total);
  return part === 0 ? '' : formatShare(part);
}

/** Colour of the box's strip and border. */
export function boxColor(box: GraphBox, look: Look): string {
  if (look.colorBy !== 'kind') return mapColor(HEAT_MAP, ratio(figureOf(box, look), look.most));
  return box.category === 'normalization' && box.kind === 'node' ? look.theme.normalization : look.theme.budget[box.budget];
}

/** How much of the colour fills the box: a tint by kind, more by heat, nothing in high contrast. */
export function fillAlpha(look: Look): number {
  if (look.theme.highContrast) return 0;
  const tint = look.theme.dark ? 0.18 : 0.16;
  return look.colorBy === 'kind' ? tint : 0.4;
}
