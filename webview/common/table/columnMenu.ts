import { html, type TemplateResult } from 'lit';
import { checkbox } from '../controls';
import { icon } from '../icons';
import { common } from '../strings';

/** The choice of a table's columns, at the end of its head. The first column stays, for it says what a row is. */
export function columnMenu(
  columns: readonly { readonly id: string; readonly label: string }[],
  hidden: readonly string[],
  onHide: (hidden: readonly string[]) => void,
): TemplateResult {
  const close = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    const menu = event.currentTarget as HTMLDetailsElement;
    menu.open = false;
    menu.querySelector('summary')?.focus();
    event.stopPropagation();
  };
  const leave = (event: FocusEvent) => {
    const menu = event.currentTarget as HTMLDetailsElement;
    if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) menu.open = false;
  };
  return html`<details class="column-menu" @keydown=${close} @focusout=${leave}>
    <summary aria-label=${common.columns} title=${common.columns}>${icon('kebab-vertical')}</summary>
    <div role="group" aria-label=${common.columns}>
      ${columns
        .slice(1)
        .map(({ id, label }) =>
          checkbox(label, !hidden.includes(id), (shown) => onHide(shown ? hidden.filter((one) => one !== id) : [...hidden, id])),
        )}
    </div>
  </details>`;
}
