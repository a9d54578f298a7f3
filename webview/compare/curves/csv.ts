import { BUDGETS } from '../../../src/protocol';
import { tableText } from '../../common/table/exportTable';
import type { SizeCounts } from './counts';
import type { ChartPlan } from './plan';

const MEASURES = ['parameters', 'macs', 'flops', 'peakActivationBytes'] as const;

/** A line per model and size, with every digit; a size that does not work says why. */
export function curvesCsv(charts: readonly ChartPlan[], counts: SizeCounts): string {
  const head = ['model', 'kind', 'size', ...MEASURES, ...BUDGETS.map((budget) => `${budget} macs`), 'error'];
  const rows = charts.flatMap(({ kind, models }) =>
    models.flatMap(({ model, sizes }) =>
      sizes.flatMap((size) => {
        const row = counts.rows(model).get(size);
        if (!row) return [];
        const { figures, error } = row;
        const of = figures
          ? [...MEASURES.map((measure) => figures[measure]), ...BUDGETS.map((budget) => figures.budget[budget].macs)].map(String)
          : head.slice(4).map(() => '');
        return [[model.name, kind, String(size), ...of, error]];
      }),
    ),
  );
  return tableText([head, ...rows], 'CSV', new Set());
}
