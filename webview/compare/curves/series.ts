import { append } from '../../../src/data';
import { BUDGETS, type Budget, type ComparedFigures, type SizedFigures } from '../../../src/protocol';
import { budgetName } from '../../common/glyphs';
import type { SizeCounts } from './counts';
import { measured, measuredParts } from './measures';
import type { ChartPlan, PlannedModel } from './plan';
import type { CurveMeasure } from './state';
import { t } from './strings';
import type { Curve, CurvePoint } from './types';

/** A curve with what a chart draws of it beside its line. */
export interface DrawnCurve extends Curve {
  /** Sizes that were asked for and work. */
  readonly marks: readonly CurvePoint[];
  /** Place among the lines of the chart: it keeps its look when others come and go. */
  readonly place: number;
  /** Of a model's part. */
  readonly budget: Budget | null;
}

/** A line per model. */
export function modelCurves(plan: ChartPlan, counts: SizeCounts, measure: CurveMeasure): readonly DrawnCurve[] {
  return plan.models.map((planned, place) => ({
    ...lineOf(planned, counts, (figures) => measured(figures, measure)),
    id: planned.model.id,
    name: planned.model.name,
    place,
    budget: null,
  }));
}

/** A line per part of the plan's only model. */
export function partCurves(plan: ChartPlan, counts: SizeCounts, measure: CurveMeasure): readonly DrawnCurve[] {
  const [planned] = plan.models;
  if (!planned) return [];
  return BUDGETS.map((budget, place) => ({
    ...lineOf(planned, counts, (figures) => measuredParts(figures, measure)[budget]),
    id: budget,
    name: budgetName(budget),
    place,
    budget,
  }));
}

function lineOf(
  { model, sizes }: PlannedModel,
  counts: SizeCounts,
  value: (figures: ComparedFigures) => number,
): Pick<DrawnCurve, 'pieces' | 'marks'> {
  const rows = counts.rows(model);
  const marks = sizes.flatMap((size) => pointOf(rows.get(size), value));
  const pieces: CurvePoint[][] = [];
  let piece: CurvePoint[] = [];
  for (const [index, size] of sizes.entries()) {
    const [point] = pointOf(rows.get(size), value);
    if (!point) {
      if (piece.length > 0) pieces.push(piece);
      piece = [];
      continue;
    }
    if (piece.length > 0) append(piece, inside(rows, sizes[index - 1] ?? size, size, value));
    piece.push(point);
  }
  if (piece.length > 0) pieces.push(piece);
  return { pieces, marks };
}

function pointOf(row: SizedFigures | undefined, value: (figures: ComparedFigures) => number): readonly CurvePoint[] {
  return row?.figures ? [{ x: row.size, y: value(row.figures) }] : [];
}

/** Sizes between two neighbours that were counted to find a crossing. */
function inside(
  rows: ReadonlyMap<number, SizedFigures>,
  low: number,
  high: number,
  value: (figures: ComparedFigures) => number,
): readonly CurvePoint[] {
  return [...rows.values()]
    .filter(({ size }) => size > low && size < high)
    .sort((a, b) => a.size - b.size)
    .flatMap((row) => pointOf(row, value));
}

/** A sentence for each model that has no figures at some of its sizes. */
export function failures({ models, sizes }: ChartPlan, counts: SizeCounts): readonly string[] {
  return models.flatMap(({ model }) => {
    const failed = sizes.flatMap((size) => {
      const row = counts.rows(model).get(size);
      return row && !row.figures ? [row] : [];
    });
    const [first] = failed;
    if (!first) return [];
    const all = failed.length === sizes.length || failed.every(({ error }) => error === first.error);
    return [all ? t.failed(model.name, first.error) : t.failedAt(model.name, failed.map(({ size }) => size).join(', '), first.error)];
  });
}
