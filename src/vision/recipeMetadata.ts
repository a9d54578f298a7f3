import { Fields } from './fields';
import { FILTERS } from './filters';
import type { Recipe } from './recipe';
import { type PartialRecipe, recipeFromHuggingFace } from './recipeHuggingFace';

/**
 * The metadata key that Model Loupe documents: JSON with the fields of a
 * recipe (`resize`, `crop`, `filter`, `scale`, `mean`, `std`, `channels`), each optional.
 */
export const PREPROCESS_KEY = 'model_loupe.preprocess';

/** Keys under which exporters store a `preprocessor_config.json`. */
const HUGGING_FACE_KEYS = ['preprocessor_config', 'preprocessor_config.json', 'preprocess'];

/** A recipe under Model Loupe's own key, or `null`. @throws FormatError naming the field that is wrong. */
export function recipeFromOwnKey(metadata: Readonly<Record<string, string>>): PartialRecipe | null {
  const text = metadata[PREPROCESS_KEY];
  return text === undefined ? null : recipeFromFields(Fields.parse(text, PREPROCESS_KEY));
}

/** A recipe from what other exporters write into a model's metadata, or `null`. @throws FormatError naming the field that is wrong. */
export function recipeFromMetadata(metadata: Readonly<Record<string, string>>): PartialRecipe | null {
  for (const key of HUGGING_FACE_KEYS) {
    const text = metadata[key];
    if (text?.trim().startsWith('{')) return recipeFromHuggingFace(text, key);
  }
  return fromMeanAndStd(metadata) ?? fromUltralytics(metadata);
}

function fromMeanAndStd(metadata: Readonly<Record<string, string>>): PartialRecipe | null {
  const mean = numbers(metadata['mean'] ?? metadata['image_mean']);
  const std = numbers(metadata['std'] ?? metadata['image_std']);
  if (!mean && !std) return null;
  const [largest = 0] = [...(mean ?? []), ...(std ?? [])].sort((a, b) => b - a);
  // Figures above 1 are meant for values of 0 to 255.
  const unit = largest > 2 ? 255 : 1;
  return {
    ...(mean ? { mean: mean.map((value) => value / unit) } : {}),
    ...(std && !std.includes(0) ? { std: std.map((value) => value / unit) } : {}),
  };
}

/** Ultralytics exports: values from 0 to 1; classifiers crop the middle, the others take the whole image. */
function fromUltralytics(metadata: Readonly<Record<string, string>>): PartialRecipe | null {
  if (metadata['author'] !== 'Ultralytics') return null;
  const [height = 640, width = height] = numbers(metadata['imgsz']) ?? [];
  const classify = metadata['task'] === 'classify' && height === width;
  return {
    resize: classify ? { mode: 'shorter', size: height } : { mode: 'exact', height, width },
    crop: classify ? { height, width } : null,
    filter: 'bilinear',
    mean: [0],
    std: [1],
  };
}

function numbers(text: string | undefined): readonly number[] | null {
  const found = text?.match(/-?\d+(\.\d+)?([eE][-+]?\d+)?/g)?.map(Number) ?? [];
  return found.length === 0 || found.length > 4 ? null : found;
}

function recipeFromFields(fields: Fields): PartialRecipe {
  const filter = FILTERS.find((name) => name === fields.string('filter'));
  if (fields.has('filter') && !filter) throw fields.wrong('filter', `one of ${FILTERS.join(', ')}`);
  const scale = fields.number('scale');
  const mean = fields.numbers('mean');
  const std = fields.numbers('std');
  if (std?.includes(0)) throw fields.wrong('std', 'other than 0');
  const channels = fields.string('channels');
  if (channels !== undefined && channels !== 'RGB' && channels !== 'BGR' && channels !== 'gray') {
    throw fields.wrong('channels', 'RGB, BGR or gray');
  }
  const crop = fields.object('crop');
  const resize = fields.object('resize');
  return {
    resize: resize ? resizeFrom(resize, fields) : null,
    crop: crop ? size(crop, fields, 'crop') : null,
    ...(fields.string('cropRounding') === 'floor' ? { cropRounding: 'floor' as const } : {}),
    ...(filter ? { filter } : {}),
    ...(scale === undefined ? {} : { scale }),
    ...(mean ? { mean } : {}),
    ...(std ? { std } : {}),
    ...(channels ? { channels } : {}),
  };
}

function resizeFrom(resize: Fields, parent: Fields): Recipe['resize'] {
  if (resize.string('mode') !== 'shorter') return { mode: 'exact', ...size(resize, parent, 'resize') };
  const edge = resize.edge('size');
  if (edge === undefined) throw parent.wrong('resize', '{"mode": "shorter", "size": pixels}');
  return { mode: 'shorter', size: edge };
}

function size(fields: Fields, parent: Fields, name: string): { readonly height: number; readonly width: number } {
  const height = fields.edge('height');
  const width = fields.edge('width');
  if (height === undefined || width === undefined) throw parent.wrong(name, 'an object with height and width');
  return { height, width };
}
