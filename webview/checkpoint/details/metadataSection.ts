import { html, nothing, type TemplateResult } from 'lit';
import { copyable } from '../../common/editor/copyText';
import { section } from '../../common/editor/section';
import type { CheckpointStore } from '../store';
import { t } from '../strings';

/** Characters of a value that are shown; the rest is copied with it. */
const SHOWN = 240;
/** Entries that are shown; a vocabulary may make thousands. */
const MOST = 100;

/** What the file says of itself, in its own words; long values are cut, and a click copies all of one. */
export function metadataSection(metadata: Readonly<Record<string, string>>, store: CheckpointStore): TemplateResult | typeof nothing {
  const entries = Object.entries(metadata);
  if (entries.length === 0) return nothing;
  const more = entries.length - MOST;
  const cut = (text: string) => (text.length > SHOWN ? `${text.slice(0, SHOWN)}\u2026` : text);
  const row = ([name, value]: readonly [string, string]) =>
    html`<div>
      <div class="description">${cut(name)}</div>
      <div>${copyable(store, cut(value), value, cut(value))}</div>
    </div>`;
  return section(
    t.metadata,
    html`<div class="value-list">
      ${entries.slice(0, MOST).map(row)}
      ${more > 0 ? html`<div class="description">${t.moreRows(String(more))}</div>` : nothing}
    </div>`,
  );
}
