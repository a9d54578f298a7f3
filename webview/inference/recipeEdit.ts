import type { Recipe } from '../../src/protocol';
import { channelText, scaleText } from './recipeText';
import { strings } from './strings';

/** The form's fields as typed. */
export interface RecipeFields {
  readonly resize: 'none' | 'shorter' | 'exact';
  /** One number for the shorter edge, `height x width` for both. */
  readonly size: string;
  /** Empty for no crop, one number for a square, else `height x width`. */
  readonly crop: string;
  readonly filter: Recipe['filter'];
  readonly scale: string;
  readonly mean: string;
  readonly std: string;
  readonly channels: Recipe['channels'];
}

/** Filters to choose from, by Pillow's names. */
export const FILTERS: readonly Recipe['filter'][] = ['nearest', 'bilinear', 'bicubic', 'lanczos', 'box', 'hamming'];
/** Orders of channels to choose from. */
export const CHANNELS: readonly Recipe['channels'][] = ['RGB', 'BGR', 'gray'];

/** Longest edge that a recipe may ask for; a larger tensor of three float32 channels would pass 800 MB. */
const MAXIMUM_EDGE = 8192;

/** Figures in recipes come from float32 as a rule; more digits than these are noise. */
const FLOAT32_DIGITS = 7;

const pair = (height: number, width: number) => (height === width ? String(height) : `${height} x ${width}`);

/** A recipe as the form's texts. */
export function fieldsOf(recipe: Recipe): RecipeFields {
  const { resize, crop } = recipe;
  return {
    resize: resize?.mode ?? 'none',
    size: resize === null ? '' : resize.mode === 'shorter' ? String(resize.size) : pair(resize.height, resize.width),
    crop: crop ? pair(crop.height, crop.width) : '',
    filter: recipe.filter,
    scale: scaleText(recipe.scale),
    mean: channelText(recipe.mean, FLOAT32_DIGITS),
    std: channelText(recipe.std, FLOAT32_DIGITS),
    channels: recipe.channels,
  };
}

/** What is wrong with a field, a sentence each; fields that are right have none. */
export type FieldErrors = Partial<Record<keyof RecipeFields, string>>;

/** Whole pixels, at least 1; `null` for anything else. */
function parseEdge(text: string): number | null {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : 0;
  return value >= 1 && value <= MAXIMUM_EDGE ? value : null;
}

/** `224` as a square or `224 x 256` as height and width. */
function parseSize(text: string): { height: number; width: number } | null {
  const parts = text.split(/\s*[x\u00d7,]\s*/i).map(parseEdge);
  const [height, width = height] = parts;
  return parts.length <= 2 && height && width ? { height, width } : null;
}

/** A number or a quotient such as `1/255`. */
function parseNumber(text: string): number | null {
  const [above = '', below = '1', ...rest] = text.trim().split('/');
  const value = above.trim() === '' || rest.length > 0 ? Number.NaN : Number(above) / Number(below);
  return Number.isFinite(value) ? value : null;
}

/** As many figures as the recipe has channels, or one for all of them. */
function parseChannels(text: string, count: number): readonly number[] | null {
  const values = text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(parseNumber);
  const whole = values.filter((value) => value !== null);
  if (whole.length !== values.length || (whole.length !== 1 && whole.length !== count)) return null;
  return whole.length === count ? whole : Array.from({ length: count }, () => whole[0] ?? 0);
}

/** What the form asks for; `changes` are to be used only where there are no errors. */
export type ParsedRecipe = { readonly changes: Partial<Recipe>; readonly errors: FieldErrors };

/** Reads the form: what differs from `recipe`, or one sentence for each field that cannot be read. */
export function parseFields(fields: RecipeFields, recipe: Recipe): ParsedRecipe {
  const errors: FieldErrors = {};
  const count = fields.channels === 'gray' ? 1 : 3;
  const resize = parseResize(fields, errors);
  const crop = fields.crop.trim() === '' ? null : parseSize(fields.crop);
  if (fields.crop.trim() !== '' && !crop) errors.crop = strings.sizeError;
  const scale = parseNumber(fields.scale);
  if (scale === null || scale <= 0) errors.scale = strings.scaleError;
  const mean = parseChannels(fields.mean, count);
  if (!mean) errors.mean = strings.channelsError(count);
  const std = parseChannels(fields.std, count);
  if (!std) errors.std = strings.channelsError(count);
  else if (std.some((value) => value <= 0)) errors.std = strings.stdError;
  if (Object.keys(errors).length > 0 || scale === null || !mean || !std) return { changes: {}, errors };
  const wanted: Partial<Recipe> = { resize, crop, filter: fields.filter, scale, mean, std, channels: fields.channels };
  // A field that still reads as it was printed keeps the recipe's exact figures.
  const before = fieldsOf(recipe);
  const sameSize = fields.resize === before.resize && fields.size === before.size;
  const same = (key: keyof Recipe) =>
    key === 'resize' ? sameSize : fields[key as keyof RecipeFields] === before[key as keyof RecipeFields];
  const sameCount = recipe.mean.length === count;
  const changed = Object.entries(wanted).filter(([key]) => !same(key as keyof Recipe) || (!sameCount && (key === 'mean' || key === 'std')));
  return { changes: Object.fromEntries(changed), errors };
}

function parseResize(fields: RecipeFields, errors: FieldErrors): Recipe['resize'] {
  if (fields.resize === 'none') return null;
  if (fields.resize === 'shorter') {
    const size = parseEdge(fields.size);
    if (size === null) errors.size = strings.edgeError;
    return { mode: 'shorter', size: size ?? 1 };
  }
  const size = parseSize(fields.size);
  if (!size) errors.size = strings.sizeError;
  return { mode: 'exact', height: size?.height ?? 1, width: size?.width ?? 1 };
}
