import { html, nothing, type TemplateResult } from 'lit';
import type { CheckpointDiff } from '../../src/protocol';
import { button } from '../common/controls';
import { formatExact } from '../common/format';
import { icon } from '../common/icons';
import type { DiffStore } from './store';
import { t } from './strings';

/** Names of a list that are shown; all are copied. */
const MOST_NAMES = 200;

const extents = (shape: readonly number[]) => `[${shape.join(', ')}]`;

/** What `load_state_dict` would say, why, and what mends it. */
export function loadTab(diff: CheckpointDiff, store: DiffStore): TemplateResult {
  const { keys, reasons, snippet, before, after, leftOut } = diff;
  const loads = keys.missing.length + keys.unexpected.length + keys.reshaped.length === 0;
  return html`<div class="load-page">
    <div class="load-verdict verdict verdict-${loads ? 'safe' : 'error'}" role="note">
      ${icon(loads ? 'pass' : 'error')}
      <div>
        <h2>${loads ? t.loads : t.doesNotLoad}</h2>
        <p>${loads ? t.loadsText(before.name, after.name) : t.doesNotText(before.name, after.name)}</p>
      </div>
    </div>
    ${
      reasons.length === 0
        ? nothing
        : html`<section>
            <h3 class="section-title">${t.reasons}</h3>
            <ul>
              ${reasons.map(({ message }) => html`<li>${message}</li>`)}
            </ul>
          </section>`
    }
    ${
      snippet === ''
        ? nothing
        : html`<section>
            <div class="line">
              <span>${t.mend}</span>
              ${button({ label: t.copySnippet, icon: 'copy', onClick: () => store.copy(snippet, t.theCode) })}
              ${button({ label: t.saveMended, icon: 'save', onClick: () => void store.act((api) => api.mend({ swapped: store.state.swapped })) })}
            </div>
            <pre class="mono">${snippet}</pre>
          </section>`
    }
    ${names(t.missing(formatExact(keys.missing.length)), keys.missing, store)}
    ${names(t.unexpected(formatExact(keys.unexpected.length)), keys.unexpected, store)}
    ${names(
      t.reshaped(formatExact(keys.reshaped.length)),
      keys.reshaped.map(({ name, checkpoint, model }) => `${name}: ${extents(checkpoint)} \u2192 ${extents(model)}`),
      store,
    )}
    ${leftOut.length === 0 ? nothing : html`<section class="description">${t.leftOut(leftOut.join(', '))}</section>`}
  </div>`;
}

function names(title: string, list: readonly string[], store: DiffStore): TemplateResult | typeof nothing {
  if (list.length === 0) return nothing;
  const more = list.length - MOST_NAMES;
  return html`<section>
    <h3 class="section-title line">
      <span>${title}</span>${button({ label: t.copyList, icon: 'copy', appearance: 'icon', onClick: () => store.copy(list.join('\n'), t.theList) })}
    </h3>
    <div class="mono names">
      ${list.slice(0, MOST_NAMES).map((name) => html`<div><bdi>${name}</bdi></div>`)}
      ${more > 0 ? html`<div class="description">${t.moreRows(formatExact(more))}</div>` : nothing}
    </div>
  </section>`;
}
