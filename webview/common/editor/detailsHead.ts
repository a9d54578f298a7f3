import { html, nothing, type TemplateResult } from 'lit';
import { button } from '../controls';
import type { EditorApi, EditorState, EditorStore } from './editorStore';
import { editorStrings } from './strings';

/** What the details are of. */
export interface DetailsHead {
  readonly title: TemplateResult | string;
  readonly subtitle: string;
  /** Buttons before the one that hides the details. */
  readonly actions?: TemplateResult | typeof nothing;
}

/** The head of the panel beside the views, with the way to hide it. */
export function detailsHead(
  store: Pick<EditorStore<EditorApi, EditorState>, 'update'>,
  { title, subtitle, actions = nothing }: DetailsHead,
): TemplateResult {
  return html`<header>
    <div>
      <h2>${title}</h2>
      <div class="subtitle description">${subtitle}</div>
    </div>
    ${actions}
    ${button({ label: editorStrings.hideDetails, icon: 'close', appearance: 'icon', onClick: () => store.update({ detailsShown: false }) })}
  </header>`;
}
