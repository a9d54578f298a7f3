import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { KnobInfo, KnobValue } from '../../src/protocol';
import { button, checkbox, dropdown, icon } from '../common';
import { fieldText, namedKnobs, rangeText, valueText } from './knobs';
import type { FamilyStore } from './store';
import { t } from './strings';

/** Values of an arrow key's step in fields of real numbers. */
const STEP = 0.05;

/** One field for each knob; changed ones are marked and can be reset. */
export function knobForm(store: FamilyStore): TemplateResult {
  const { draft, base } = store;
  const knobs = store.family?.knobs ?? [];
  const wrong = namedKnobs(knobs, store.misfit);
  return html`<section class="knobs" aria-labelledby="knobs-title">
    <div class="panel-head">
      <h2 id="knobs-title" class="section-title">${t.knobs}</h2>
      ${
        draft.marked.size === 0
          ? nothing
          : html`<span class="description">${t.changed(String(draft.marked.size))}</span>
              <button class="link" @click=${() => store.reset()}>${t.resetAll}</button>`
      }
    </div>
    <div class="knob-list">
      ${knobs.map((knob) => knobRow(knob, base[knob.name] ?? knob.default, { store, changed: draft.marked.has(knob.name), wrong: wrong.has(knob.name) }))}
    </div>
  </section>`;
}

/** Why the knobs have no budget, announced as it changes. */
export function misfitLine({ misfit }: FamilyStore): TemplateResult {
  return html`<div class="misfit" id="misfit" role="status" aria-live="polite">
    ${misfit === '' ? nothing : html`${icon('warning')}<span>${misfit}</span>`}
  </div>`;
}

interface RowOptions {
  readonly store: FamilyStore;
  readonly changed: boolean;
  readonly wrong: boolean;
}

function knobRow(knob: KnobInfo, base: KnobValue, options: RowOptions): TemplateResult {
  const { store, changed, wrong } = options;
  const reset = t.reset(knob.name, valueText(base));
  const range = rangeText(knob);
  return html`<div class="knob ${changed ? 'is-changed' : ''} ${wrong ? 'is-wrong' : ''}" data-knob=${knob.name}>
    ${fieldOf(knob, base, options)}
    <span class="knob-reset">${
      changed
        ? html`<button class="icon-button" aria-label=${reset} title=${reset} @click=${() => store.reset(knob.name)}>${icon('discard')}</button>`
        : nothing
    }</span>
    <span class="knob-doc" id=${`doc-${knob.name}`}>${knob.doc}${range === '' ? nothing : html` <span class="knob-range">${range}</span>`}</span>
  </div>`;
}

function fieldOf(knob: KnobInfo, base: KnobValue, { store, wrong }: RowOptions): TemplateResult {
  const { name } = knob;
  const content = store.state.edits[name] ?? (typeof base === 'boolean' ? base : fieldText(base));
  const edit = (next: string | boolean) => store.edit(name, next);
  const describedBy = `doc-${name}`;
  if (knob.kind === 'boolean') return html`<span class="knob-check">${checkbox(name, content === true, edit, describedBy)}</span>`;
  if (knob.kind === 'choice') {
    const choices = knob.choices.map((value) => ({ value, label: value }));
    return html`<span class="knob-name">${name}</span>
      <span class="knob-field">${dropdown({ label: name, describedBy, value: String(content), choices, onChange: edit })}</span>`;
  }
  return html`<label class="knob-name" for=${`knob-${name}`}>${name}</label>
    <span class="knob-field">${numberInput(knob, String(content), { wrong, edit, describedBy })}</span>`;
}

interface InputOptions {
  readonly wrong: boolean;
  readonly describedBy: string;
  readonly edit: (content: string) => void;
}

/** A number with its range, or a list of them as text. */
function numberInput(
  knob: Extract<KnobInfo, { readonly minimum: number }>,
  content: string,
  { wrong, edit, describedBy }: InputOptions,
): TemplateResult {
  const isList = knob.kind === 'integers';
  return html`<input
    id=${`knob-${knob.name}`}
    class="knob-input"
    type=${isList ? 'text' : 'number'}
    min=${isList ? nothing : knob.minimum}
    max=${isList ? nothing : knob.maximum}
    step=${isList ? nothing : knob.kind === 'number' ? STEP : 1}
    autocomplete="off"
    spellcheck="false"
    aria-describedby=${describedBy}
    aria-invalid=${wrong ? 'true' : nothing}
    aria-errormessage=${wrong ? 'misfit' : nothing}
    .value=${live(content)}
    @input=${(event: Event) => edit((event.target as HTMLInputElement).value)}
  />`;
}

/** What the knobs as they are can become. */
export function presentActions(store: FamilyStore): TemplateResult {
  const { present, misfit } = store;
  const name = present.variant || (store.family?.name ?? '');
  const disabled = misfit !== '';
  return html`<div class="panel-actions">
    ${button({ label: t.openModel, disabled, onClick: () => void store.act((api) => api.openModel(present)) })}
    ${button({ label: t.addToComparison, disabled, onClick: () => void store.act((api) => api.compare(present), t.added(name)) })}
    ${button({ label: t.exportOnnx, disabled, onClick: () => void store.act((api) => api.exportModel(present)) })}
  </div>`;
}
