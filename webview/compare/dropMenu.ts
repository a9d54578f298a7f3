import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { button } from '../common/controls';
import { LightElement } from '../common/element';

/** A button with a small panel under it, closed by Escape and by a click elsewhere. */
@customElement('drop-menu')
export class DropMenu extends LightElement {
  @property({ attribute: false }) label = '';
  @property({ attribute: false }) content: (close: () => void) => TemplateResult = () => html``;
  @state() private open = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.#key);
    document.addEventListener('pointerdown', this.#elsewhere);
    window.addEventListener('blur', this.#close);
  }

  override disconnectedCallback(): void {
    document.removeEventListener('pointerdown', this.#elsewhere);
    window.removeEventListener('blur', this.#close);
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    return html`${button({
      label: this.label,
      pressed: this.open,
      onClick: () => {
        this.open = !this.open;
      },
    })}
    ${this.open ? html`<div class="drop-panel" role="group" aria-label=${this.label}>${this.content(this.#close)}</div>` : nothing}`;
  }

  readonly #close = (): void => {
    this.open = false;
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.open) return;
    this.open = false;
    this.querySelector<HTMLElement>('vscode-button')?.focus();
    event.stopPropagation();
  };

  readonly #elsewhere = (event: Event): void => {
    if (!(event.target instanceof Node && this.contains(event.target))) this.open = false;
  };
}
