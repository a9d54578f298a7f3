import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { AttentionLayer, RunResult } from '../../src/protocol';
import { colorTable, formatReal, LightElement, onThemeChange, theme } from '../common';
import { drawScene, type Scene } from './drawScene';
import { cellOf, centreOf, fitInto, placeIn, type Rectangle, type Size, toCanvas } from './geometry';
import type { Heat, Place, Query } from './query';
import type { Look } from './selection';
import { strings } from './strings';
import { type Field, fieldOf } from './windows';

/** Longest picture, as a part of the panel's height, so that the strip below stays in reach. */
const MOST_OF_HEIGHT = 0.66;

/** The image with attention over it; the pointer says which patch is asked about. */
@customElement('inference-stage')
export class InferenceStage extends LightElement {
  @property({ attribute: false }) result: RunResult | null = null;
  @property({ attribute: false }) original: ImageBitmap | null = null;
  @property({ attribute: false }) seen: ImageBitmap | null = null;
  @property({ attribute: false }) layer: AttentionLayer | null = null;
  @property({ attribute: false }) heat: Heat | null = null;
  /** The heat has no place on the image and is drawn on its own. */
  @property({ attribute: false }) alone = false;
  @property({ attribute: false }) query: Query | null = null;
  @property({ attribute: false }) pinned = false;
  @property({ attribute: false }) look: Look | null = null;
  @property({ attribute: false }) onPoint: (place: Place | null) => void = () => {};
  /** A place to pin, or `null` to let go. */
  @property({ attribute: false }) onPin: (place: Place | null) => void = () => {};
  @state() private room: Size = { width: 0, height: 0 };
  /** Of a heat on its own: the cell under the pointer. */
  @state() private reading: { readonly row: number; readonly column: number } | null = null;
  #stops: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const measure = () => {
      const height = Math.max(160, window.innerHeight * MOST_OF_HEIGHT);
      if (this.clientWidth !== this.room.width || height !== this.room.height) this.room = { width: this.clientWidth, height };
    };
    const observer = new ResizeObserver(measure);
    observer.observe(this);
    window.addEventListener('resize', measure);
    this.#stops = [
      () => observer.disconnect(),
      () => window.removeEventListener('resize', measure),
      onThemeChange(() => this.requestUpdate()),
    ];
  }

  override disconnectedCallback(): void {
    for (const stop of this.#stops) stop();
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const size = this.#size();
    const name = this.result?.image.name ?? '';
    const shape = size.width > 0 ? `width: ${size.width}px; height: ${size.height}px` : '';
    const canPoint = this.#canPoint();
    return html`<canvas
        class=${canPoint ? 'can-point' : ''}
        style=${shape}
        tabindex=${canPoint ? 0 : nothing}
        role=${canPoint ? 'application' : 'img'}
        aria-label=${this.layer ? strings.image(name) : name}
        aria-describedby=${canPoint ? 'stage-hint' : nothing}
        @pointermove=${this.#move}
        @pointerleave=${this.#leave}
        @click=${this.#click}
        @keydown=${this.#key}
      ></canvas>
      <span id="stage-hint" class="offscreen">${strings.imageHint}</span>
      ${this.alone && this.heat ? this.#axes(this.heat) : nothing}`;
  }

  #axes(heat: Heat): TemplateResult {
    const at = this.reading;
    const value = at ? heat.values[at.row * heat.columns + at.column] : undefined;
    const text =
      at && value !== undefined
        ? strings.cell(at.row, at.column, formatReal(value))
        : `${strings.queriesAxis(heat.rows)}, ${strings.keysAxis(heat.columns)}`;
    return html`<p class="quiet-line">${text}</p>`;
  }

  protected override updated(_changed: PropertyValues): void {
    const scene = this.scene(window.devicePixelRatio);
    const canvas = this.querySelector('canvas');
    if (scene && canvas) drawScene(canvas, scene);
  }

  /** What is shown, at a given resolution; `null` before the image is here. */
  scene(ratio: number): Scene | null {
    const size = this.#size();
    const look = this.look;
    const image = this.alone ? null : this.#picture();
    if (!look || size.width === 0 || (!image && !this.alone)) return null;
    return {
      size,
      ratio,
      image,
      seen: this.#area(),
      veil: theme().background,
      heat: this.heat,
      style: { colors: colorTable(look.colorMap), opacity: look.opacity, smooth: look.smooth && !this.#isMatrix() },
      cell: this.#cell(),
    };
  }

  #isMatrix(): boolean {
    return this.alone && !this.layer?.keyGrid;
  }

  #picture(): ImageBitmap | null {
    return this.look?.asSeen ? this.seen : this.original;
  }

  /** Of the picture on the screen, CSS pixels. */
  #size(): Size {
    const image = this.alone && this.heat ? { width: this.heat.columns, height: this.heat.rows } : this.#picture();
    if (!image || this.room.width === 0) return { width: 0, height: 0 };
    return fitInto(image, this.room);
  }

  /** Where the network's view lies in the picture. */
  #area(): Rectangle {
    const size = this.#size();
    if (this.alone || this.look?.asSeen || !this.result) return { x: 0, y: 0, ...size };
    return toCanvas(this.result.seen, this.result.image, size);
  }

  #canPoint(): boolean {
    return this.#field() !== null;
  }

  /** The patches that can be pointed at. */
  #field(): Field | null {
    return this.layer ? fieldOf(this.layer, this.layer.queryGrid) : null;
  }

  #cell(): Scene['cell'] {
    const grid = this.#field();
    if (!grid || this.query?.kind !== 'patch') return null;
    const area = cellOf(this.#area(), grid.rows, grid.columns, this.query.row, this.query.column);
    return { area, color: this.pinned ? theme().focus : '#ffffff' };
  }

  #place(event: MouseEvent): Place | null {
    return placeIn(this.#area(), { x: event.offsetX, y: event.offsetY });
  }

  #move(event: PointerEvent): void {
    const place = this.#place(event);
    if (this.#canPoint()) this.onPoint(place);
    else if (this.alone && this.heat && place)
      this.reading = { row: Math.floor(place.y * this.heat.rows), column: Math.floor(place.x * this.heat.columns) };
  }

  #leave(): void {
    this.onPoint(null);
    this.reading = null;
  }

  #click(event: MouseEvent): void {
    if (this.#canPoint()) this.onPin(this.#place(event));
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      this.onPin(null);
      return;
    }
    const step = STEPS[event.key];
    const grid = this.#field();
    if (!step || !grid) return;
    event.preventDefault();
    const from = this.query?.kind === 'patch' ? this.query : { row: Math.floor(grid.rows / 2), column: Math.floor(grid.columns / 2) };
    const row = Math.min(grid.rows - 1, Math.max(0, from.row + step[0]));
    const column = Math.min(grid.columns - 1, Math.max(0, from.column + step[1]));
    this.onPin(centreOf(grid.rows, grid.columns, row, column));
  }
}

/** Rows and columns to go for each arrow key. */
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
