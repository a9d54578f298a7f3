import type { Filter } from './filters';

/** How an image becomes the model's input. Sizes in pixels, mean and std on the 0..1 scale per channel. */
export interface Recipe {
  /** Resize so that the shorter edge (one number) or both edges (height, width) have this length; null keeps the image's size. */
  readonly resize:
    | { readonly mode: 'shorter'; readonly size: number }
    | { readonly mode: 'exact'; readonly height: number; readonly width: number }
    | null;
  /** Cut from the middle; what lies outside the image is black. */
  readonly crop: { readonly height: number; readonly width: number } | null;
  /**
   * How an odd margin is halved: `even` is torchvision's `int(round(margin / 2))`
   * (halves to even), the default; `floor` is Hugging Face's `margin // 2`.
   */
  readonly cropRounding?: 'even' | 'floor';
  readonly filter: Filter;
  /** Factor applied to 8-bit values before mean and std; 1/255 as a rule. */
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly channels: 'RGB' | 'BGR' | 'gray';
  readonly layout: 'NCHW' | 'NHWC';
  readonly dtype: 'float32' | 'float16' | 'uint8';
  /** Where it comes from, e.g. `preprocessor_config.json`, `model metadata`, `ImageNet defaults`, `edited`. */
  readonly source: string;
}
