import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { LightElement } from './element';
import { adoptStyles } from './styles';

/** Rows drawn beyond the edge, so that a small scroll shows no gap. */
const OVERSCAN = 8;

const STYLES = `virtual-list { display: block; position: relative; overflow: auto; contain: strict; }
virtual-list > .virtual-header { position: sticky; top: 0; z-index: 1; min-width: var(--list-min-width, 0); }
virtual-list > .virtual-space { position: relative; min-width: var(--list-min-width, 0); }`;

/**
 * Draws only the rows in sight of a list of equal row heights. The element itself scrolls, sideways too
 * where it is narrower than `--list-min-width`.
 */
@customElement('virtual-list')
export class VirtualList extends LightElement {
  @property({ attribute: false }) items: readonly unknown[] = [];
  @property({ attribute: false }) row: (item: never, index: number) => TemplateResult = () => html``;
  @property({ attribute: false }) keyOf: (item: never, index: number) => unknown = (_item, index) => index;
  /** Stays at the top while the rows scroll. */
  @property({ attribute: false }) header: TemplateResult | typeof nothing = nothing;
  /** Pixels. */
  @property({ type: Number }) rowHeight = 24;
  @state() private first = 0;
  @state() private last = 0;
  #observer: ResizeObserver | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    adoptStyles(STYLES);
    this.addEventListener('scroll', this.#measure, { passive: true });
    this.#observer = new ResizeObserver(this.#measure);
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    this.removeEventListener('scroll', this.#measure);
    this.#observer?.disconnect();
    super.disconnectedCallback();
  }

  get #headerHeight(): number {
    return this.querySelector<HTMLElement>(':scope > .virtual-header')?.offsetHeight ?? 0;
  }

  /** Scrolls as little as needed to show the row. */
  reveal(index: number): void {
    const top = index * this.rowHeight;
    const room = this.clientHeight - this.#headerHeight;
    if (top < this.scrollTop) this.scrollTop = top;
    else if (top + this.rowHeight > this.scrollTop + room) this.scrollTop = top + this.rowHeight - room;
    this.#measure();
  }

  readonly #measure = (): void => {
    this.first = Math.max(0, Math.floor(this.scrollTop / this.rowHeight) - OVERSCAN);
    this.last = Math.ceil((this.scrollTop + this.clientHeight) / this.rowHeight) + OVERSCAN;
  };

  protected override render(): TemplateResult {
    const { row, keyOf } = this;
    const fit = Math.max(0, this.items.length - (this.last - this.first));
    const first = Math.min(this.first, fit);
    const shown = this.items.slice(first, this.last) as never[];
    return html`${this.header === nothing ? nothing : html`<div class="virtual-header" role="rowgroup">${this.header}</div>`}
      <div class="virtual-space" role="rowgroup" style="height: ${this.items.length * this.rowHeight}px">
        <div style="transform: translateY(${first * this.rowHeight}px)">
          ${repeat(
            shown,
            (item, index) => keyOf(item, first + index),
            (item, index) => row(item, first + index),
          )}
        </div>
      </div>`;
  }
}
