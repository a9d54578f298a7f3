import { FormatError } from '../bytes';
import type { Size } from './geometry';
import { type ImageInput, MAX_EDGE } from './imageInput';
import type { Recipe } from './recipe';
import { type PartialRecipe, recipeFromHuggingFace } from './recipeHuggingFace';
import { recipeFromMetadata, recipeFromOwnKey } from './recipeMetadata';
import { recipeFromTimm } from './recipeTimm';

/** Texts of the files beside a model that say how its images are prepared. */
export interface RecipeSources {
  readonly preprocessor?: { readonly file: string; readonly text: string } | undefined;
  readonly config?: { readonly file: string; readonly text: string } | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** How the image becomes the input, and what was doubtful about it. */
export interface ChosenRecipe {
  readonly recipe: Recipe;
  readonly warnings: readonly string[];
}

/** The size assumed where a model leaves it free. */
const FREE_SIZE: Size = { height: 224, width: 224 };
/** The share of the shorter edge that ImageNet evaluation keeps: 224 of 256. */
const CROP_SHARE = 0.875;
const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/**
 * The recipe for a model: its own `model_loupe.preprocess` metadata, else
 * `preprocessor_config.json`, else timm's `config.json`, else other metadata,
 * else ImageNet's evaluation transform; what a source leaves open comes from
 * the defaults. Sizes, layout, element type and gray follow the model's input.
 * @param free the size to take where neither the model nor a source gives one
 * @throws FormatError when a source is there but wrong.
 */
export function chooseRecipe(sources: RecipeSources, input: ImageInput, edits: Partial<Recipe> = {}, free = FREE_SIZE): ChosenRecipe {
  const found = findRecipe(sources);
  const base: Recipe = { ...defaults(input, free), ...found };
  const edited = Object.keys(edits).length > 0 ? { ...base, ...edits, source: 'edited' } : base;
  const warnings: string[] = [];
  const sized = fitSize(edited, input, warnings);
  checkEdges(sized);
  return { recipe: fitValues(sized, input), warnings };
}

function findRecipe(sources: RecipeSources): (PartialRecipe & { readonly source: string }) | null {
  const own = recipeFromOwnKey(sources.metadata);
  if (own) return { ...own, source: 'model metadata' };
  const { preprocessor, config } = sources;
  if (preprocessor) return { ...recipeFromHuggingFace(preprocessor.text, preprocessor.file), source: preprocessor.file };
  const timm = config ? recipeFromTimm(config.text, config.file) : null;
  if (config && timm) return { ...timm, source: config.file };
  const other = recipeFromMetadata(sources.metadata);
  return other ? { ...other, source: 'model metadata' } : null;
}

function defaults(input: ImageInput, free: Size): Recipe {
  const height = input.height ?? input.width ?? free.height;
  const width = input.width ?? input.height ?? free.width;
  const square = height === width;
  return {
    resize: square ? { mode: 'shorter', size: Math.round(height / CROP_SHARE) } : { mode: 'exact', height, width },
    crop: square ? { height, width } : null,
    filter: 'bilinear',
    scale: 1 / 255,
    ...IMAGENET,
    channels: 'RGB',
    layout: input.layout,
    dtype: input.dtype,
    source: 'ImageNet defaults',
  };
}

/** A share that is cropped can make the resized image as large as it likes. */
function checkEdges({ resize, crop, source }: Recipe): void {
  const resized = resize === null ? [] : resize.mode === 'shorter' ? [resize.size] : [resize.height, resize.width];
  for (const edge of [...resized, ...(crop ? [crop.height, crop.width] : [])])
    if (!Number.isSafeInteger(edge) || edge < 1 || edge > 2 * MAX_EDGE)
      throw new FormatError(`The preprocessing (${source}) makes an edge of ${edge} pixels; it must be from 1 to ${2 * MAX_EDGE}.`, {
        format: 'JSON',
      });
}

/** Makes the recipe's output as large as a fixed input, keeping the share that is cropped. */
function fitSize(recipe: Recipe, input: ImageInput, warnings: string[]): Recipe {
  const { resize, crop } = recipe;
  const asked = crop ?? (resize?.mode === 'exact' ? resize : null);
  const height = input.height ?? asked?.height;
  const width = input.width ?? asked?.width;
  if (height === undefined || width === undefined) return recipe;
  if (asked?.height === height && asked.width === width) return recipe;
  if (asked) {
    warnings.push(
      `The preprocessing (${recipe.source}) makes ${asked.height} x ${asked.width} pixels but the model takes ${height} x ${width}; the model's size was used.`,
    );
  }
  if (!crop || resize === null) return { ...recipe, resize: { mode: 'exact', height, width }, crop: null };
  const down = height / crop.height;
  const scaled: Recipe['resize'] =
    resize.mode === 'shorter'
      ? { mode: 'shorter', size: Math.round(resize.size * Math.max(down, width / crop.width)) }
      : { mode: 'exact', height: Math.round(resize.height * down), width: Math.round((resize.width * width) / crop.width) };
  return { ...recipe, resize: scaled, crop: { height, width } };
}

/** Layout, element type and channels are the model's; a gray input gets the mean of the channels' figures. */
function fitValues(recipe: Recipe, input: ImageInput): Recipe {
  const fitted = { ...recipe, layout: input.layout, dtype: input.dtype };
  const plain = input.dtype === 'uint8' ? { ...fitted, scale: 1, mean: [0], std: [1] } : fitted;
  if (input.channels === 1) return { ...plain, channels: 'gray', mean: [average(plain.mean)], std: [average(plain.std)] };
  return plain.channels === 'gray' ? { ...plain, channels: 'RGB' } : plain;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
