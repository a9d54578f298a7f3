import { html, type TemplateResult } from 'lit';

/** A codicon by its name (https://microsoft.github.io/vscode-codicons). Decorative: the control around it carries the label. */
export function icon(name: string): TemplateResult {
  return html`<span class="codicon codicon-${name}" aria-hidden="true"></span>`;
}
