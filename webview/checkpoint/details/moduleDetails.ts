import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { BUDGETS, type CheckpointTensorRow, type ModuleDetails, type ModuleRow, type Slice } from '../../../src/protocol';
import { tooltipText } from '../../../src/text';
import { button } from '../../common/controls';
import { type Figure, figureList } from '../../common/editor/figureList';
import { section } from '../../common/editor/section';
import { formatBytes, formatCount, formatExact, formatShare, ratio } from '../../common/format';
import { budgetGlyph, budgetName } from '../../common/glyphs';
import { type Fetched, Latest, LOADING, settled } from '../../common/result';
import { stackedBar } from '../../common/stackedBar';
import { errorState } from '../../common/states';
import { common } from '../../common/strings';
import { extents, tensorKey } from '../../common/tensors/tensorColumns';
import type { CheckpointStore } from '../store';
import { StoreElement } from '../storeElement';
import { t } from '../strings';

/** Rows of each list that are shown. */
const MOST_ROWS = 40;

interface Content {
  readonly details: ModuleDetails;
  readonly tensors: Slice<CheckpointTensorRow>;
}

/** A module: what it takes, its definition, the modules it stands for, its tensors. */
@customElement('module-details')
export class ModuleDetailsView extends StoreElement {
  @property({ type: Number }) module = -1;
  /** Changes when the file was read anew. */
  @property({ type: Number }) loads = 0;
  @state() private content: Fetched<Content> = LOADING;
  readonly #work = new Latest();

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('module') || changed.has('loads')) void this.#fetch();
  }

  override disconnectedCallback(): void {
    this.#work.drop();
    super.disconnectedCallback();
  }

  async #fetch(): Promise<void> {
    const { store, module } = this;
    if (!store) return;
    const turn = this.#work.begin();
    this.content = LOADING;
    const { signal } = turn;
    const content = await settled(
      Promise.all([store.api.module({ module }, { signal }), store.api.tensors({ module, from: 0 }, { signal })]).then(
        ([details, tensors]): Content => ({ details, tensors }),
      ),
    );
    if (turn.isCurrent()) this.content = content;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { store, content } = this;
    const row = store?.tree.known.get(this.module);
    if (!store) return nothing;
    if (content.status === 'error')
      return errorState(t.moduleFailed, content.error, [{ label: common.retry, onClick: () => void this.#fetch() }]);
    const known = row ?? (content.status === 'ready' ? content.value.details.module : undefined);
    return html`${known ? html`${figures(known, store)} ${shares(known)}` : nothing}
    ${content.status === 'ready' ? this.#fetched(content.value, store) : html`<busy-state></busy-state>`}`;
  }

  #fetched({ details, tensors }: Content, store: CheckpointStore): TemplateResult {
    const { definition, members, moreMembers, module } = details;
    const shown = members.slice(0, MOST_ROWS);
    const more = moreMembers + members.length - shown.length;
    return html`${
      definition === ''
        ? nothing
        : html`<section class="definition">
            <h3 class="section-title">
              <span>${t.definition}</span>
              ${button({ label: t.copyDefinition, icon: 'copy', appearance: 'icon', onClick: () => store.copy(definition, t.theDefinition) })}
            </h3>
            <pre class="mono">${definition}</pre>
          </section>`
    }
    ${
      module.repeat > 1
        ? section(
            t.standsFor(formatExact(members.length + moreMembers)),
            html`<div class="value-list">
              ${shown.map((name) => html`<div>${name || t.ownTensors}</div>`)}
              ${more > 0 ? html`<div class="description">${t.moreRows(formatExact(more))}</div>` : nothing}
            </div>`,
          )
        : nothing
    }
    ${tensors.rows.length === 0 ? nothing : section(t.tensors, this.#tensors(tensors, module, store))}
    ${tensors.rows.length === 0 ? nothing : section(t.saveTensors, html`<div class="buttons">${button({ label: '.safetensors', icon: 'save', onClick: () => store.extractModule(module.id, module.path || t.module) })}</div>`)}`;
  }

  #tensors({ rows }: Slice<CheckpointTensorRow>, module: ModuleRow, store: CheckpointStore): TemplateResult {
    const shown = rows.slice(0, MOST_ROWS);
    const more = module.tensors - shown.length;
    return html`${shown.map((row) => tensorLine(row, store))}
    ${more > 0 ? html`<div class="description content-row">${t.moreRows(formatExact(more))}</div>` : nothing}`;
  }
}

/** A tensor of a list in the details: a click shows it. */
export function tensorLine(row: CheckpointTensorRow, store: CheckpointStore): TemplateResult {
  return html`<button
    class="content-row"
    title=${tooltipText(row.name, `${row.dtype} ${extents(row)}`)}
    @click=${() => store.select(tensorKey(row.name))}
  >
    <span class="content-name"><bdi>${row.name}</bdi></span>
    <span class="number description">${extents(row)}</span>
  </button>`;
}

function figures(module: ModuleRow, store: CheckpointStore): TemplateResult {
  const totals = store.summary?.totals;
  const inWeights = module.section === store.mainSection;
  const share = (part: number | string, whole: number | string | undefined) => formatShare(ratio(part, whole ?? 0));
  const rows: Figure[] = [
    {
      label: t.parametersLabel,
      value: formatCount(module.parameters),
      tooltip: `${formatExact(module.parameters)} ${t.parameters}`,
      share: inWeights ? share(module.parameters, totals?.parameters) : '',
    },
    ...(Number(module.buffers) === 0
      ? []
      : [{ label: t.buffers, value: formatCount(module.buffers), tooltip: `${formatExact(module.buffers)} ${t.elements.toLowerCase()}` }]),
    {
      label: t.bytes,
      value: formatBytes(module.bytes),
      tooltip: `${formatExact(module.bytes)} B`,
      share: share(module.bytes, totals?.bytes),
    },
    { label: t.tensors, value: formatExact(module.tensors) },
    ...(module.trainable === '' ? [] : [{ label: t.trainable, value: t.trainableOf(module.trainable) }]),
    ...(module.tied === 0 ? [] : [{ label: t.tied, value: formatExact(module.tied), tooltip: t.tiedTooltip }]),
    ...module.types.map(({ dtype, bytes }) => ({
      label: dtype,
      value: formatBytes(bytes),
      tooltip: `${formatExact(bytes)} B`,
      share: module.types.length > 1 ? share(bytes, module.bytes) : '',
    })),
  ];
  return section(t.budget, figureList(rows));
}

/** What a container's parameters are of. */
function shares(module: ModuleRow): TemplateResult | typeof nothing {
  const whole = BUDGETS.reduce((sum, budget) => sum + Number(module.split[budget].parameters), 0);
  const parts = BUDGETS.map((budget) => ({ budget, part: ratio(module.split[budget].parameters, whole) })).filter(({ part }) => part > 0);
  if (parts.length < 2) return nothing;
  const bars = parts.map(({ budget, part }) => ({ budget, part, tooltip: `${budgetName(budget)}: ${formatShare(part)}` }));
  return section(
    t.ofTheParameters,
    html`${stackedBar(bars, bars.map(({ tooltip }) => tooltip).join('; '))}
      <div class="bar-legend">
        ${parts.map(({ budget, part }) => html`<span>${budgetGlyph(budget)}${budgetName(budget)} ${formatShare(part)}</span>`)}
      </div>`,
  );
}
