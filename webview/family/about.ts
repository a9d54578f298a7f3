import { html, nothing, type TemplateResult } from 'lit';
import type { FamilySummary, PublishedFigures } from '../../src/protocol';
import { icon } from '../common';
import { failureText } from '../common/failure';
import { conventionText } from './conventionText';
import type { FamilyStore } from './store';
import { t } from './strings';
import { noteId } from './variantTable';

/** What the family is and where it comes from. */
export function familyHeader({ name, summary, source }: FamilySummary): TemplateResult {
  return html`<header class="family-header">
    <h1>${name}</h1>
    <p>${summary}</p>
    <p class="description">${withLinks(source)}</p>
  </header>`;
}

/** A source's text with its arXiv numbers as links. */
export function withLinks(source: string): TemplateResult {
  const parts = source.split(/(arXiv \d{4}\.\d{4,5})/);
  return html`${parts.map((part) => {
    const id = /^arXiv (\S+)$/.exec(part)?.[1];
    return id === undefined ? part : html`<a class="link" href="https://arxiv.org/abs/${id}">${part}</a>`;
  })}`;
}

/** Why figures differ, by the numbers in the table, and what a reader should know of the family. */
export function notesSection(deviations: readonly string[], { notes }: FamilySummary): TemplateResult {
  return html`<div class="family-notes">
    ${
      deviations.length === 0
        ? nothing
        : html`<section>
            <h2 class="section-title">${t.deviations}</h2>
            <ol class="deviations">${deviations.map((text, index) => html`<li id=${noteId(index + 1)} tabindex="-1">${text}</li>`)}</ol>
          </section>`
    }
    ${
      notes.length === 0
        ? nothing
        : html`<section>
            <h2 class="section-title">${t.notes}</h2>
            <ul>${notes.map((text) => html`<li>${text}</li>`)}</ul>
          </section>`
    }
  </div>`;
}

/** What the chosen variant's source prints. */
export function publishedSection(store: FamilyStore): TemplateResult | typeof nothing {
  const record = store.family?.variants.find(({ name }) => name === store.chosen)?.published;
  if (!record) return nothing;
  const rows: readonly (readonly [string, TemplateResult | string | null])[] = [
    [t.printedParameters, record.printedParameters],
    [t.printedCost, printedCost(record)],
    [t.top1, record.top1 === null ? null : `${record.top1}%`],
    [t.status, record.status],
    [t.source, withLinks(record.source)],
    [t.note, record.note],
  ];
  return html`<section class="about" aria-labelledby="about-title">
    <h2 id="about-title" class="section-title">${t.about}</h2>
    <dl class="facts">
      ${rows.map(([label, value]) => (value ? html`<div><dt>${label}</dt><dd>${value}</dd></div>` : nothing))}
    </dl>
  </section>`;
}

function printedCost({ printedCost: printed, convention }: PublishedFigures): string | null {
  return printed && `${printed}, ${conventionText(convention)}`;
}

/** What an action failed with. */
export function failureLine(error: unknown): TemplateResult | typeof nothing {
  if (!error) return nothing;
  return html`<p class="failure" role="alert">${icon('error')}<span>${t.notDone}: ${failureText(error)}</span></p>`;
}
