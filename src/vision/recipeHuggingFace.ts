import { Fields } from './fields';
import type { Filter } from './filters';
import type { Recipe } from './recipe';

/** What a configuration says of the preprocessing; the rest comes from elsewhere. */
export type PartialRecipe = Partial<Omit<Recipe, 'source'>>;

/** Pillow's `Resampling` numbers, which configuration files store. */
const PILLOW_FILTERS: readonly Filter[] = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming'];
const IMAGENET_MEAN = [0.485, 0.456, 0.406];
const IMAGENET_STD = [0.229, 0.224, 0.225];
const HALVES = [0.5, 0.5, 0.5];
const CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073];
const CLIP_STD = [0.26862954, 0.26130258, 0.27577711];

/** What a processor class of `transformers` does where its file says nothing. */
interface Defaults {
  readonly filter: Filter;
  /** A plain number as size means the shorter edge, not a square. */
  readonly shorter: boolean;
  readonly centerCrop: boolean;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

const PLAIN: Defaults = { filter: 'bilinear', shorter: false, centerCrop: false, mean: HALVES, std: HALVES };
const IMAGENET: Defaults = { ...PLAIN, mean: IMAGENET_MEAN, std: IMAGENET_STD };
const PROCESSORS: ReadonlyMap<string, Defaults> = new Map(
  Object.entries({
    Beit: { ...PLAIN, filter: 'bicubic', centerCrop: true },
    Bit: { filter: 'bicubic', shorter: true, centerCrop: true, mean: CLIP_MEAN, std: CLIP_STD },
    CLIP: { filter: 'bicubic', shorter: true, centerCrop: true, mean: CLIP_MEAN, std: CLIP_STD },
    ConvNext: { ...PLAIN, filter: 'bicubic', shorter: true },
    Deit: { ...IMAGENET, filter: 'bicubic', centerCrop: true },
    EfficientNet: { ...PLAIN, filter: 'nearest' },
    Levit: { ...IMAGENET, filter: 'bicubic', shorter: true, centerCrop: true },
    MobileNetV1: { ...PLAIN, shorter: true, centerCrop: true },
    MobileNetV2: { ...PLAIN, shorter: true, centerCrop: true },
    MobileViT: { ...PLAIN, shorter: true, centerCrop: true, mean: [0], std: [1] },
    Perceiver: { ...IMAGENET, filter: 'bicubic', centerCrop: true },
    PoolFormer: { ...IMAGENET, filter: 'bicubic', shorter: true, centerCrop: true },
    Pvt: IMAGENET,
    Segformer: IMAGENET,
    Siglip: { ...PLAIN, filter: 'bicubic' },
    ViT: PLAIN,
  }),
);
const SPELLINGS: ReadonlyMap<string, string> = new Map(
  Object.entries({ DeiT: 'Deit', ConvNeXT: 'ConvNext', BiT: 'Bit', BeiT: 'Beit', PvT: 'Pvt' }),
);

/**
 * Reads Hugging Face's `preprocessor_config.json` as the processor classes of
 * `transformers` read it: resize, center crop (odd margins rounded down),
 * rescale, normalise. A step that is switched off leaves its part out.
 * @throws FormatError naming the field that is wrong.
 */
export function recipeFromHuggingFace(text: string, file: string): PartialRecipe {
  const fields = Fields.parse(text, file);
  const processor = processorOf(fields);
  const defaults = PROCESSORS.get(processor) ?? PLAIN;
  const perceiver = processor === 'Perceiver' ? perceiverSizes(fields, defaults) : null;
  const sizes = perceiver ?? (fields.flag('do_resize', true) ? resizeOf(fields, processor, defaults) : { resize: null, crop: null });
  const crop = !perceiver && fields.flag('do_center_crop', defaults.centerCrop) ? (cropOf(fields) ?? sizes.crop) : sizes.crop;
  return {
    resize: sizes.resize,
    crop,
    cropRounding: 'floor',
    filter: filterOf(fields, defaults),
    channels: fields.flag('do_flip_channel_order', processor === 'MobileViT') ? 'BGR' : 'RGB',
    ...values(fields, processor, defaults),
  };
}

function processorOf(fields: Fields): string {
  const type = fields.string('image_processor_type') ?? fields.string('feature_extractor_type') ?? '';
  const name = type.replace(/(ImageProcessor|FeatureExtractor|Processor)(Fast|Pil)?$/, '');
  return SPELLINGS.get(name) ?? name;
}

type Sizes = Pick<Recipe, 'resize' | 'crop'>;

function resizeOf(fields: Fields, processor: string, defaults: Defaults): Sizes {
  const resize = sizeOf(fields, defaults);
  if (resize?.mode !== 'shorter') return { resize, crop: null };
  const square = { height: resize.size, width: resize.size };
  switch (processor) {
    case 'ConvNext':
      // Large inputs are warped to the square, small ones cropped from a larger image.
      if (resize.size >= 384) return { resize: { mode: 'exact', ...square }, crop: null };
      return { resize: { mode: 'shorter', size: Math.trunc(resize.size / (fields.number('crop_pct') ?? 224 / 256)) }, crop: square };
    case 'PoolFormer':
      return { resize: { mode: 'shorter', size: Math.trunc(resize.size / (fields.number('crop_pct') ?? 0.9)) }, crop: square };
    case 'Levit':
      return { resize: { mode: 'shorter', size: Math.trunc((256 / 224) * resize.size) }, crop: square };
    default:
      return { resize, crop: null };
  }
}

/** Perceiver crops `size / crop_size` of the shorter edge first and resizes that to `size`: the same region, resized before it is cut. */
function perceiverSizes(fields: Fields, defaults: Defaults): Sizes | null {
  const size = sizeOf(fields, defaults);
  const outer = cropOf(fields);
  return size?.mode === 'exact' && outer
    ? { resize: { mode: 'shorter', size: outer.height }, crop: { height: size.height, width: size.width } }
    : null;
}

function sizeOf(fields: Fields, defaults: Defaults): Recipe['resize'] {
  const size = fields.object('size');
  if (size) {
    const shorter = size.edge('shortest_edge');
    if (shorter !== undefined) return { mode: 'shorter', size: shorter };
    const height = size.edge('height');
    const width = size.edge('width');
    if (height === undefined || width === undefined) throw fields.wrong('size', 'a number, {height, width} or {shortest_edge}');
    return { mode: 'exact', height, width };
  }
  const list = fields.numbers('size', 'a number, {height, width} or {shortest_edge}');
  if (list === undefined) return null;
  const [height = 0, width = height] = list;
  if (![height, width].every((edge) => Number.isSafeInteger(edge) && edge >= 1)) throw fields.wrong('size', 'a positive number of pixels');
  return list.length === 1 && defaults.shorter ? { mode: 'shorter', size: height } : { mode: 'exact', height, width };
}

function cropOf(fields: Fields): Recipe['crop'] | undefined {
  const size = fields.object('crop_size');
  if (size) {
    const height = size.edge('height');
    const width = size.edge('width');
    if (height === undefined || width === undefined) throw fields.wrong('crop_size', 'a number or {height, width}');
    return { height, width };
  }
  const edge = fields.edge('crop_size');
  return edge === undefined ? undefined : { height: edge, width: edge };
}

function filterOf(fields: Fields, defaults: Defaults): Filter {
  const number = fields.number('resample');
  if (number === undefined) return defaults.filter;
  const filter = PILLOW_FILTERS[number];
  if (filter === undefined) throw fields.wrong('resample', "one of Pillow's filters, 0 to 5");
  return filter;
}

function values(fields: Fields, processor: string, defaults: Defaults): Pick<Recipe, 'scale' | 'mean' | 'std'> {
  const scale = fields.flag('do_rescale', true) ? (fields.number('rescale_factor') ?? 1 / 255) : 1;
  const normalize = fields.flag('do_normalize', defaults.mean.length > 1);
  const mean = normalize ? (fields.numbers('image_mean') ?? defaults.mean) : [0];
  const std = normalize ? (fields.numbers('image_std') ?? defaults.std) : [1];
  if (std.includes(0)) throw fields.wrong('image_std', 'other than 0');
  if (processor !== 'EfficientNet') return { scale, mean, std };
  // EfficientNet subtracts 1 after rescaling where asked to, and divides by std a second time before its classifier.
  const offset = fields.flag('rescale_offset', false) ? 1 : 0;
  const again = fields.flag('include_top', true);
  return { scale, mean: mean.map((value) => value + offset), std: again ? std.map((value) => value * value) : std };
}
