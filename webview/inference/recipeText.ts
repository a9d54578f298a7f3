import type { Recipe } from '../../src/protocol';
import { THIN_SPACE } from '../common/format';
import { strings } from './strings';

/** `224 × 256`, height first as recipes are written. */
function sizeText(height: number, width: number): string {
  return `${height}${THIN_SPACE}\u00d7${THIN_SPACE}${width}`;
}

/** Equal figures once, else all of them: `0.5`, `0.485, 0.456, 0.406`. */
export function channelText(values: readonly number[], digits = 4): string {
  const texts = values.map((value) => String(Number(value.toPrecision(digits))));
  return texts.every((text) => text === texts[0]) ? (texts[0] ?? '') : texts.join(', ');
}

/** A scale as a person wrote it: `1/255` for its rounded reciprocal. */
export function scaleText(scale: number): string {
  const divisor = 1 / scale;
  return divisor > 1.5 && Math.abs(divisor - Math.round(divisor)) < 1e-4 * divisor ? `1/${Math.round(divisor)}` : String(scale);
}

/** The parts of the recipe's one line; the view sets a dot between them. */
export function recipeParts(recipe: Recipe): readonly string[] {
  const filter = recipe.filter === 'nearest' ? [recipe.filter] : [recipe.filter, strings.antialias];
  const resize = recipe.resize
    ? [
        strings.resizeTo(
          recipe.resize.mode === 'shorter' ? String(recipe.resize.size) : sizeText(recipe.resize.height, recipe.resize.width),
        ),
        ...filter,
      ]
    : [strings.noResize];
  const crop = recipe.crop ? [strings.cropTo(sizeText(recipe.crop.height, recipe.crop.width))] : [];
  const scale = Math.abs(recipe.scale * 255 - 1) < 1e-3 ? [] : [strings.scaleOf(scaleText(recipe.scale))];
  return [
    [...resize, ...crop].join(', '),
    [strings.meanOf(channelText(recipe.mean)), strings.stdOf(channelText(recipe.std)), ...scale].join(', '),
    `${recipe.channels}, ${recipe.layout} ${recipe.dtype}`,
  ];
}
