import { html, nothing, type TemplateResult } from 'lit';
import { button, dropdown, icon, textField } from '../../common';
import type { CompareStore, Row } from '../store';
import { measureLook, partsLook } from './measures';
import type { ChartPlan } from './plan';
import { CURVE_MEASURES, type CurveMeasure, type CurvesState } from './state';
import { t } from './strings';

function change(store: CompareStore, part: Partial<CurvesState>): void {
  store.update({ curves: { ...store.state.curves, ...part } });
}

/** What was chosen, as far as the model whose parts were is still there. */
export function chosenCurves(store: CompareStore): CurvesState {
  const { curves } = store.state;
  const there = sizedRows(store).some(({ model }) => model.id === curves.partsOf);
  return there ? curves : { ...curves, partsOf: '' };
}

function sizedRows(store: CompareStore): readonly Row[] {
  return store.rows.filter(({ counted }) => counted.status === 'ready' && counted.figures.input !== null);
}

/** What the lines are, what they measure, and the axes they stand on. */
export function curveTools(store: CompareStore): TemplateResult {
  const { measure, partsOf, logarithmic } = chosenCurves(store);
  const look = partsOf === '' ? measureLook : partsLook;
  const models = sizedRows(store);
  const scale = (label: string, value: boolean) =>
    button({ label, pressed: logarithmic === value, onClick: () => change(store, { logarithmic: value }) });
  return html`<span class="chart-tools" role="group" aria-label=${t.axes}>
    ${dropdown({
      label: t.lines,
      prefix: t.linesPrefix,
      value: partsOf,
      choices: [{ value: '', label: t.perModel }, ...models.map(({ model }) => ({ value: model.id, label: t.partsOf(model.name) }))],
      onChange: (value) => change(store, { partsOf: value }),
    })}
    ${dropdown({
      label: t.measure,
      value: measure,
      choices: CURVE_MEASURES.map((value) => ({ value, label: look(value).title })),
      onChange: (value) => change(store, { measure: value as CurveMeasure }),
    })}
    ${scale(t.linear, false)}${scale(t.logarithmic, true)}
  </span>`;
}

/** The sizes as text, to be changed; one sentence where they are no sizes. */
export function sizeField(store: CompareStore, { kind, sizes, error }: ChartPlan): TemplateResult {
  const key = kind === 'image' ? 'imageSizes' : 'sequenceSizes';
  const written = store.state.curves[key];
  const text = written || sizes.join(', ');
  return html`<span class="curve-sizes">
    <span class="description">${kind === 'image' ? t.imageSizes : t.sequenceSizes}</span>
    ${textField({
      label: kind === 'image' ? t.imageSizes : t.sequenceSizes,
      value: text,
      size: Math.min(56, text.length + 2),
      onCommit: (value) => change(store, { [key]: value }),
    })}
    ${written === '' ? nothing : button({ label: t.reset, icon: 'discard', appearance: 'icon', onClick: () => change(store, { [key]: '' }) })}
    ${error === '' ? nothing : html`<span class="curve-error" role="alert">${icon('warning')}${error}</span>`}
  </span>`;
}
