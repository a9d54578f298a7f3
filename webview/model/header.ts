import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Count, ModelOverview, Totals, ValueProfile } from '../../src/protocol';
import { tooltipText } from '../../src/text';
import { button } from '../common/controls';
import { copyable } from '../common/editor/copyText';
import headerStyles from '../common/editor/header.css';
import { headerFigure } from '../common/editor/headerFigure';
import { formatAtLeast, formatBytes, formatCount, formatExact, formatMacs, NOT_KNOWN } from '../common/format';
import { icon } from '../common/icons';
import { adoptStyles } from '../common/styles';
import { shapeText } from './shapeText';
import type { ModelStore } from './store';
import { StoreElement } from './storeElement';
import { t } from './strings';

const MOST_VALUES = 4;

/** `ONNX, opset 17, IR 8, pytorch 1.13`. */
export function formatLine({ model }: Pick<ModelOverview, 'model'>): string {
  const opset = model.opsets[''] ?? model.opsets['ai.onnx'];
  const name = model.format.toLowerCase() === 'onnx' ? 'ONNX' : model.format;
  const ir = model.formatVersion.replace(/^IR\s*/i, '');
  const parts = [name, opset === undefined ? '' : t.opset(String(opset)), ir === '' ? '' : t.ir(ir), model.producer];
  return parts.filter((part) => part !== '').join(', ');
}

function valueText(value: ValueProfile): string {
  return `${value.name} ${value.dtype} ${shapeText(value.shape)}`;
}

/** Runs the model where the workspace is trusted. */
export function runOnImageButton(store: ModelStore): TemplateResult {
  const tooltip = store.trusted ? t.runOnImageTooltip : t.restricted;
  return button({ label: t.runOnImage, icon: 'play', tooltip, disabled: !store.trusted, onClick: () => store.runOnImage() });
}

/** One line that says what the model is and how big; every part can be copied. */
@customElement('model-header')
export class ModelHeader extends StoreElement {
  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(headerStyles);
    const { store } = this;
    const profile = store?.index?.profile;
    if (!store || !profile) return nothing;
    const { model, totals } = profile;
    const dtype = profile.weightType;
    const figure = (name: keyof Totals, format: (count: Count) => string, unit: string, exact: string) => {
      const isBound = profile.lowerBounds.includes(name);
      const text = formatAtLeast(totals[name], format, isBound);
      const note = isBound ? t.lowerBound(String(profile.uncounted)) : '';
      return headerFigure(store, text === NOT_KNOWN ? `${t.notKnown}\u2009${format(0).split('\u2009')[1] ?? ''}` : text, unit, {
        exact,
        note,
      });
    };
    return html`<span class="model-name" title=${tooltipText(model.name)}>${copyable(store, model.name, model.name)}</span>
      <span class="description">${copyable(store, formatLine(profile), formatLine(profile))}</span>
      <span class="figures">
        ${figure('parameters', formatCount, t.parameters, formatExact(totals.parameters))}
        ${figure('macs', formatMacs, '', `${formatExact(totals.macs)} MACs`)}
        ${figure('weightBytes', formatBytes, dtype, `${formatExact(totals.weightBytes)} B`)}
        ${runOnImageButton(store)}
      </span>
      <span class="values">${this.#values(store, model.inputs, 'arrow-right')}${this.#values(store, model.outputs, 'arrow-left')}</span>
      ${this.#external(model)}`;
  }

  #values(store: ModelStore, values: readonly ValueProfile[], direction: string): TemplateResult[] {
    const shown = values
      .slice(0, MOST_VALUES)
      .map((value) => copyable(store, html`${icon(direction)} ${valueText(value)}`, valueText(value)));
    if (values.length <= MOST_VALUES) return shown;
    const all = values.map(valueText);
    return [...shown, copyable(store, t.moreRows(String(values.length - MOST_VALUES)), all.join('\n'), all)];
  }

  #external({ externalFiles }: ModelOverview['model']): TemplateResult | typeof nothing {
    const missing = externalFiles.filter((file) => file.size === null).map((file) => file.path);
    if (missing.length === 0) return nothing;
    const names = missing.length > 3 ? `${missing.slice(0, 3).join(', ')}, ${t.moreRows(String(missing.length - 3))}` : missing.join(', ');
    return html`<span class="note" role="note">${icon('warning')}<span>${t.externalMissing(names)}</span></span>`;
  }
}
