import { html, nothing, type TemplateResult } from 'lit';
import { button, icon } from '../common';
import type { Column } from './columns';
import type { CompareStore, Row } from './store';
import { t } from './strings';

/** What stands in a row's latency cell while there is no figure: a button, that it waits, or why it failed. */
export function latencyCell({ model }: Row, { id }: Column, store: CompareStore): TemplateResult {
  const { queue } = store;
  const failure = queue.failed.get(model.id);
  const measure = (label: string) => button({ label, tooltip: t.measureTooltip(model.name), onClick: () => queue.add([model]) });
  if (queue.current?.id === model.id) return html`<td data-column=${id} class="figure description">${t.measuringNow}</td>`;
  if (queue.isWaiting(model)) return html`<td data-column=${id} class="figure description">${t.waiting}</td>`;
  return html`<td data-column=${id} class="figure">
    ${failure === undefined ? nothing : html`<span class="latency-failed" title=${failure}>${icon('warning')}</span>`}${measure(t.measure)}
  </td>`;
}

/** Measures every row that has no figure yet; nothing where there is none. */
export function measureAll(store: CompareStore, text = false): TemplateResult | typeof nothing {
  const open = store.rows.filter(({ counted }) => counted.status === 'ready' && counted.figures.latency === null);
  if (open.length === 0 || store.queue.current) return nothing;
  return button({
    label: t.measureAll,
    icon: 'run-all',
    appearance: text ? 'secondary' : 'icon',
    onClick: () => store.queue.add(open.map(({ model }) => model)),
  });
}

/** How far measuring is, and why a model could not be measured. */
export function measuringState({ queue, rows }: CompareStore): TemplateResult | typeof nothing {
  const { current, progress, left } = queue;
  const failures = failureTexts(rows, queue.failed);
  const stage = current ? t.measuring(current.name, left === 0 ? '' : String(left)) : '';
  return html`${
    current
      ? html`<busy-state class="measuring" bare .progress=${{ stage, fraction: progress?.fraction ?? null }} .onCancel=${() => queue.cancel()}></busy-state>`
      : nothing
  }${failures.map((text) => html`<p class="failure" role="alert">${icon('warning')}<span>${t.notMeasured} ${text}</span></p>`)}`;
}

/** Each reason once: of one model with its name, of several without. */
function failureTexts(rows: readonly Row[], failed: ReadonlyMap<string, string>): readonly string[] {
  const names = new Map<string, string[]>();
  for (const { model } of rows) {
    const why = failed.get(model.id);
    if (why !== undefined) names.set(why, [...(names.get(why) ?? []), model.name]);
  }
  return [...names].map(([why, [name = '', ...others]]) => (others.length > 0 || why.includes(name) ? why : t.failedModel(name, why)));
}
