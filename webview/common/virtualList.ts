import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { LightElement } from './element';
import { adoptStyles } from './styles';

/** Rows drawn beyond the edge, so that a small scroll shows no gap. */
const OVERSCAN = 8;

const STYLES = `virtual-list { display: block; position: relative; overflow: auto; contain: strict; }
virtual-list > .virtual-space { position: relative; min-width: 100%; width: max-content; }
virtual-list > .virtual-space > .virtual-window { position: sticky; left: 0; min-width: 100%; }`;

/** Draws only the rows in sight of a list of equal row heights; the element itself scrolls. */
@customElement('virtual-list')
export class VirtualList extends LightElement {
  @property({ attribute: false }) items: readonly unknown[] = [];
  @property({ attribute: false }) row: (item: never, index: number) => TemplateResult = () => html``;
  @property({ attribute: false }) keyOf: (item: never, index: number) => unknown = (_item, index) => index;
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

  /** Scrolls as little as needed to show the row. */
  reveal(index: number): void {
    const top = index * this.rowHeight;
    if (top < this.scrollTop) this.scrollTop = top;
    else if (top + this.rowHeight > this.scrollTop + this.clientHeight) this.scrollTop = top + this.rowHeight - this.clientHeight;
    this.#measure();
  }

  readonly #measure = (): void => {
    this.first = Math.max(0, Math.floor(this.scrollTop / this.rowHeight) - OVERSCAN);
    this.last = Math.ceil((this.scrollTop + this.clientHeight) / this.rowHeight) + OVERSCAN;
  };

  protected override render(): TemplateResult {
    const first = Math.min(this.first, Math.max(0, this.items.length - 1));
    const shown = this.items.slice(first, this.last) as never[];
    const { row, keyOf } = this;
    return html`<div class="virtual-space" style="height: ${this.items.length * this.rowHeight}px">
      <div class="virtual-window" style="transform: translateY(${first * this.rowHeight}px)">
        ${repeat(
          shown,
          (item, index) => keyOf(item, first + index),
          (item, index) => row(item, first + index),
        )}
      </div>
    </div>`;
  }
}
