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

/** The state of an earlier life; whatever does not fit is replaced. */
export function restoreCurves(kept: unknown): CurvesState {
  if (typeof kept !== 'object' || kept === null) return FIRST_CURVES;
  const { measure, partsOf, logarithmic, imageSizes, sequenceSizes } = kept as Partial<Record<keyof CurvesState, unknown>>;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    measure: CURVE_MEASURES.find((one) => one === measure) ?? FIRST_CURVES.measure,
    partsOf: text(partsOf),
    logarithmic: typeof logarithmic === 'boolean' ? logarithmic : FIRST_CURVES.logarithmic,
    imageSizes: text(imageSizes),
    sequenceSizes: text(sequenceSizes),
  };
}
