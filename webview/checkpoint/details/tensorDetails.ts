import { html, nothing, type TemplateResult } from 'lit';
import type { CheckpointTensorRow } from '../../../src/protocol';
import { button } from '../../common/controls';
import { type Figure, figureList } from '../../common/editor/figureList';
import { section } from '../../common/editor/section';
import { formatBytes, formatExact } from '../../common/format';
import { extents, tensorKey } from '../../common/tensors/tensorColumns';
import type { CheckpointStore } from '../store';
import { t } from '../strings';
import '../../common/tensors/statistics';
import '../picture/tensorPicture';

/** A tensor: what it is, where it lies, and the distribution of its values where they can be had. */
export function tensorDetails(row: CheckpointTensorRow, store: CheckpointStore): TemplateResult {
  const figures: Figure[] = [
    { label: t.dtype, value: row.dtype },
    { label: t.shape, value: extents(row) },
    { label: t.elements, value: formatExact(row.elements) },
    { label: t.bytes, value: formatBytes(row.bytes), tooltip: `${formatExact(row.bytes)} B` },
    { label: t.role, value: row.role === 'buffer' ? t.buffer : row.trainable ? t.parameter : t.frozen },
    ...(row.tied === '' ? [] : [{ label: t.tiedTo, value: tiedLink(row.tied, store), tooltip: row.tied }]),
    ...(row.file === '' ? [] : [{ label: t.file, value: row.file }]),
  ];
  const values =
    row.missing === ''
      ? html`<tensor-statistics .store=${store} .tensor=${row.name} .loads=${store.loads}></tensor-statistics>`
      : html`<p class="description">${row.missing}</p>`;
  return html`<section>${figureList(figures)}</section>
    ${row.missing === '' ? html`<tensor-picture .store=${store} .row=${row} .loads=${store.loads}></tensor-picture>` : nothing}
    ${section(t.distribution, values)} ${row.missing === '' ? section(t.saveAs, saveButtons([row.name], row.name, store)) : nothing}`;
}

function tiedLink(name: string, store: CheckpointStore): TemplateResult {
  return html`<button class="link" @click=${() => store.select(tensorKey(name))}>${name}</button>`;
}

/** Buttons that write tensors to a file: one as `.npy`, any number as `.safetensors`. */
function saveButtons(tensors: readonly string[], name: string, store: CheckpointStore): TemplateResult {
  const save = (format: 'npy' | 'safetensors') =>
    button({ label: `.${format}`, icon: 'save', onClick: () => store.extract(tensors, format, name) });
  return html`<div class="buttons">${save('npy')} ${save('safetensors')}</div>`;
}
