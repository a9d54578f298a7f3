import type { TemplateResult } from 'lit';
import type { CompareCurves } from './curves/curvesSection';
import { t as curves } from './curves/strings';
import type { DiffSection } from './diff/diffSection';
import { htmlText } from './exportHtml';
import { csvText, jsonText, markdownText, svgText } from './exporting';
import { exportName } from './exportName';
import { type MenuEntry, menuEntries } from './menuEntries';
import { stagesCsv } from './stagesSection';
import type { CompareStore } from './store';
import { t } from './strings';

const charts = () => [
  { selector: '.bars-chart', label: t.saveSvg, extension: 'svg' },
  { selector: '.scatter-chart', label: t.saveScatterSvg, extension: 'scatter.svg' },
  { selector: '.curves-chart', label: curves.saveSvg, extension: 'curves.svg' },
  { selector: '.stages-chart', label: t.saveStagesSvg, extension: 'stages.svg' },
];

/** Everything that the comparison can be taken away as. */
export function exportMenu(store: CompareStore, view: HTMLElement, close: () => void): TemplateResult {
  const save = (extension: string, text: () => string) => () => {
    const bytes = () => new TextEncoder().encode(text());
    void store.act((api) => api.save({ name: exportName(store.set?.title ?? '', extension), bytes: bytes() }));
  };
  const copy = (format: string, text: () => string) => () => void store.act((api) => api.copy({ text: text() }), t.copied(format));
  const html = () =>
    htmlText({
      store,
      charts: [...view.querySelectorAll<SVGElement>('svg.chart')],
      diff: view.querySelector<DiffSection>('diff-section')?.shown ?? null,
    });
  return menuEntries(close, [
    { label: t.copyMarkdown, icon: 'copy', run: copy('Markdown', () => markdownText(store)) },
    { label: t.copyCsv, icon: 'copy', run: copy('CSV', () => csvText(store)) },
    { label: t.saveHtml, icon: 'globe', run: save('html', html) },
    { label: t.saveMarkdown, icon: 'markdown', run: save('md', () => markdownText(store)) },
    { label: t.saveCsv, icon: 'table', run: save('csv', () => csvText(store)) },
    { label: t.saveStagesCsv, icon: 'table', run: save('stages.csv', () => stagesCsv(store)) },
    ...curvesEntries(view, save),
    { label: t.saveJson, icon: 'json', run: save('json', () => jsonText(store)) },
    ...charts().flatMap(({ selector, label, extension }) =>
      chartEntries(view, selector, (chart, at) => ({
        label: at === 0 ? label : `${label}: ${chart.getAttribute('aria-label')}`,
        icon: 'file-media',
        run: save(at === 0 ? extension : extension.replace('svg', `${at + 1}.svg`), () => svgText(chart)),
      })),
    ),
  ]);
}

function curvesEntries(view: HTMLElement, save: (extension: string, text: () => string) => () => void): readonly MenuEntry[] {
  const section = view.querySelector<CompareCurves>('compare-curves');
  return section ? [{ label: curves.saveCsv, icon: 'table', run: save('curves.csv', () => section.csv()) }] : [];
}

function chartEntries(view: HTMLElement, selector: string, entry: (chart: SVGElement, at: number) => MenuEntry): readonly MenuEntry[] {
  return [...view.querySelectorAll<SVGElement>(selector)].map(entry);
}
