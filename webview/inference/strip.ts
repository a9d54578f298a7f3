import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { tooltipText } from '../../src/text';
import { LightElement } from '../common';
import type { Size } from './geometry';
import type { Heat } from './query';
import type { Look } from './selection';
import './thumbnail';

/** One thumbnail of a row. */
export interface StripItem {
  readonly key: string;
  readonly label: string;
  readonly tooltip: string;
  readonly selected: boolean;
  readonly alone: boolean;
  readonly source: () => Heat | null;
  readonly onSelect: () => void;
}

/** A row of thumbnails of which one is chosen; arrow keys move the choice (WAI-ARIA listbox). */
@customElement('thumbnail-strip')
export class ThumbnailStrip extends LightElement {
  @property({ attribute: false }) label = '';
  @property({ attribute: false }) items: readonly StripItem[] = [];
  @property({ attribute: false }) image: ImageBitmap | null = null;
  @property({ attribute: false }) size: Size = { width: 84, height: 84 };
  @property({ attribute: false }) look: Look | null = null;

  #shown = '';

  protected override render(): TemplateResult {
    const chosen = this.items.findIndex((item) => item.selected);
    return html`<div class="strip" role="listbox" aria-orientation="horizontal" aria-label=${this.label} @keydown=${this.#key}>
      ${this.items.map(
        (item, index) => html`<button
          role="option"
          class="strip-item"
          style="width: ${this.size.width + 4}px"
          title=${item.tooltip === '' ? nothing : tooltipText(item.tooltip)}
          aria-selected=${String(item.selected)}
          tabindex=${index === Math.max(0, chosen) ? 0 : -1}
          @click=${item.onSelect}
        >
          <heat-thumbnail
            .image=${this.image}
            .size=${this.size}
            .look=${this.look}
            .alone=${item.alone}
            .source=${item.source}
          ></heat-thumbnail>
          <span class="strip-label">${item.label}</span>
        </button>`,
      )}
    </div>`;
  }

  /** Brings the chosen thumbnail into sight when another was chosen; the page itself does not scroll. */
  protected override updated(): void {
    const key = this.items.find((item) => item.selected)?.key ?? '';
    if (key === this.#shown) return;
    this.#shown = key;
    const strip = this.querySelector<HTMLElement>('.strip');
    const chosen = this.querySelector<HTMLElement>('[aria-selected="true"]');
    if (!strip || !chosen) return;
    const left = chosen.offsetLeft - strip.offsetLeft;
    const right = left + chosen.offsetWidth;
    if (left < strip.scrollLeft) strip.scrollLeft = left;
    else if (right > strip.scrollLeft + strip.clientWidth) strip.scrollLeft = right - strip.clientWidth;
  }

  #key(event: KeyboardEvent): void {
    const options = [...this.querySelectorAll<HTMLElement>('[role="option"]')];
    const at = options.indexOf(document.activeElement as HTMLElement);
    const to: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: options.length - 1 };
    const next = to[event.key];
    const item = next === undefined ? undefined : this.items[next];
    if (next === undefined || !item) return;
    event.preventDefault();
    item.onSelect();
    options[next]?.focus();
  }
}
