import { html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CallOptions, Progress, TensorStatistics } from '../../../src/protocol';
import { figureList } from '../editor/figureList';
import { editorStrings as t } from '../editor/strings';
import { LightElement } from '../element';
import { formatExact, formatReal } from '../format';
import { type Fetched, Latest, settled } from '../result';
import { errorState } from '../states';
import '../states';
import { common } from '../strings';
import { adoptStyles } from '../styles';
import histogramStyles from './histogram.css';
import { histogramBars } from './histogramBars';

const HEIGHT = 96;

function histogram({ name, histogram: bins, minimum, maximum }: TensorStatistics): TemplateResult {
  const bars = histogramBars(bins, HEIGHT);
  return html`<svg class="histogram" viewBox="0 0 ${bins.length} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${t.histogramLabel(name)}>
      ${bars.map((bar, index) => svg`<rect x=${index + 0.05} y=${HEIGHT - bar} width="0.9" height=${bar}></rect>`)}
    </svg>
    <div class="histogram-axis"><span>${formatReal(minimum)}</span><span>${formatReal(maximum)}</span></div>`;
}

/** Whoever has tensors' values read. */
export interface ReadsStatistics {
  readonly api: { statistics(params: { readonly tensor: string }, options?: CallOptions): Promise<TensorStatistics> };
}

/** Distribution of one tensor's values, read when it is first shown. */
@customElement('tensor-statistics')
export class TensorStatisticsView extends LightElement {
  @property({ attribute: false }) store: ReadsStatistics | undefined;
  @property() tensor = '';
  /** Changes when the file was read anew. */
  @property({ type: Number }) loads = 0;
  @state() private result: Fetched<TensorStatistics> | null = null;
  readonly #work = new Latest();

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if ((changed.has('tensor') || changed.has('loads')) && this.tensor !== '') void this.#fetch(this.tensor);
  }

  override disconnectedCallback(): void {
    this.#work.drop();
    super.disconnectedCallback();
  }

  async #fetch(tensor: string): Promise<void> {
    const { store } = this;
    if (!store) return;
    const turn = this.#work.begin();
    this.result = { status: 'loading', progress: null };
    const onProgress = (progress: Progress) => {
      if (turn.isCurrent() && !turn.signal.aborted) this.result = { status: 'loading', progress };
    };
    const result = await settled(store.api.statistics({ tensor }, { signal: turn.signal, onProgress }));
    if (turn.isCurrent()) this.result = result;
  }

  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(histogramStyles);
    const { result } = this;
    if (!result) return nothing;
    if (result.status === 'loading') {
      return html`<busy-state .progress=${result.progress} .onCancel=${() => this.#work.cancel()}></busy-state>`;
    }
    if (result.status === 'error') {
      return errorState(t.statisticsFailed, result.error, [{ label: common.retry, onClick: () => void this.#fetch(this.tensor) }]);
    }
    const { value } = result;
    const rows: [string, string][] = [
      [t.minimum, formatReal(value.minimum)],
      [t.maximum, formatReal(value.maximum)],
      [t.mean, formatReal(value.mean)],
      [t.deviation, formatReal(value.deviation)],
      [t.zeros, formatExact(value.zeros)],
    ];
    rows.push([t.norm, formatReal(value.norm)]);
    if (value.nan > 0) rows.push([t.nan, formatExact(value.nan)]);
    if (value.infinite > 0) rows.push([t.infinite, formatExact(value.infinite)]);
    if (value.deadFilters > 0) rows.push([t.deadFilters, formatExact(value.deadFilters)]);
    return html`${histogram(value)}${figureList(rows.map(([label, figure]) => ({ label, value: figure })))}`;
  }
}
