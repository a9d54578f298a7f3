import type { ComparedModel } from '../../../src/protocol';
import type { Row } from '../store';
import { defaultSizes, parseSizes, type SizeKind } from './sizes';
import type { CurvesState } from './state';
import { t } from './strings';

/** Lines of one chart: more cannot be told apart. */
export const MAX_LINES = 20;

/** One model of a chart with the sizes it is drawn at. */
export interface PlannedModel {
  readonly model: ComparedModel;
  readonly sizes: readonly number[];
}

/** One chart: images and sequences have no axis in common. */
export interface ChartPlan {
  readonly kind: SizeKind;
  /** As written, or those that suit the models. */
  readonly sizes: readonly number[];
  readonly models: readonly PlannedModel[];
  /** Models of this kind, drawn or not. */
  readonly available: number;
  /** What is wrong with the sizes that were written; `''` when nothing is. */
  readonly error: string;
}

/** The charts for these rows, and sentences on rows that belong to none. */
export function planCharts(
  rows: readonly Row[],
  state: CurvesState,
): { readonly charts: readonly ChartPlan[]; readonly sizeless: readonly string[] } {
  const wanted = rows.filter(({ model }) => state.partsOf === '' || model.id === state.partsOf);
  const charts = (['image', 'sequence'] as const).flatMap((kind) => planChart(kind, wanted, state) ?? []);
  const sizeless = wanted.flatMap(({ model, counted }) =>
    counted.status === 'ready' && counted.figures.input === null ? [t.noSize(model.name)] : [],
  );
  return { charts, sizeless };
}

function planChart(kind: SizeKind, rows: readonly Row[], state: CurvesState): ChartPlan | null {
  const found = rows.flatMap(({ model, counted }) =>
    counted.status === 'ready' && counted.figures.input?.kind === kind ? [{ model, own: counted.figures.input.size }] : [],
  );
  if (found.length === 0) return null;
  const drawn = found.slice(0, MAX_LINES);
  const suitable = defaultSizes(
    kind,
    drawn.flatMap(({ own }) => own ?? []),
  );
  const text = kind === 'image' ? state.imageSizes : state.sequenceSizes;
  const written = text.trim() === '' ? null : parseSizes(kind, text);
  const sizes = written?.sizes ?? suitable;
  const models = drawn.map(({ model, own }) => ({ model, sizes: withOwn(sizes, own) }));
  return { kind, sizes, models, available: found.length, error: written?.error ?? '' };
}

/** A model whose size cannot change is at least drawn where it stands, if the chart reaches that far. */
function withOwn(sizes: readonly number[], own: number | null): readonly number[] {
  const [first = 0, last = 0] = [sizes[0], sizes.at(-1)];
  if (own === null || sizes.includes(own) || own < first || own > last) return sizes;
  return [...sizes, own].sort((a, b) => a - b);
}
