import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { CheckpointOverview } from '../../src/protocol';
import { tooltipText } from '../../src/text';
import { copyable } from '../common/editor/copyText';
import headerStyles from '../common/editor/header.css';
import { headerFigure } from '../common/editor/headerFigure';
import { formatBytes, formatCount, formatExact, formatShare, ratio } from '../common/format';
import { icon } from '../common/icons';
import { adoptStyles } from '../common/styles';
import verdictStyles from '../common/verdict.css';
import type { CheckpointStore } from './store';
import { StoreElement } from './storeElement';
import { t } from './strings';
import { VERDICT_ICONS } from './verdictIcons';

/** Types beyond these are one word. */
const MOST_TYPES = 4;

/** `safetensors`, `PyTorch, zip`. */
export function formatLine({ format, formatVersion }: CheckpointOverview['model']): string {
  return formatVersion === '' ? format : `${format} ${formatVersion}`;
}

/** `1 tensor`, `12 tensors`. */
export function tensorsText(count: number): string {
  return count === 1 ? t.oneTensor : t.tensorsCount(formatExact(count));
}

/** One line that says what the checkpoint is and how big, and one with its element types; every part can be copied. */
@customElement('checkpoint-header')
export class CheckpointHeader extends StoreElement {
  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(headerStyles);
    const { store } = this;
    const summary = store?.summary;
    if (!store || !summary) return nothing;
    const { model, totals, types, trust } = summary;
    const { name } = model;
    const line = formatLine(model);
    const [only] = types.length === 1 ? types : [];
    return html`<span class="model-name" title=${tooltipText(name)}>${copyable(store, name, name)}</span>
      <span class="description">${copyable(store, line, line)}</span>
      <span class="figures">
        ${headerFigure(store, formatCount(totals.parameters), t.parameters, { exact: formatExact(totals.parameters) })}
        ${headerFigure(store, formatBytes(totals.bytes), only?.dtype ?? '', { exact: `${formatExact(totals.bytes)} B` })}
        ${headerFigure(store, formatCount(totals.tensors), totals.tensors === 1 ? t.oneTensor.slice(2) : t.tensors.toLowerCase(), { exact: formatExact(totals.tensors) })}
        ${this.#verdict(store, trust)}
      </span>
      ${types.length > 1 ? html`<span class="values">${this.#types(summary)}</span>` : nothing}`;
  }

  /** Whether loading the file can be trusted; a click shows why. */
  #verdict(store: CheckpointStore, { verdict }: CheckpointOverview['trust']): TemplateResult {
    adoptStyles(verdictStyles);
    return html`<button class="link-quiet" title=${t.verdictTitle(verdict)} @click=${() => store.update({ tab: 'trust' })}
      ><span class="verdict verdict-${verdict}">${icon(VERDICT_ICONS[verdict])}${t.verdictName(verdict)}</span></button
    >`;
  }

  /** `float16 98.2%`: each type's part of the bytes. */
  #types({ types }: CheckpointOverview): TemplateResult {
    const whole = types.reduce((sum, { bytes }) => sum + Number(bytes), 0);
    const part = (bytes: number | string) => formatShare(ratio(bytes, whole));
    const more = types.length - MOST_TYPES;
    return html`${types.slice(0, MOST_TYPES).map(({ dtype, tensors, elements, bytes }) => {
      const tooltip = t.typeTooltip(dtype, tensorsText(tensors), formatExact(elements), formatExact(bytes));
      return html`<span title=${tooltip}>${dtype} ${part(bytes)}</span>`;
    })}
    ${more > 0 ? html`<span>${t.moreRows(String(more))}</span>` : nothing}`;
  }
}
