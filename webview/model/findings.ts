import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Finding } from '../../src/model';
import type { ModelOverview } from '../../src/protocol';
import { tooltipText } from '../../src/text';
import { icon } from '../common/icons';
import { adoptStyles } from '../common/styles';
import findingStyles from './findings.css';
import { StoreElement } from './storeElement';
import { t } from './strings';

/** More than this are folded behind one line. */
const SHOWN = 2;
const MOST_OPERATORS = 6;
/** Missing external files: the header names them. */
const TOLD_BY_HEADER = 'external-missing';

/** What to tell about the file, errors first; operators without a known cost are one line. */
export function findingsOf({
  warnings,
  notCounted,
  moreNotCounted,
}: Pick<ModelOverview, 'warnings' | 'notCounted' | 'moreNotCounted'>): readonly Finding[] {
  const rank = (finding: Finding) => (finding.severity === 'error' ? 0 : 1);
  const sorted = warnings.filter(({ code }) => code !== TOLD_BY_HEADER).sort((a, b) => rank(a) - rank(b));
  const first = notCounted[0];
  if (!first) return sorted;
  const names = notCounted.slice(0, MOST_OPERATORS).map(({ op, count }) => (count === 1 ? op : `${op} \u00d7${count}`));
  const more = notCounted.length - names.length + moreNotCounted;
  const listed = more > 0 ? [...names, t.moreRows(String(more))] : names;
  return [...sorted, { code: 'not-counted', message: t.notCounted(listed.join(', ')), node: first.node }];
}

/** Findings above the tabs: the worst in sight, the rest one click away; each leads to its node. */
@customElement('findings-banner')
export class FindingsBanner extends StoreElement {
  @state() private expanded = false;

  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(findingStyles);
    const index = this.store?.index;
    const findings = index ? findingsOf(index.profile) : [];
    if (findings.length === 0) return nothing;
    const unsent = index?.profile.moreWarnings ?? 0;
    const folded = findings.length > SHOWN && !this.expanded;
    const shown = folded ? findings.slice(0, 1) : findings;
    const toggle = () => {
      this.expanded = !this.expanded;
    };
    return html`${shown.map((finding, place) => {
      const more = place === 0 && findings.length > SHOWN;
      return html`<div class="finding">
        ${icon(finding.severity === 'error' ? 'error' : 'warning')}<span>${finding.message}</span>
        ${finding.node === undefined ? nothing : this.#link(finding.node)}
        ${
          more
            ? html`<button class="link" aria-expanded=${String(!folded)} @click=${toggle}>
                ${folded ? t.findings(String(findings.length + unsent)) : t.collapse}
              </button>`
            : nothing
        }
      </div>`;
    })}
    ${folded || unsent === 0 ? nothing : html`<div class="finding description">${t.moreRows(String(unsent))}</div>`}`;
  }

  #link(node: string): TemplateResult {
    return html`<button class="link" title=${tooltipText(this.store?.index?.nameOf(node) ?? node)} @click=${() => void this.store?.show(node)}>
      ${t.showNode}
    </button>`;
  }
}
