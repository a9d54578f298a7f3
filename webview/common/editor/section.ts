import { html, type nothing, type TemplateResult } from 'lit';

/** A titled part of the details. */
export function section(title: string, content: TemplateResult | typeof nothing): TemplateResult {
  return html`<section><h3 class="section-title">${title}</h3>${content}</section>`;
}
