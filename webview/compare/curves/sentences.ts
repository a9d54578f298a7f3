import { budgetName } from '../../common/glyphs';
import { crossingsOf } from './crossings';
import type { MeasureLook } from './measures';
import type { DrawnCurve } from './series';
import type { SizeKind } from './sizes';
import { t } from './strings';
import type { Crossing } from './types';

/** A crossing with what it says. */
export interface ToldCrossing {
  readonly at: Crossing;
  readonly text: string;
}

/** `224 x 224` for images, `512 steps` for sequences. */
export function sizeText(kind: SizeKind, x: number): string {
  const size = String(Math.round(x));
  return kind === 'image' ? t.atPixels(size) : t.atSteps(size);
}

/** Below which size one model is cheaper than another. */
export function tellModels(found: readonly Crossing[], look: MeasureLook, kind: SizeKind): readonly ToldCrossing[] {
  return found.map((at) => ({ at, text: t.crossing(at.below.name, at.above.name, look.less, sizeText(kind, at.x)) }));
}

/** Where attention overtakes the other two parts that grow with the size; other crossings answer no question. */
export function partCrossings(curves: readonly DrawnCurve[]): readonly Crossing[] {
  const attention = curves.find(({ id }) => id === 'attention');
  if (!attention) return [];
  return curves
    .filter(({ id }) => id === 'convolution' || id === 'feedForward')
    .flatMap((other) => crossingsOf(attention, other))
    .sort((a, b) => a.x - b.x);
}

/** Where a model's own parts overtake each other, as sentences. */
export function tellParts(found: readonly Crossing[], kind: SizeKind): readonly ToldCrossing[] {
  return found.map((at) => {
    const attention = at.above.id === 'attention' ? at.above : at.below;
    const other = attention === at.above ? at.below : at.above;
    const say = attention === at.below ? t.overtakes : t.fallsBelow;
    return { at, text: say(attention.name, other.name.toLowerCase(), sizeText(kind, at.x)) };
  });
}

/** The answer for convolution where attention never crosses it; `''` where a crossing is the answer. */
export function standing(curves: readonly DrawnCurve[], found: readonly Crossing[]): string {
  const of = (id: string) => curves.find((curve) => curve.id === id)?.marks ?? [];
  const [attention, convolution] = [of('attention'), of('convolution')];
  const [last, other] = [attention.at(-1), convolution.at(-1)];
  if (!last || !other || found.some(({ below, above }) => [below.id, above.id].includes('convolution'))) return '';
  if (attention.every(({ y }) => y === 0)) return t.noAttention;
  if (convolution.every(({ y }) => y === 0)) return t.noConvolution;
  const say = last.y > other.y ? t.alwaysMore : t.alwaysLess;
  return say(budgetName('attention'), budgetName('convolution').toLowerCase());
}
