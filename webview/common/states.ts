import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { CANCELLED, isForPeople, type Progress, RemoteError } from '../../src/protocol';
import { button } from './controls';
import { LightElement } from './element';
import { formatShare } from './format';
import { icon } from './icons';
import { amountText, Pace } from './progress';
import stateStyles from './states.css';
import { common } from './strings';
import { adoptStyles } from './styles';

const SKELETON_WIDTHS = [32, 88, 64, 72, 48];
/** Work that ends sooner shows only the skeleton. */
const PROGRESS_AFTER_MS = 300;

/** Waiting: a skeleton at once, after 300 ms what is being done, how far it is, and a way out. */
@customElement('busy-state')
export class BusyState extends LightElement {
  @property({ attribute: false }) progress: Progress | null = null;
  @property({ attribute: false }) onCancel: (() => void) | null = null;
  /** Only the progress line, where the old content stays in sight. */
  @property({ type: Boolean }) bare = false;
  @state() private late = false;
  readonly #pace = new Pace();
  #timer = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    adoptStyles(stateStyles);
    this.late = false;
    this.#timer = window.setTimeout(() => {
      this.late = true;
    }, PROGRESS_AFTER_MS);
  }

  override disconnectedCallback(): void {
    window.clearTimeout(this.#timer);
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const lines = SKELETON_WIDTHS.map((width) => html`<span style="width: ${width}%"></span>`);
    return html`${this.bare ? nothing : html`<div class="skeleton" aria-hidden="true">${lines}</div>`}
    ${this.late ? this.#line() : nothing}`;
  }

  #line(): TemplateResult {
    const fraction = this.progress?.fraction ?? null;
    const cancel = this.onCancel;
    const amount = this.progress ? amountText(this.progress, this.#pace.rate(this.progress, performance.now())) : '';
    return html`<div class="busy-progress" role="status">
      <span>${this.progress?.stage || common.loading}</span>
      ${fraction === null ? html`<progress></progress>` : html`<progress max="1" value=${fraction}></progress>`}
      ${amount === '' ? nothing : html`<span class="number">${amount}</span>`}
      ${fraction === null || amount !== '' ? nothing : html`<span>${common.percentDone(formatShare(fraction))}</span>`}
      ${cancel ? button({ label: common.cancel, onClick: cancel }) : nothing}
    </div>`;
  }
}

/** A way out of an error. */
export interface ErrorAction {
  readonly label: string;
  readonly onClick: () => void;
}

/** What went wrong in words for a person; bugs say so and keep the technical message on the second line. */
export function errorState(title: string, error: unknown, actions: readonly ErrorAction[] = []): TemplateResult {
  adoptStyles(stateStyles);
  const cancelled = error instanceof RemoteError && error.kind === CANCELLED;
  const message = cancelled ? common.cancelled : error instanceof Error ? error.message : String(error);
  const plain = cancelled || isForPeople(error);
  return html`<div class="error-state" role="alert">
    <h2 class="error-title">${icon(cancelled ? 'circle-slash' : 'error')}<span>${title}</span></h2>
    ${plain ? nothing : html`<p>${common.unexpected}</p>`}
    <p class=${plain ? '' : 'mono description'}>${message}</p>
    ${
      actions.length === 0
        ? nothing
        : html`<div class="error-actions">
            ${actions.map((action, index) => button({ ...action, appearance: index === 0 ? 'primary' : 'secondary' }))}
          </div>`
    }
  </div>`;
}
