import { html, nothing, type TemplateResult } from 'lit';
import { dropdown } from '../common';
import { measureAll } from './latencyCell';
import { plotted, scatterChart } from './scatter';
import { SCATTER_BY, SCATTER_OF, type ScatterState, scatterAxis, sensible } from './scatterAxes';
import type { CompareStore } from './store';
import { t } from './strings';

/** Accuracy or latency against a cost, with the Pareto front; nothing until two rows are counted. */
export function scatterSection(store: CompareStore, width: number): TemplateResult | typeof nothing {
  const ready = store.rows.filter(({ counted }) => counted.status === 'ready');
  if (ready.length < 2) return nothing;
  const { scatter } = store.state;
  const points = plotted(ready, scatter);
  const change = (part: Partial<ScatterState>) => store.update({ scatter: sensible({ ...scatter, ...part }) });
  const choices = (ids: readonly (ScatterState['of'] | ScatterState['by'])[]) =>
    ids.map((value) => ({ value, label: scatterAxis(value).label }));
  return html`<section class="chart-section" aria-labelledby="scatter-title">
    <div class="chart-head">
      <h2 id="scatter-title" class="section-title">${t.scatter(scatterAxis(scatter.of).label, scatterAxis(scatter.by).label)}</h2>
      <span class="chart-tools" role="group" aria-label=${t.against}>
        ${dropdown({
          label: t.scatterOf,
          value: scatter.of,
          choices: choices(SCATTER_OF),
          onChange: (of) => change({ of: of as ScatterState['of'] }),
        })}
        ${dropdown({
          label: t.against,
          prefix: t.againstPrefix,
          value: scatter.by,
          choices: choices(SCATTER_BY.filter((by) => by !== scatter.of)),
          onChange: (by) => change({ by: by as ScatterState['by'] }),
        })}
      </span>
    </div>
    ${points.length < 2 ? html`<p class="description">${missing(scatter)} ${scatter.of === 'latency' || scatter.by === 'latency' ? measureAll(store, true) : nothing}</p>` : picture(store, points, width)}
  </section>`;
}

function picture(store: CompareStore, points: ReturnType<typeof plotted>, width: number): TemplateResult {
  const onOpen = ({ model }: { readonly model: { readonly id: string } }) => void store.act((api) => api.openModel({ model: model.id }));
  return html`${scatterChart({ points, axes: store.state.scatter, width, onOpen })}
    <p class="description chart-note">${t.frontNote}</p>`;
}

/** Why there are no two points to compare. */
function missing({ of, by }: ScatterState): string {
  if (of === 'top1' && by !== 'latency') return t.noTop1;
  return of === 'top1' ? t.noTop1AndLatency : t.noLatency;
}
