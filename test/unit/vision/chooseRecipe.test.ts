import { describe, expect, it } from 'vitest';
import { chooseRecipe, type RecipeSources } from '../../../src/vision/chooseRecipe';
import type { ImageInput } from '../../../src/vision/imageInput';
import type { Recipe } from '../../../src/vision/recipe';

const INPUT: ImageInput = { name: 'x', dtype: 'float32', layout: 'NCHW', batch: 1, channels: 3, height: null, width: null };
const FIXED: ImageInput = { ...INPUT, height: 224, width: 224 };

function preprocessor(content: object, input = INPUT): Recipe {
  return chooseRecipe({ metadata: {}, preprocessor: { file: 'preprocessor_config.json', text: JSON.stringify(content) } }, input).recipe;
}

it('refuses a crop share that makes the image as large as it likes', () => {
  const config = (part: number) => ({
    file: 'config.json',
    text: JSON.stringify({ pretrained_cfg: { input_size: [3, 224, 224], crop_pct: part } }),
  });
  expect(chooseRecipe({ metadata: {}, config: config(0.01) }, INPUT).recipe.resize).toEqual({ mode: 'shorter', size: 22_400 });
  for (const part of [1e-320, 1e-9, 0.001])
    expect(() => chooseRecipe({ metadata: {}, config: config(part) }, INPUT)).toThrow(
      /^The preprocessing \(config\.json\) makes an edge of/,
    );
});

describe('ImageNet defaults', () => {
  it('are the reference evaluation of torchvision: 256, then 224', () => {
    expect(chooseRecipe({ metadata: {} }, INPUT).recipe).toEqual({
      resize: { mode: 'shorter', size: 256 },
      crop: { height: 224, width: 224 },
      filter: 'bilinear',
      scale: 1 / 255,
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
      channels: 'RGB',
      layout: 'NCHW',
      dtype: 'float32',
      source: 'ImageNet defaults',
    });
  });

  it('follow the size of the input, and see all of the image where it is no square', () => {
    expect(chooseRecipe({ metadata: {} }, { ...INPUT, height: 384, width: 384 }).recipe).toMatchObject({
      resize: { mode: 'shorter', size: 439 },
      crop: { height: 384, width: 384 },
    });
    expect(chooseRecipe({ metadata: {} }, { ...INPUT, height: 480, width: 640 }).recipe).toMatchObject({
      resize: { mode: 'exact', height: 480, width: 640 },
      crop: null,
    });
  });

  it('take a size from elsewhere where the input leaves it free', () => {
    expect(chooseRecipe({ metadata: {} }, INPUT, {}, { height: 64, width: 64 }).recipe.crop).toEqual({ height: 64, width: 64 });
  });

  it('feed uint8 as it is, float16 normalised, one channel as gray', () => {
    expect(chooseRecipe({ metadata: {} }, { ...INPUT, dtype: 'uint8', layout: 'NHWC' }).recipe).toMatchObject({
      dtype: 'uint8',
      layout: 'NHWC',
      scale: 1,
      mean: [0],
      std: [1],
    });
    expect(chooseRecipe({ metadata: {} }, { ...INPUT, dtype: 'float16' }).recipe).toMatchObject({ dtype: 'float16', scale: 1 / 255 });
    const gray = chooseRecipe({ metadata: {} }, { ...INPUT, channels: 1 }).recipe;
    expect(gray).toMatchObject({ channels: 'gray', mean: [expect.closeTo(0.449, 9)], std: [expect.closeTo(0.226, 9)] });
  });
});

