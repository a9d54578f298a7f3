import { html, nothing, type TemplateResult } from 'lit';
import { section } from '../../common/editor/section';
import { formatBytes, formatExact } from '../../common/format';
import type { ProfileIndex } from '../profileIndex';
import type { ModelStore } from '../store';
import { t } from '../strings';
import '../../common/tensors/statistics';
import { type Figure, figureList } from '../../common/editor/figureList';

/** A stored tensor: where it is, who reads it, and the distribution of its values where they can be had. */
export function tensorDetails(name: string, store: ModelStore, index: ProfileIndex): TemplateResult {
  // Not while rendering: the store tells its listeners at once.
  if (!store.tensors) queueMicrotask(() => void store.fetchTensors());
  const row = store.tensors?.status === 'ready' ? store.tensors.value.find((tensor) => tensor.name === name) : undefined;
  const figures: Figure[] = row
    ? [
        { label: t.dtype, value: row.dtype },
        { label: t.shape, value: `[${row.shape.join(', ')}]` },
        { label: t.elements, value: formatExact(row.elements) },
        { label: t.bytes, value: formatBytes(row.bytes), tooltip: `${formatExact(row.bytes)} B` },
        { label: t.file, value: row.file || t.inModelFile },
      ]
    : [];
  const values =
    row && row.missing !== ''
      ? html`<p class="description">${row.missing}</p>`
      : html`<tensor-statistics .store=${store} .tensor=${name}></tensor-statistics>`;
  const consumers = (row?.consumers ?? []).map(
    (id) =>
      html`<div><button class="link" @click=${() => void store.show(id)}>${index.nodes.get(id)?.op ?? ''} ${index.nameOf(id)}</button></div>`,
  );
  const more = (row?.readers ?? 0) - consumers.length;
  return html`${row ? html`<section>${figureList(figures)}</section>` : nothing} ${section(t.distribution, values)}
  ${consumers.length > 0 ? section(t.consumers, html`<div class="value-list">${consumers}${more > 0 ? html`<div class="description">${t.moreRows(formatExact(more))}</div>` : nothing}</div>`) : nothing}`;
}
