import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { colorTable, type MapName } from '../../common/colormaps';
import { LightElement } from '../../common/element';
import { formatReal } from '../../common/format';
import { colorLegend } from '../../common/legend';
import { type Field, type Pixels, rangeOf } from './compose';

const LEVELS = 256;
/** Pixels. */
const TALLEST = 320;

/** A field or an image, each cell a whole number of pixels at least; numbers under the pointer are told. */
@customElement('heat-canvas')
export class HeatCanvas extends LightElement {
  @property({ attribute: false }) picture: Field | Pixels | null = null;
  /** What is under a cell, in words; `''` for nothing. */
  @property({ attribute: false }) nameOf: (row: number, column: number) => string = () => '';
  @property({ attribute: false }) onPick: ((row: number, column: number) => void) | null = null;
  @property() label = '';
  @state() private pointed = '';
  @query('canvas') private canvas?: HTMLCanvasElement;

  protected override render(): TemplateResult | typeof nothing {
    const { picture } = this;
    if (!picture) return nothing;
    const { low, high, map } = scaleOf(picture);
    const [width, height] = sizeOf(picture);
    // A slice of three columns would be a thread: its cells are drawn wider.
    const ratio = Math.min(4, Math.max(0.5, width / height));
    return html`<canvas
        class=${this.onPick ? 'pickable' : ''}
        role="img"
        aria-label=${this.label}
        style="aspect-ratio: ${ratio}; max-width: ${Math.round(Math.min(Math.max(96, width * 24), TALLEST * ratio))}px"
        @pointermove=${this.#point}
        @pointerleave=${() => {
          this.pointed = '';
        }}
        @click=${this.#pick}
      ></canvas>
      <div class="picture-foot">
        ${map === null ? nothing : colorLegend(map, formatReal(low), formatReal(high))}
        <span class="mono description">${this.pointed}</span>
      </div>`;
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    const { canvas, picture } = this;
    if (!canvas || !picture || !changed.has('picture')) return;
    const [width, height] = sizeOf(picture);
    canvas.width = width;
    canvas.height = height;
    const pixels = 'data' in picture ? picture.data : coloured(picture);
    const image = new ImageData(width, height);
    image.data.set(pixels);
    canvas.getContext('2d')?.putImageData(image, 0, 0);
    this.pointed = '';
  }

  #cell(event: MouseEvent): readonly [number, number] | null {
    const { canvas, picture } = this;
    if (!canvas || !picture) return null;
    const [width, height] = sizeOf(picture);
    const area = canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - area.left) / area.width) * width);
    const row = Math.floor(((event.clientY - area.top) / area.height) * height);
    return row >= 0 && row < height && column >= 0 && column < width ? [row, column] : null;
  }

  readonly #point = (event: PointerEvent): void => {
    const cell = this.#cell(event);
    const { picture } = this;
    if (!cell || !picture) return;
    const name = this.nameOf(...cell);
    const value = 'values' in picture ? picture.values[cell[0] * picture.columns + cell[1]] : undefined;
    this.pointed = name === '' ? '' : value === undefined ? name : `${name} = ${formatReal(value)}`;
  };

  readonly #pick = (event: MouseEvent): void => {
    const cell = this.#cell(event);
    if (cell) this.onPick?.(...cell);
  };
}

function sizeOf(picture: Field | Pixels): readonly [number, number] {
  return 'data' in picture ? [picture.width, picture.height] : [picture.columns, picture.rows];
}

/** Signed numbers on a diverging map whose middle is 0, others from 0 or their least. */
function scaleOf(picture: Field | Pixels): { readonly low: number; readonly high: number; readonly map: MapName | null } {
  if ('data' in picture) return { low: 0, high: 0, map: null };
  const { low, high } = rangeOf(picture.values);
  const most = Math.max(Math.abs(low), Math.abs(high));
  return low < 0 ? { low: -most, high: most, map: 'puor' } : { low, high, map: 'viridis' };
}

function coloured(field: Field): Uint8ClampedArray {
  const { low, high, map } = scaleOf(field);
  const table = colorTable(map ?? 'viridis');
  const data = new Uint8ClampedArray(4 * field.values.length);
  field.values.forEach((value, cell) => {
    // NaN and infinities leave a hole.
    if (!Number.isFinite(value)) return;
    const part = high > low ? (value - low) / (high - low) : 0.5;
    const level = 3 * Math.round(Math.min(1, Math.max(0, part)) * (LEVELS - 1));
    data[4 * cell] = table[level] ?? 0;
    data[4 * cell + 1] = table[level + 1] ?? 0;
    data[4 * cell + 2] = table[level + 2] ?? 0;
    data[4 * cell + 3] = 255;
  });
  return data;
}