// The files as published on huggingface.co, and what their processor classes make of them.
describe('preprocessor_config.json', () => {
  it('google/vit-base-patch16-224: square, halves', () => {
    const file = {
      do_normalize: true,
      do_resize: true,
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
      size: 224,
      resample: 2,
      feature_extractor_type: 'ViTFeatureExtractor',
    };
    expect(preprocessor(file)).toMatchObject({
      resize: { mode: 'exact', height: 224, width: 224 },
      crop: null,
      filter: 'bilinear',
      scale: 1 / 255,
      mean: [0.5, 0.5, 0.5],
      channels: 'RGB',
      source: 'preprocessor_config.json',
    });
  });

  it('openai/clip-vit-base-patch32: shorter edge by a plain number, crop, bicubic', () => {
    const file = {
      crop_size: 224,
      do_center_crop: true,
      do_normalize: true,
      do_resize: true,
      feature_extractor_type: 'CLIPFeatureExtractor',
      image_mean: [0.48145466, 0.4578275, 0.40821073],
      image_std: [0.26862954, 0.26130258, 0.27577711],
      resample: 3,
      size: 224,
    };
    expect(preprocessor(file)).toMatchObject({
      resize: { mode: 'shorter', size: 224 },
      crop: { height: 224, width: 224 },
      cropRounding: 'floor',
      filter: 'bicubic',
      mean: [0.48145466, 0.4578275, 0.40821073],
    });
  });

  it('microsoft/resnet-50 and facebook/convnext-base-384: crop_pct below 384, warped from there', () => {
    const file = {
      crop_pct: 0.875,
      do_normalize: true,
      do_resize: true,
      feature_extractor_type: 'ConvNextFeatureExtractor',
      image_mean: [0.485, 0.456, 0.406],
      image_std: [0.229, 0.224, 0.225],
      resample: 3,
      size: 224,
    };
    expect(preprocessor(file)).toMatchObject({
      resize: { mode: 'shorter', size: 256 },
      crop: { height: 224, width: 224 },
      filter: 'bicubic',
    });
    const large = { ...file, crop_pct: null, image_processor_type: 'ConvNextImageProcessor', size: { shortest_edge: 384 } };
    expect(preprocessor(large)).toMatchObject({ resize: { mode: 'exact', height: 384, width: 384 }, crop: null });
  });

  it('facebook/deit-base-patch16-224: 256 square, 224 crop', () => {
    const file = {
      crop_size: 224,
      do_center_crop: true,
      do_normalize: true,
      do_resize: true,
      feature_extractor_type: 'DeiTFeatureExtractor',
      image_mean: [0.485, 0.456, 0.406],
      image_std: [0.229, 0.224, 0.225],
      resample: 3,
      size: 256,
    };
    expect(preprocessor(file)).toMatchObject({ resize: { mode: 'exact', height: 256, width: 256 }, crop: { height: 224, width: 224 } });
  });

  it('facebook/levit-128S: 256/224 of the shorter edge', () => {
    const file = {
      do_center_crop: true,
      do_normalize: true,
      do_resize: true,
      feature_extractor_type: 'LevitFeatureExtractor',
      image_mean: [0.485, 0.456, 0.406],
      image_std: [0.229, 0.224, 0.225],
      resample: 3,
      size: 224,
    };
    expect(preprocessor(file)).toMatchObject({ resize: { mode: 'shorter', size: 256 } });
  });

  it('apple/mobilevit-small: BGR, no normalisation', () => {
    const file = {
      crop_size: 256,
      do_center_crop: true,
      do_flip_channel_order: true,
      do_resize: true,
      feature_extractor_type: 'MobileViTFeatureExtractor',
      resample: 2,
      size: 288,
    };
    expect(preprocessor(file)).toMatchObject({
      resize: { mode: 'shorter', size: 288 },
      crop: { height: 256, width: 256 },
      channels: 'BGR',
      mean: [0],
      std: [1],
    });
  });

  it('google/mobilenet_v2_1.0_224, with the newer spelling of sizes', () => {
    const file = {
      crop_size: { height: 224, width: 224 },
      do_center_crop: true,
      do_normalize: true,
      do_rescale: true,
      do_resize: true,
      image_mean: [0.5, 0.5, 0.5],
      image_processor_type: 'MobileNetV2ImageProcessor',
      image_std: [0.5, 0.5, 0.5],
      resample: 2,
      rescale_factor: 0.00392156862745098,
      size: { shortest_edge: 256 },
    };
    expect(preprocessor(file)).toMatchObject({ resize: { mode: 'shorter', size: 256 }, crop: { height: 224, width: 224 }, scale: 1 / 255 });
  });

  it('deepmind/vision-perceiver-learned: the middle 224 of 256', () => {
    const file = {
      crop_size: 256,
      do_center_crop: true,
      do_normalize: true,
      do_resize: true,
      feature_extractor_type: 'PerceiverFeatureExtractor',
      image_mean: [0.485, 0.456, 0.406],
      image_std: [0.229, 0.224, 0.225],
      resample: 3,
      size: 224,
    };
    expect(preprocessor(file)).toMatchObject({
      resize: { mode: 'shorter', size: 256 },
      crop: { height: 224, width: 224 },
      filter: 'bicubic',
    });
  });

  it('google/efficientnet-b0: std applies twice before the classifier', () => {
    const file = {
      do_center_crop: false,
      do_normalize: true,
      do_rescale: true,
      do_resize: true,
      image_mean: [0.485, 0.456, 0.406],
      image_processor_type: 'EfficientNetImageProcessor',
      image_std: [0.47853944, 0.4732864, 0.47434163],
      include_top: true,
      resample: 0,
      rescale_factor: 0.00392156862745098,
      rescale_offset: false,
      size: { height: 224, width: 224 },
    };
    const recipe = preprocessor(file);
    expect(recipe).toMatchObject({ resize: { mode: 'exact', height: 224, width: 224 }, filter: 'nearest', mean: [0.485, 0.456, 0.406] });
    // 0.47853944 squared is 0.229: Keras's EfficientNet divides by the square root of ImageNet's deviation.
    expect(recipe.std).toEqual([0.229, 0.224, 0.225].map((value) => expect.closeTo(value, 4)));
  });

  it('leaves out steps that are switched off', () => {
    const file = { do_resize: false, do_rescale: false, do_normalize: false, do_center_crop: false, size: 224 };
    expect(preprocessor(file)).toMatchObject({ resize: null, crop: null, scale: 1, mean: [0], std: [1] });
  });

  it.each([
    [
      { size: { shortest_edge: -1 } },
      /preprocessor_config\.json: size\.shortest_edge must be a whole number of pixels from 1 to \d+, not -1\./,
    ],
    [{ size: { depth: 3 } }, /size must be a number, \{height, width\} or \{shortest_edge\}, not \{"depth":3\}/],
    [{ size: 'big' }, /size must be a number, \{height, width\} or \{shortest_edge\}, not "big"\./],
    [{ image_mean: ['a'] }, /image_mean must be one number per channel, not \["a"\]\./],
    [{ image_std: [1, 0, 1] }, /image_std must be other than 0/],
    [{ resample: 9 }, /resample must be one of Pillow's filters, 0 to 5, not 9\./],
    [{ do_resize: 'yes' }, /do_resize must be true or false/],
  ])('says which field is wrong: %j', (file, message) => {
    expect(() => preprocessor(file)).toThrow(message);
  });

  it('says that it is no JSON', () => {
    const sources: RecipeSources = { metadata: {}, preprocessor: { file: 'preprocessor_config.json', text: '{' } };
    expect(() => chooseRecipe(sources, INPUT)).toThrow(/preprocessor_config\.json is no JSON that can be read/);
  });
});

describe('config.json of timm', () => {
  // timm/vit_base_patch16_224.augreg_in21k_ft_in1k as published; timm's own transform for it is Resize(248, bicubic), CenterCrop(224).
  const pretrained = {
    crop_mode: 'center',
    crop_pct: 0.9,
    fixed_input_size: true,
    input_size: [3, 224, 224],
    interpolation: 'bicubic',
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
  };
  const recipe = (config: object) => chooseRecipe({ metadata: {}, config: { file: 'config.json', text: JSON.stringify(config) } }, FIXED);

  it('resizes to floor(size / crop_pct)', () => {
    expect(recipe({ architecture: 'vit_base_patch16_224', pretrained_cfg: pretrained }).recipe).toMatchObject({
      resize: { mode: 'shorter', size: 248 },
      crop: { height: 224, width: 224 },
      cropRounding: 'even',
      filter: 'bicubic',
      mean: [0.5, 0.5, 0.5],
      source: 'config.json',
    });
  });

  it('squashes where crop_mode says so', () => {
    expect(recipe({ pretrained_cfg: { ...pretrained, crop_pct: 1, crop_mode: 'squash' } }).recipe.resize).toEqual({
      mode: 'exact',
      height: 224,
      width: 224,
    });
  });

  it("is not asked when it is another tool's", () => {
    expect(recipe({ id2label: { 0: 'cat' } }).recipe.source).toBe('ImageNet defaults');
  });
});

describe('model metadata', () => {
  const own = {
    'model_loupe.preprocess': JSON.stringify({
      resize: { mode: 'exact', height: 64, width: 64 },
      mean: [0.5, 0.5, 0.5],
      std: [0.25, 0.25, 0.25],
      filter: 'lanczos',
    }),
  };

  it('the documented key comes first', () => {
    const preprocessorFile = { file: 'preprocessor_config.json', text: '{"size": 224}' };
    const { recipe } = chooseRecipe({ metadata: own, preprocessor: preprocessorFile }, { ...INPUT, height: 64, width: 64 });
    expect(recipe).toMatchObject({
      resize: { mode: 'exact', height: 64, width: 64 },
      crop: null,
      filter: 'lanczos',
      mean: [0.5, 0.5, 0.5],
      std: [0.25, 0.25, 0.25],
      source: 'model metadata',
    });
  });

  it('mean and std alone, on either scale', () => {
    const { recipe } = chooseRecipe({ metadata: { mean: '[123.675, 116.28, 103.53]', std: '[58.395, 57.12, 57.375]' } }, FIXED);
    expect(recipe.mean).toEqual([0.485, 0.456, 0.406].map((value) => expect.closeTo(value, 9)));
    expect(recipe.std).toEqual([0.229, 0.224, 0.225].map((value) => expect.closeTo(value, 9)));
    expect(recipe.resize).toEqual({ mode: 'shorter', size: 256 });
  });

  it('an Ultralytics export takes values from 0 to 1', () => {
    const metadata = { author: 'Ultralytics', task: 'classify', imgsz: '[224, 224]', names: "{0: 'tench'}" };
    expect(chooseRecipe({ metadata }, FIXED).recipe).toMatchObject({
      resize: { mode: 'shorter', size: 224 },
      crop: { height: 224, width: 224 },
      mean: [0],
      std: [1],
    });
  });

  it('says which field is wrong', () => {
    const metadata = { 'model_loupe.preprocess': '{"filter": "cubic"}' };
    expect(() => chooseRecipe({ metadata }, FIXED)).toThrow(/model_loupe\.preprocess: filter must be one of nearest, bilinear/);
  });
});

describe('a fixed input', () => {
  it('wins over another size, keeping the share that is cropped, with a warning', () => {
    const text = JSON.stringify({ size: { shortest_edge: 256 }, do_center_crop: true, crop_size: 224 });
    const { recipe, warnings } = chooseRecipe(
      { metadata: {}, preprocessor: { file: 'preprocessor_config.json', text } },
      { ...INPUT, height: 448, width: 448 },
    );
    expect(recipe).toMatchObject({ resize: { mode: 'shorter', size: 512 }, crop: { height: 448, width: 448 } });
    expect(warnings).toEqual([expect.stringMatching(/makes 224 x 224 pixels but the model takes 448 x 448/)]);
  });

  it('wins over an edited recipe too', () => {
    const { recipe } = chooseRecipe({ metadata: {} }, FIXED, { crop: { height: 10, width: 10 }, filter: 'box' });
    expect(recipe).toMatchObject({ crop: { height: 224, width: 224 }, filter: 'box', source: 'edited' });
  });
});
