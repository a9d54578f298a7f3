import { html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { button, textField } from '../common/controls';
import { formatExact } from '../common/format';
import { searchNodes } from './graph/search';
import type { ProfileIndex } from './profileIndex';
import { StoreElement } from './storeElement';
import { t } from './strings';

/** Finds operators in the graph and leads from one to the next; sends `found` with the ids to mark. */
@customElement('search-box')
export class SearchBox extends StoreElement {
  @state() private text = '';
  @state() private place = -1;
  @query('.search') private field?: HTMLElement;
  #matches: readonly string[] = [];
  #searched: ProfileIndex | null = null;

  override focus(): void {
    this.field?.focus();
  }

  protected override render(): TemplateResult {
    const many = this.#matches.length > 0;
    return html`<span class="search-group">
      ${textField({
        label: t.searchLabel,
        value: this.text,
        placeholder: t.search,
        className: 'search',
        onInput: (text) => this.#search(text),
        onKeydown: (event) => this.#key(event),
      })}
      ${
        this.text === ''
          ? nothing
          : html`<span class="match-count" role="status"
                >${many ? t.matchOf(this.place < 0 ? '0' : formatExact(this.place + 1), formatExact(this.#matches.length)) : t.noMatches}</span
              >
              ${button({ label: t.previousMatch, icon: 'arrow-up', appearance: 'icon', disabled: !many, onClick: () => this.#step(-1) })}
              ${button({ label: t.nextMatch, icon: 'arrow-down', appearance: 'icon', disabled: !many, onClick: () => this.#step(1) })}`
      }
    </span>`;
  }

  /** Another profile, or the rest of this one, is searched again. */
  protected override updated(): void {
    const index = this.store?.index ?? null;
    if (index === this.#searched) return;
    if (this.text === '') this.#searched = index;
    else this.#search(this.text, this.place);
  }

  #search(text: string, place = -1): void {
    this.text = text;
    const index = this.store?.index ?? null;
    this.#searched = index;
    this.#matches = index ? searchNodes(index, text) : [];
    this.place = Math.min(place, this.#matches.length - 1);
    // A match inside a closed group marks the groups around it, so that it can be seen where the matches are.
    const found = new Set(this.#matches.flatMap((id) => [id, ...(index?.ancestors(id) ?? [])]));
    this.dispatchEvent(new CustomEvent('found', { detail: found }));
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.#step(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') this.#search('');
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #step(by: number): void {
    const count = this.#matches.length;
    if (count === 0) return;
    this.place = this.place < 0 ? (by > 0 ? 0 : count - 1) : (this.place + by + count) % count;
    const match = this.#matches[this.place];
    if (match !== undefined) void this.store?.show(match);
  }
}
