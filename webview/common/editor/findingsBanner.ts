import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Finding } from '../../../src/model';
import { LightElement } from '../element';
import { icon } from '../icons';
import { adoptStyles } from '../styles';
import findingStyles from './findings.css';
import { editorStrings } from './strings';

/** More than this are folded behind one line. */
const SHOWN = 2;

/** Findings above the tabs: the first in sight, the rest one click away; a finding may lead somewhere. */
@customElement('findings-banner')
export class FindingsBanner extends LightElement {
  /** The worst first. */
  @property({ attribute: false }) findings: readonly Finding[] = [];
  /** How many more there are, which did not come. */
  @property({ type: Number }) unsent = 0;
  @property({ attribute: false }) link: (finding: Finding) => TemplateResult | typeof nothing = () => nothing;
  @state() private expanded = false;

  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(findingStyles);
    const { findings, unsent } = this;
    if (findings.length === 0) return nothing;
    const folded = findings.length > SHOWN && !this.expanded;
    const shown = folded ? findings.slice(0, 1) : findings;
    return html`${shown.map(
      (finding, place) => html`<div class="finding">
        ${icon(finding.severity === 'error' ? 'error' : 'warning')}<span>${finding.message}</span>
        ${this.link(finding)}
        ${place === 0 && findings.length > SHOWN ? this.#toggle(folded, findings.length + unsent) : nothing}
      </div>`,
    )}
    ${folded || unsent === 0 ? nothing : html`<div class="finding description">${editorStrings.moreRows(String(unsent))}</div>`}`;
  }

  #toggle(folded: boolean, count: number): TemplateResult {
    const toggle = () => {
      this.expanded = !this.expanded;
    };
    return html`<button class="link" aria-expanded=${String(!folded)} @click=${toggle}>
      ${folded ? editorStrings.findings(String(count)) : editorStrings.collapse}
    </button>`;
  }
}
