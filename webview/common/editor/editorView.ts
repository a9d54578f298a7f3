import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { button, type Choice, tabs } from '../controls';
import { LightElement } from '../element';
import '../splitter';
import '../states';
import { errorState } from '../states';
import { Watching } from '../store';
import { common } from '../strings';
import { adoptStyles } from '../styles';
import type { EditorApi, EditorState, EditorStore } from './editorStore';
import viewStyles from './editorView.css';
import { editorStrings } from './strings';

/** Narrower than this the details go below. */
const NARROW = 700;
/** Below this height too, a narrow view keeps its room for the picture: no details before something is selected, the header in brief. */
const COMPACT = 720;
const LEAST_MAIN = 240;

/** What an editor fills its layout with. */
export interface EditorParts {
  /** Above the tabs: header, budget, findings. */
  readonly head: TemplateResult;
  readonly tabs: { readonly label: string; readonly choices: readonly Choice[]; readonly active: string; onSelect(value: string): void };
  /** Beside the tabs: what the shown one is searched and coloured by. */
  readonly tools: TemplateResult | typeof nothing;
  readonly main: TemplateResult;
  readonly details: TemplateResult;
}

/** An editor's layout: head, tabs, and the chosen one with the details beside (or below) it. */
export abstract class EditorView<Store extends EditorStore<EditorApi, EditorState>> extends LightElement {
  abstract store: Store;
  protected readonly watching = new Watching(this, () => this.store);
  @state() protected narrow = false;
  @state() protected compact = false;
  #observer: ResizeObserver | null = null;

  /** Ctrl+F: puts the focus where the shown tab is searched. */
  protected find(): void {
    this.querySelector<HTMLElement>('.tab-row .search')?.focus();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    adoptStyles(viewStyles);
    this.classList.add('editor-view');
    this.#observer = new ResizeObserver(() => {
      this.narrow = this.clientWidth < NARROW;
      this.compact = this.narrow && this.clientHeight < COMPACT;
      this.requestUpdate();
    });
    this.#observer.observe(this);
    window.addEventListener('keydown', this.#key);
  }

  override disconnectedCallback(): void {
    this.#observer?.disconnect();
    window.removeEventListener('keydown', this.#key);
    super.disconnectedCallback();
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'f') return;
    event.preventDefault();
    this.find();
  };

  /** The whole editor once there is something to show. */
  protected layout({ head, tabs: tabBar, tools, main, details }: EditorParts): TemplateResult {
    const { detailsShown, detailsWidth, detailsHeight, selected } = this.store.state;
    const size = `--details-width: ${this.#fits(detailsWidth, this.clientWidth)}px; --details-height: ${this.#fits(detailsHeight, this.clientHeight - 160)}px`;
    const label = tabBar.choices.find(({ value }) => value === tabBar.active)?.label ?? '';
    return html`${head} ${this.#problem()}
      <div class="tab-row">
        ${tabs({ label: tabBar.label, active: tabBar.active, tabs: tabBar.choices, onSelect: tabBar.onSelect })}
        <span class="tools">
          ${tools}
          ${detailsShown ? nothing : button({ label: editorStrings.showDetails, icon: 'layout-sidebar-right', appearance: 'icon', onClick: () => this.store.update({ detailsShown: true }) })}
        </span>
      </div>
      <div class="body" style=${size}>
        <div class="main" role="tabpanel" aria-label=${label}>${main}</div>
        ${detailsShown && !(this.compact && selected === '') ? html`${this.#splitter()}${details}` : nothing}
      </div>
      <div class="notice" role="status" aria-live="polite">${this.store.note === '' ? nothing : html`<span>${this.store.note}</span>`}</div>`;
  }

  #splitter(): TemplateResult {
    const { detailsWidth, detailsHeight } = this.store.state;
    return html`<split-handle
      direction=${this.narrow ? 'rows' : 'columns'}
      .size=${this.narrow ? detailsHeight : detailsWidth}
      .min=${160}
      .max=${(this.narrow ? this.clientHeight - 160 : this.clientWidth) - LEAST_MAIN}
      @split=${(event: CustomEvent<number>) => this.store.update(this.narrow ? { detailsHeight: event.detail } : { detailsWidth: event.detail })}
    ></split-handle>`;
  }

  /** Something the host could not do: a failed save, a clipboard that is not there. */
  #problem(): TemplateResult | typeof nothing {
    const { store } = this;
    if (store.problem === null) return nothing;
    return errorState(editorStrings.notDone, store.problem, [{ label: common.close, onClick: () => store.dismiss() }]);
  }

  /** The person's size, unless the window leaves less beside the main view. */
  #fits(size: number, room: number): number {
    return Math.max(120, Math.min(size, room - LEAST_MAIN));
  }

  protected override updated(): void {
    this.classList.toggle('narrow', this.narrow);
    this.classList.toggle('compact', this.compact);
  }
}
