import { html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CheckpointTensorRow, TensorSpectrum } from '../../../src/protocol';
import { button, dropdown } from '../../common/controls';
import { formatReal } from '../../common/format';
import { type Fetched, Latest, settled } from '../../common/result';
import { errorState } from '../../common/states';
import { common } from '../../common/strings';
import { adoptStyles } from '../../common/styles';
import { StoreElement } from '../storeElement';
import { pictureWords, t } from '../strings';
import { fetchPicture, type MadePicture, MOST_FILTERS, MOST_KERNELS, type PictureChoice } from './fetchPicture';
import './heatCanvas';
import { kernelAxes, type PictureKind, picturesOf } from './kinds';
import { numpyText } from './numpyText';
import pictureStyles from './picture.css';

/** Milliseconds that a slider rests before values are read. */
const REST = 80;
/** Numbers that are copied as text. */
const MOST_COPIED = 65_536;

/** Pictures of a tensor's values: slices, kernels, filters, similarities, spectra; what is shown is read, and no more. */
@customElement('tensor-picture')
export class TensorPicture extends StoreElement {
  @property({ attribute: false }) row: CheckpointTensorRow | undefined;
  /** Changes when the file was read anew. */
  @property({ type: Number }) loads = 0;
  @state() private choice: PictureChoice | null = null;
  @state() private made: Fetched<MadePicture> | null = null;
  readonly #work = new Latest();
  #timer = 0;
  /** What the picture that is shown is of. */
  #shown: PictureKind | null = null;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('row') as CheckpointTensorRow | undefined;
    if (changed.has('loads') || (changed.has('row') && before?.name !== this.row?.name)) this.#begin();
  }

  override disconnectedCallback(): void {
    window.clearTimeout(this.#timer);
    this.#work.drop();
    super.disconnectedCallback();
  }

  /** Another tensor: the picture that tells most of it. */
  #begin(): void {
    const { row } = this;
    const [kind] = row ? picturesOf(row) : [];
    this.made = null;
    this.choice = row && kind !== undefined ? firstChoice(row, kind) : null;
    if (this.choice) void this.#fetch();
  }

  #choose(change: Partial<PictureChoice>, rest = 0): void {
    if (!this.choice) return;
    this.choice = { ...this.choice, ...change };
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#fetch(), rest);
  }

  async #fetch(): Promise<void> {
    const { store, row, choice } = this;
    if (!store || !row || !choice) return;
    const turn = this.#work.begin();
    // What is shown stays until the next is there, so that a moved slider does not flicker.
    if (this.made?.status !== 'ready' || this.#shown !== choice.kind) this.made = { status: 'loading', progress: null };
    const made = await settled(fetchPicture(store.api, row, choice, pictureWords, turn.signal));
    if (!turn.isCurrent()) return;
    this.made = made;
    this.#shown = choice.kind;
  }

  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(pictureStyles);
    const { row, choice } = this;
    if (!row || !choice) return nothing;
    return html`<section>
      <h3 class="section-title">${t.picture}</h3>
      <div class="picture-tools">
        ${dropdown({
          label: t.picture,
          value: choice.kind,
          choices: picturesOf(row).map((value) => ({ value, label: t.pictureName(value) })),
          onChange: (value) => this.#choose({ ...firstChoice(row, value as PictureKind) }),
        })}
        ${choice.kind === 'slice' ? this.#axes(row, choice) : nothing}
      </div>
      ${this.#indices(row, choice)} ${this.#picture(row, choice)}
    </section>`;
  }

  #axes({ shape }: CheckpointTensorRow, choice: PictureChoice): TemplateResult | typeof nothing {
    const axes = shape.flatMap((extent, axis) => (extent > 1 ? [axis] : []));
    if (axes.length < 3) return nothing;
    const pick = (label: string, value: number, change: (axis: number) => Partial<PictureChoice>) =>
      dropdown({
        label,
        prefix: `${label}: `,
        value: String(value),
        choices: axes.map((axis) => ({ value: String(axis), label: t.axis(String(axis)) })),
        onChange: (axis) => this.#choose({ ...change(Number(axis)), near: null }),
      });
    // An axis is drawn once: choosing the other's changes both.
    const swap = (axis: number, own: 'rowAxis' | 'columnAxis', other: 'rowAxis' | 'columnAxis') =>
      axis === choice[other] ? { [own]: axis, [other]: choice[own] } : { [own]: axis };
    return html`${pick(t.down, choice.rowAxis, (axis) => swap(axis, 'rowAxis', 'columnAxis'))}
    ${pick(t.across, choice.columnAxis, (axis) => swap(axis, 'columnAxis', 'rowAxis'))}`;
  }

  /** A slider for every axis of which one index (or the first of some) is shown. */
  #indices({ shape }: CheckpointTensorRow, choice: PictureChoice): TemplateResult[] {
    const axes = slidAxes(shape, choice);
    return axes.map((axis) => {
      const last = (shape[axis] ?? 1) - 1;
      const value = Math.min(choice.at[axis] ?? 0, last);
      const move = (event: Event) => {
        const index = Number((event.target as HTMLInputElement).value);
        this.#choose({ at: shape.map((_, other) => (other === axis ? index : (choice.at[other] ?? 0))) }, REST);
      };
      return html`<label class="picture-axis"
        ><span>${t.axis(String(axis))}</span><input type="range" min="0" max=${last} .value=${String(value)} @input=${move} /><span class="number description"
          >${value} / ${last}</span
        ></label
      >`;
    });
  }

  #picture(row: CheckpointTensorRow, choice: PictureChoice): TemplateResult | typeof nothing {
    const { made } = this;
    if (!made) return nothing;
    if (made.status === 'loading')
      return html`<busy-state .progress=${{ stage: t.drawing, fraction: null }} .onCancel=${() => this.#work.cancel()}></busy-state>`;
    if (made.status === 'error')
      return errorState(t.pictureFailed, made.error, [{ label: common.retry, onClick: () => void this.#fetch() }]);
    const { value } = made;
    if (value.kind === 'spectrum') return spectrumPlot(value.spectrum);
    const { picture, caption, nameOf, placeOf } = value;
    const zoom = placeOf && choice.near === null ? (y: number, x: number) => this.#choose({ near: placeOf(y, x) }) : null;
    const field = 'values' in picture ? picture : null;
    return html`<heat-canvas .picture=${picture} .nameOf=${nameOf} .onPick=${zoom} label=${t.pictureOf(row.name)}></heat-canvas>
      <div class="description">${caption}</div>
      <div class="picture-tools">
        ${choice.near === null ? nothing : button({ label: t.wholeSlice, onClick: () => this.#choose({ near: null }) })}
        ${
          choice.kind === 'slice' && field && field.values.length <= MOST_COPIED
            ? button({ label: t.copyNumpy, icon: 'copy', onClick: () => this.store?.copy(numpyText(field, caption), t.theValues) })
            : nothing
        }
      </div>`;
  }
}

function firstChoice({ shape }: CheckpointTensorRow, kind: PictureKind): PictureChoice {
  const long = shape.flatMap((extent, axis) => (extent > 1 ? [axis] : []));
  const [columnAxis = 1, rowAxis = 0] = long.reverse();
  // The first two axes of a convolution say more than a window of three by three.
  const axes = kernelAxes(shape);
  const drawn = axes ? { rowAxis: axes.outputs, columnAxis: axes.inputs } : { rowAxis, columnAxis };
  const isDrawn = shape[drawn.rowAxis] !== 1 && shape[drawn.columnAxis] !== 1;
  return { kind, ...(isDrawn ? drawn : { rowAxis, columnAxis }), at: shape.map(() => 0), near: null };
}

function slidAxes(shape: readonly number[], { kind, rowAxis, columnAxis }: PictureChoice): readonly number[] {
  if (kind === 'slice') return shape.flatMap((extent, axis) => (extent > 1 && axis !== rowAxis && axis !== columnAxis ? [axis] : []));
  const axes = kernelAxes(shape);
  if (!axes || (kind !== 'filters' && kind !== 'kernels')) return [];
  const [outputs, inputs] = [shape[axes.outputs] ?? 1, shape[axes.inputs] ?? 1];
  if (kind === 'filters') return outputs > MOST_FILTERS ? [axes.outputs] : [];
  const shown = MOST_KERNELS * Math.max(1, Math.floor(MOST_KERNELS / inputs));
  return [...(outputs > shown ? [axes.outputs] : []), ...(inputs > MOST_KERNELS ? [axes.inputs] : [])];
}

/** Singular values on a logarithmic scale, the largest first. */
function spectrumPlot({ values, rows, columns }: TensorSpectrum): TemplateResult {
  const largest = values[0] ?? 0;
  // Below this part of the largest nothing is known of them (src/checkpoint/spectrum.ts).
  const least = Math.max(largest * 1e-7, Number.MIN_VALUE);
  const kept = values.filter((value) => value > least);
  const smallest = kept.at(-1) ?? 0;
  const energy = values.reduce((sum, value) => sum + value * value, 0);
  let [half, sum] = [0, 0];
  while (half < values.length && sum < 0.9 * energy) sum += (values[half++] ?? 0) ** 2;
  const height = (value: number) => (largest === smallest ? 0 : (100 * Math.log(largest / value)) / Math.log(largest / smallest));
  const path = [...kept].map((value, place) => `${place === 0 ? 'M' : 'L'}${place} ${height(value).toFixed(2)}`).join('');
  return html`<svg class="spectrum" viewBox="0 0 ${Math.max(1, values.length - 1)} 100" preserveAspectRatio="none" role="img" aria-label=${t.pictureName('spectrum')}>
      ${svg`<line x1="0" x2=${Math.max(1, values.length - 1)} y1="100" y2="100"></line><path d=${path}></path>`}
    </svg>
    <div class="histogram-axis"><span>${formatReal(largest)}</span><span>${formatReal(smallest)}</span></div>
    <div class="description">${t.spectrumCaption(String(rows), String(columns), String(kept.length), String(values.length), String(half))}</div>`;
}
