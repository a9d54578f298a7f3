import { BUDGETS, type ComparedFigures, relativeDifference } from '../../src/protocol';
import { visibleMarkup, jsonText as written } from '../../src/text';
import { formatDifference } from '../common/difference';
import { failureText } from '../common/failure';
import { tableText } from '../common/table/exportTable';
import { shareOf } from './columns';
import type { CompareStore } from './store';
import { t } from './strings';
import { columnsOf, sortedRows } from './table';

const MEASURES = ['parameters', 'trainableParameters', 'macs', 'flops', 'weightBytes', 'peakActivationBytes'] as const;

/** Every figure with every digit, whatever columns are shown; differences and shares as parts of 1. */
export function csvText(store: CompareStore): string {
  const head = [
    'model',
    ...MEASURES.flatMap((measure) => [measure, `${measure} difference`]),
    ...BUDGETS.map((budget) => `${budget} of ${store.state.split}`),
    'receptiveField',
    'top1',
    'latency milliseconds',
    'lower bounds',
    'error',
  ];
  const rows = sortedRows(store).map(({ model, counted }) => {
    if (counted.status !== 'ready') {
      const error = counted.status === 'failed' ? failureText(counted.error) : '';
      return [model.name, ...head.slice(2).map(() => ''), error];
    }
    const { figures } = counted;
    return [
      model.name,
      ...MEASURES.flatMap((measure) => [String(figures[measure]), String(differenceOf(figures, store, measure) ?? '')]),
      ...BUDGETS.map((budget) => String(shareOf(figures, budget, store.state.split))),
      String(figures.receptiveField ?? ''),
      String(figures.top1 ?? ''),
      String(figures.latency?.milliseconds ?? ''),
      figures.lowerBounds.join(' '),
      '',
    ];
  });
  return tableText([head, ...rows], 'CSV', new Set());
}

/** The table as it stands on the screen. */
export function markdownText(store: CompareStore): string {
  const columns = columnsOf(store).filter(({ id }) => id !== 'split');
  const rows = sortedRows(store).map(({ model, counted }) => {
    if (counted.status !== 'ready') {
      const error = counted.status === 'failed' ? failureText(counted.error) : '';
      return [model.name, error, ...columns.slice(1).map(() => '')];
    }
    const cells = columns.map((column) => {
      const { text, difference } = column.cell(counted.figures, store.baseline);
      return [text.replaceAll('\u2009', ' '), formatDifference(difference)].filter((part) => part !== '').join(' ');
    });
    return [model.name, ...cells];
  });
  const numeric = new Set(columns.map((_, index) => index + 1));
  return `${tableText([[t.model, ...columns.map(({ label }) => label)], ...rows], 'Markdown', numeric)}\n`;
}

/** Every row with its figures and their differences to the baseline; a failed row says why. */
export function jsonText(store: CompareStore): string {
  const rows = sortedRows(store).map(({ model, counted }) => ({
    name: model.name,
    source: model.detail,
    baseline: model.id === store.set?.baseline,
    // Which block spends most is for clicking, not for reading.
    figures: counted.status === 'ready' ? { ...counted.figures, spenders: undefined } : null,
    difference:
      counted.status === 'ready'
        ? Object.fromEntries(MEASURES.map((measure) => [measure, differenceOf(counted.figures, store, measure)]))
        : null,
    error: counted.status === 'failed' ? failureText(counted.error) : '',
  }));
  return `${written({ schema: 1, rows })}\n`;
}

function differenceOf(figures: ComparedFigures, { baseline }: CompareStore, measure: (typeof MEASURES)[number]): number | null {
  return baseline && baseline !== figures ? relativeDifference(figures[measure], baseline[measure]) : null;
}

const STYLES = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'font-family', 'font-size', 'opacity', 'display'] as const;

/** A chart of the page as a document of its own, in the colours it has on the screen. */
export function svgText(chart: SVGElement): string {
  const copy = chart.cloneNode(true) as SVGElement;
  const from = [chart, ...chart.querySelectorAll<SVGElement>('*')];
  const to = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  from.forEach((element, index) => {
    const computed = getComputedStyle(element);
    const target = to[index];
    if (!target || element instanceof SVGTitleElement) return;
    for (const name of STYLES) target.setAttribute(name, computed.getPropertyValue(name));
    target.removeAttribute('class');
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.style.background = getComputedStyle(document.body).backgroundColor;
  const text = new XMLSerializer().serializeToString(copy);
  return `${visibleMarkup(text.replace(/<!--.*?-->/gs, ''))}\n`;
}
