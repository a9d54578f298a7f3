import { flag, oneOf, type Readers, text } from '../../common/kept';

/** What a curve can show. `attention` is its share of the multiply-adds. */
export const CURVE_MEASURES = ['macs', 'flops', 'peakActivationBytes', 'parameters', 'attention'] as const;
/** A measure that curves can be of. */
export type CurveMeasure = (typeof CURVE_MEASURES)[number];

/** What the person chose of the curves. */
export interface CurvesState {
  readonly measure: CurveMeasure;
  /** Id of the model whose parts are drawn; `''` for a line per model. */
  readonly partsOf: string;
  readonly logarithmic: boolean;
  /** As written; `''` for sizes that suit the models. */
  readonly imageSizes: string;
  readonly sequenceSizes: string;
}

/** Before anything was chosen; empty sizes mean the usual ones. */
export const FIRST_CURVES: CurvesState = { measure: 'macs', partsOf: '', logarithmic: false, imageSizes: '', sequenceSizes: '' };

/** How each choice is read back. */
export const CURVES_READERS: Readers<CurvesState> = {
  measure: oneOf(CURVE_MEASURES),
  partsOf: text,
  logarithmic: flag,
  imageSizes: text,
  sequenceSizes: text,
};
