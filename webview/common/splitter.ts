import { customElement, property } from 'lit/decorators.js';
import { LightElement } from './element';
import splitterStyles from './splitter.css';
import { common } from './strings';
import { adoptStyles } from './styles';

const KEY_STEP = 16;

/**
 * The line between two panes. It measures the pane after it: dragging or the arrow keys send `split`
 * with the wished size in pixels as detail; the owner keeps it between `min` and `max` and sets `size`.
 */
@customElement('split-handle')
export class SplitHandle extends LightElement {
  @property({ reflect: true }) direction: 'columns' | 'rows' = 'columns';
  /** Size of the pane after the line, pixels. */
  @property({ type: Number }) size = 0;
  @property({ type: Number }) min = 160;
  @property({ type: Number }) max = 800;

  override connectedCallback(): void {
    super.connectedCallback();
    adoptStyles(splitterStyles);
    this.tabIndex = 0;
    this.setAttribute('role', 'separator');
    this.setAttribute('aria-label', common.resize);
    this.addEventListener('pointerdown', this.#grab);
    this.addEventListener('keydown', this.#key);
  }

  override disconnectedCallback(): void {
    this.removeEventListener('pointerdown', this.#grab);
    this.removeEventListener('keydown', this.#key);
    super.disconnectedCallback();
  }

  protected override updated(): void {
    this.setAttribute('aria-orientation', this.direction === 'columns' ? 'vertical' : 'horizontal');
    this.setAttribute('aria-valuenow', String(Math.round(this.size)));
    this.setAttribute('aria-valuemin', String(this.min));
    this.setAttribute('aria-valuemax', String(this.max));
  }

  #wish(size: number): void {
    const detail = Math.round(Math.min(this.max, Math.max(this.min, size)));
    this.dispatchEvent(new CustomEvent('split', { detail }));
  }

  readonly #grab = (event: PointerEvent): void => {
    event.preventDefault();
    const along = (pointer: PointerEvent) => (this.direction === 'columns' ? pointer.clientX : pointer.clientY);
    const start = along(event);
    const size = this.size;
    const move = (pointer: PointerEvent) => this.#wish(size + start - along(pointer));
    const drop = () => {
      this.removeAttribute('dragging');
      this.removeEventListener('pointermove', move);
    };
    this.setAttribute('dragging', '');
    this.setPointerCapture(event.pointerId);
    this.addEventListener('pointermove', move);
    this.addEventListener('lostpointercapture', drop, { once: true });
  };

  readonly #key = (event: KeyboardEvent): void => {
    const [grow, shrink] = this.direction === 'columns' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    if (event.key !== grow && event.key !== shrink) return;
    event.preventDefault();
    this.#wish(this.size + (event.key === grow ? KEY_STEP : -KEY_STEP));
  };
}
