import { Fields } from './fields';
import { FILTERS } from './filters';
import type { Recipe } from './recipe';
import type { PartialRecipe } from './recipeHuggingFace';

/**
 * Reads `pretrained_cfg` of timm's `config.json` as `create_transform` does for
 * evaluation: resize to `floor(size / crop_pct)`, center crop (torchvision's rounding).
 * @returns `null` when the file has no `pretrained_cfg` (it is some other tool's config.json).
 * @throws FormatError naming the field that is wrong.
 */
export function recipeFromTimm(text: string, file: string): PartialRecipe | null {
  const fields = Fields.tryParse(text, file)?.object('pretrained_cfg');
  if (!fields) return null;
  const input = fields.numbers('test_input_size') ?? fields.numbers('input_size') ?? [3, 224, 224];
  const [, height = 0, width = 0] = input;
  if (![height, width].every((edge) => Number.isSafeInteger(edge) && edge >= 1))
    throw fields.wrong('input_size', '[channels, height, width]');
  const part = fields.number('test_crop_pct') ?? fields.number('crop_pct') ?? 0.875;
  if (part <= 0 || part > 1) throw fields.wrong('crop_pct', 'more than 0 and at most 1');
  const larger = { height: Math.floor(height / part), width: Math.floor(width / part) };
  const squash = fields.string('crop_mode') === 'squash' || height !== width;
  const resize: Recipe['resize'] = squash ? { mode: 'exact', ...larger } : { mode: 'shorter', size: larger.height };
  const std = fields.numbers('std');
  if (std?.includes(0)) throw fields.wrong('std', 'other than 0');
  const mean = fields.numbers('mean');
  return {
    resize,
    crop: { height, width },
    cropRounding: 'even',
    filter: FILTERS.find((filter) => filter === fields.string('interpolation')) ?? 'bilinear',
    ...(mean ? { mean } : {}),
    ...(std ? { std } : {}),
  };
}
