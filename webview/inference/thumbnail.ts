import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { colorTable, LightElement } from '../common';
import { drawScene } from './drawScene';
import type { Size } from './geometry';
import type { Heat } from './query';
import type { Look } from './selection';

/** A small picture of one layer's or head's attention, drawn and fetched once it has come into sight. */
@customElement('heat-thumbnail')
export class HeatThumbnail extends LightElement {
  @property({ attribute: false }) image: ImageBitmap | null = null;
  @property({ attribute: false }) size: Size = { width: 84, height: 84 };
  @property({ attribute: false }) look: Look | null = null;
  @property({ attribute: false }) alone = false;
  /** Asked for the heat only when this thumbnail is in sight; `null` while it is on its way. */
  @property({ attribute: false }) source: () => Heat | null = () => null;
  @state() private inSight = false;
  #observer: IntersectionObserver | null = null;
  /** What the canvas shows; drawing it again would give the same. */
  #drawn: readonly unknown[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.inSight = true;
    });
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    this.#observer?.disconnect();
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    return html`<canvas style="width: ${this.size.width}px; height: ${this.size.height}px" aria-hidden="true"></canvas>`;
  }

  protected override updated(_changed: PropertyValues): void {
    const canvas = this.querySelector('canvas');
    const heat = this.inSight ? this.source() : null;
    this.toggleAttribute('loaded', heat !== null);
    if (!canvas || !this.look || (!this.image && !this.alone)) return;
    const { colorMap, opacity, smooth } = this.look;
    const now = [
      canvas,
      heat,
      this.image,
      this.alone,
      colorMap,
      opacity,
      smooth,
      this.size.width,
      this.size.height,
      window.devicePixelRatio,
    ];
    if (now.every((part, index) => part === this.#drawn[index])) return;
    this.#drawn = now;
    drawScene(canvas, {
      size: this.size,
      ratio: window.devicePixelRatio,
      image: this.alone ? null : this.image,
      seen: { x: 0, y: 0, ...this.size },
      veil: 'transparent',
      heat,
      style: { colors: colorTable(colorMap), opacity, smooth: smooth && !this.alone },
      cell: null,
    });
  }
}
