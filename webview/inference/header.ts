import { html, nothing, type TemplateResult } from 'lit';
import type { RunResult } from '../../src/protocol';
import { tooltipText } from '../../src/text';
import { button } from '../common';
import type { Action } from './actionMenu';
import { providerLabel } from './providers';
import { strings } from './strings';
import './actionMenu';

/** What the header's buttons do. */
export interface HeaderActions {
  readonly chooseModel: () => void;
  readonly chooseProvider: () => void;
  /** `null` while an error in sight has this button. */
  readonly run: (() => void) | null;
  readonly menu: readonly Action[];
}

/** One line: what was looked at, and the three things that can be done again differently. */
export function panelHeader(result: RunResult, progress: TemplateResult | null, actions: HeaderActions): TemplateResult {
  const model = result.model.split(/[\\/]/).at(-1) ?? result.model;
  return html`<header class="panel-header">
    <h1 title=${tooltipText(result.image.name)}>${result.image.name}</h1>
    <span class="description">${strings.pixels(result.image.width, result.image.height)}</span>
    ${progress}
    <span class="panel-actions">
      ${button({ label: model, tooltip: strings.chooseModel, onClick: actions.chooseModel })}
      ${button({ label: providerLabel(result.provider), tooltip: strings.chooseProvider, onClick: actions.chooseProvider })}
      ${actions.run ? button({ label: strings.runAgain, onClick: actions.run, disabled: progress !== null }) : nothing}
      <action-menu .label=${strings.moreActions} .actions=${actions.menu}></action-menu>
    </span>
  </header>`;
}

/** Quiet lines under the header: why another provider ran, and what the engine warns of. */
export function notes(result: RunResult): TemplateResult | typeof nothing {
  const lines = [result.providerNote, ...result.warnings].filter((line) => line !== '');
  if (lines.length === 0) return nothing;
  return html`<ul class="notes">${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}
