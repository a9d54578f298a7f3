import { html, type TemplateResult } from 'lit';
import { button } from '../../common/controls';
import { common } from '../../common/strings';
import { t } from '../strings';

/** The graph's keys, for whoever looks for them. */
export function keyHelp(onClose: () => void): TemplateResult {
  const close = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onClose();
  };
  return html`<section class="graph-keys" aria-label=${t.keys} @keydown=${close}>
    <header>${t.keysTitle}${button({ label: common.close, icon: 'close', appearance: 'icon', onClick: onClose })}</header>
    <dl>
      ${t.keyList.split('\n').map((line) => {
        const [keys = '', what = ''] = line.split('\t');
        return html`<dt>${keys.split(' ').map((key) => html`<kbd>${key}</kbd>`)}</dt><dd>${what}</dd>`;
      })}
    </dl>
  </section>`;
}
