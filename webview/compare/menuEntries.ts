import { html, type TemplateResult } from 'lit';
import { icon } from '../common';

/** A line of a menu. */
export interface MenuEntry {
  readonly label: string;
  /** Codicon name. */
  readonly icon: string;
  readonly run: () => void;
}

/** Entries of a drop menu; choosing one closes it. */
export function menuEntries(close: () => void, entries: readonly MenuEntry[]): TemplateResult {
  return html`${entries.map(
    (entry) =>
      html`<button
        class="menu-entry"
        @click=${() => {
          close();
          entry.run();
        }}
      >${icon(entry.icon)}${entry.label}</button>`,
  )}`;
}
