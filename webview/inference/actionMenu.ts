import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { icon, LightElement } from '../common';

/** A line of the panel's menu. */
export interface Action {
  readonly label: string;
  /** Codicon name. */
  readonly icon: string;
  readonly onClick: () => void;
}

/** An icon button with a menu under it (WAI-ARIA menu button). */
@customElement('action-menu')
export class ActionMenu extends LightElement {
  @property({ attribute: false }) label = '';
  @property({ attribute: false }) actions: readonly Action[] = [];
  @state() private open = false;

  protected override render(): TemplateResult {
    return html`<button
        class="icon-button"
        title=${this.label}
        aria-label=${this.label}
        aria-haspopup="menu"
        aria-expanded=${String(this.open)}
        @click=${this.#toggle}
        @keydown=${(event: KeyboardEvent) => event.key === 'ArrowDown' && this.#show(event)}
      >${icon('ellipsis')}</button>
      ${this.open ? this.#menu() : nothing}`;
  }

  #menu(): TemplateResult {
    return html`<div role="menu" aria-label=${this.label} @keydown=${this.#key} @focusout=${this.#leave}>
      ${this.actions.map(
        (action) =>
          html`<button role="menuitem" tabindex="-1" @click=${() => this.#choose(action)}>${icon(action.icon)}${action.label}</button>`,
      )}
    </div>`;
  }

  #items(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  }

  #toggle(): void {
    if (this.open) this.open = false;
    else this.#show();
  }

  #show(event?: Event): void {
    event?.preventDefault();
    this.open = true;
    void this.updateComplete.then(() => this.#items()[0]?.focus());
  }

  #close(): void {
    this.open = false;
    this.querySelector<HTMLElement>('.icon-button')?.focus();
  }

  #leave(event: FocusEvent): void {
    if (!(event.relatedTarget instanceof Node && this.contains(event.relatedTarget))) this.open = false;
  }

  #key(event: KeyboardEvent): void {
    const items = this.#items();
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    const next = to[event.key];
    if (event.key === 'Escape') this.#close();
    else if (next !== undefined) items[(next + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #choose(action: Action): void {
    this.#close();
    action.onClick();
  }
}
