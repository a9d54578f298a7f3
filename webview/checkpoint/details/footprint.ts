import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { OPTIMIZERS, type Optimizer, PRECISIONS, type Precision, type TrainingFootprint } from '../../../src/protocol';
import { dropdown } from '../../common/controls';
import { figureList } from '../../common/editor/figureList';
import { section } from '../../common/editor/section';
import { failureText } from '../../common/failure';
import { formatBytes, formatExact } from '../../common/format';
import { type Fetched, Latest, settled } from '../../common/result';
import { StoreElement } from '../storeElement';
import { t } from '../strings';

const PARTS = ['weights', 'gradients', 'optimizerStates', 'copies', 'buffers', 'total'] as const;

/** What training the checkpoint's weights would hold in memory, without activations. */
@customElement('training-footprint')
export class TrainingFootprintView extends StoreElement {
  /** Changes when the file was read anew. */
  @property({ type: Number }) loads = 0;
  @state() private optimizer: Optimizer = 'adamw';
  @state() private precision: Precision = 'amp';
  @state() private footprint: Fetched<TrainingFootprint> | null = null;
  readonly #work = new Latest();

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('loads') || changed.has('optimizer') || changed.has('precision')) void this.#fetch();
  }

  override disconnectedCallback(): void {
    this.#work.drop();
    super.disconnectedCallback();
  }

  async #fetch(): Promise<void> {
    const { store, optimizer, precision } = this;
    if (!store) return;
    const turn = this.#work.begin();
    const footprint = await settled(store.api.footprint({ optimizer, precision }, { signal: turn.signal }));
    if (turn.isCurrent()) this.footprint = footprint;
  }

  protected override render(): TemplateResult {
    return section(
      t.footprint,
      html`<div class="buttons">
          ${dropdown({
            label: t.optimizer,
            value: this.optimizer,
            choices: OPTIMIZERS.map((value) => ({ value, label: t.optimizerName(value) })),
            onChange: (value) => {
              this.optimizer = value as Optimizer;
            },
          })}
          ${dropdown({
            label: t.precision,
            value: this.precision,
            choices: PRECISIONS.map((value) => ({ value, label: t.precisionName(value) })),
            onChange: (value) => {
              this.precision = value as Precision;
            },
          })}
        </div>
        ${this.#figures()}`,
    );
  }

  #figures(): TemplateResult | typeof nothing {
    const { footprint } = this;
    if (footprint?.status === 'error') return html`<p class="description">${failureText(footprint.error)}</p>`;
    if (footprint?.status !== 'ready') return nothing;
    const { value } = footprint;
    const shown = PARTS.filter((part) => value[part] > 0);
    const row = (part: (typeof PARTS)[number]) => ({
      label: t.footprintPart(part),
      value: formatBytes(value[part]),
      tooltip: `${formatExact(value[part])} B`,
    });
    return html`${figureList(shown.map(row))}
      <p class="description">${t.withoutActivations}</p>`;
  }
}
