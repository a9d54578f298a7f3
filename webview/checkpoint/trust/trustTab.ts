import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { CheckpointOverview } from '../../../src/protocol';
import { safeGlobalsCode } from '../../../src/report/safeGlobals';
import { button } from '../../common/controls';
import { formatExact } from '../../common/format';
import { icon } from '../../common/icons';
import { adoptStyles } from '../../common/styles';
import type { Column, TableRow } from '../../common/table/dataTable';
import '../../common/table/dataTable';
import { type SortValue, sortBy } from '../../common/table/sortRows';
import tabStyles from '../../common/table/tab.css';
import verdictStyles from '../../common/verdict.css';
import type { CheckpointStore } from '../store';
import { StoreElement } from '../storeElement';
import { t } from '../strings';
import { VERDICT_ICONS } from '../verdictIcons';

type Trust = CheckpointOverview['trust'];
type Verdict = Trust['verdict'];
type Row = Trust['imports'][number] & TableRow;

/** Reasons that are shown; a file may give one for each of its parts. */
const MOST_REASONS = 20;

const RANKS: Readonly<Record<Verdict, number>> = { unsafe: 0, unknown: 1, safe: 2 };
const VALUES: Readonly<Record<string, (row: Row) => SortValue>> = {
  verdict: (row) => RANKS[row.verdict],
  name: (row) => row.name,
  where: (row) => row.where,
};

const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'verdict',
    label: t.verdict,
    width: 88,
    cell: ({ verdict }) => html`<span class="verdict verdict-${verdict}">${icon(VERDICT_ICONS[verdict])}${t.verdictName(verdict)}</span>`,
  },
  {
    id: 'name',
    label: t.wouldImport,
    width: 168,
    grow: 2,
    cell: ({ name }) => html`<span class="mono-cell"><bdi>${name}</bdi></span>`,
    tooltip: ({ name }) => name,
  },
  { id: 'where', label: t.where, width: 168, grow: 2, cell: ({ where }) => where, tooltip: ({ where }) => where },
];

/** What loading the file would do besides reading tensors. Nothing of it was done to find that out. */
@customElement('checkpoint-trust')
export class CheckpointTrust extends StoreElement {
  #selected = '';

  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(tabStyles);
    adoptStyles(verdictStyles);
    const { store } = this;
    const trust = store?.summary?.trust;
    if (!store || !trust) return nothing;
    return html`<div class="trust-head">
        ${verdictBox(trust)} ${weightsOnly(trust, store)}
      </div>
      ${trust.imports.length === 0 ? nothing : this.#imports(trust, store)}`;
  }

  #imports({ imports }: Trust, store: CheckpointStore): TemplateResult {
    const { trustFilter, trustSort } = store.state;
    const words = trustFilter.toLowerCase().match(/\S+/g) ?? [];
    const rows = imports
      .map((one, place): Row => ({ ...one, key: `import:${place}` }))
      .filter(({ name, where }) => words.every((word) => `${name}\n${where}`.toLowerCase().includes(word)));
    const value = trustSort ? VALUES[trustSort.column] : undefined;
    return html`<data-table
      .label=${t.imports}
      .empty=${t.noRows}
      .columns=${COLUMNS}
      .rows=${value ? sortBy(rows, value, trustSort?.descending ?? false) : rows}
      .sorting=${trustSort}
      .selected=${this.#selected}
      .onSort=${(sorting: CheckpointStore['state']['trustSort']) => store.update({ trustSort: sorting })}
      .onSelect=${(row: Row) => {
        this.#selected = row.key;
        this.requestUpdate();
      }}
      .onActivate=${(row: Row) => store.copy(`${row.name}, ${row.where}`, row.name)}
    ></data-table>`;
  }
}

function verdictBox(trust: Trust): TemplateResult {
  const { verdict, reasons } = trust;
  const more = reasons.length - MOST_REASONS;
  return html`<div class="trust-verdict verdict-${verdict} verdict" role="note">
    ${icon(VERDICT_ICONS[verdict])}
    <div>
      <h2>${t.verdictTitle(verdict)}</h2>
      <p>${carriesNothing(trust) ? t.onlyTensors : t.verdictText(verdict)}</p>
      ${
        reasons.length === 0
          ? nothing
          : html`<ul class="trust-reasons">
              ${reasons.slice(0, MOST_REASONS).map((reason) => html`<li>${reason}</li>`)}
              ${more > 0 ? html`<li class="description">${t.moreRows(formatExact(more))}</li>` : nothing}
            </ul>`
      }
    </div>
  </div>`;
}

/** A format that could not run anything if it wished to. */
function carriesNothing({ verdict, imports, reasons, weightsOnly: answer }: Trust): boolean {
  return verdict === 'safe' && imports.length === 0 && reasons.length === 0 && answer === null;
}

/** The answer of PyTorch's restricted loader, and the lines that would change it. */
function weightsOnly({ weightsOnly: answer, verdict }: Trust, store: CheckpointStore): TemplateResult | typeof nothing {
  if (!answer) return nothing;
  // Nobody is shown how to trust what runs commands.
  const code = verdict === 'unsafe' ? '' : safeGlobalsCode(answer.safeGlobals);
  const kind = answer.loads ? 'safe' : verdict === 'unsafe' ? 'unsafe' : 'unknown';
  return html`<div class="weights-only">
    <div class="line">
      <span class="mono">torch.load(…, weights_only=True)</span>
      <span class="verdict verdict-${kind}">${icon(answer.loads ? 'pass' : 'circle-slash')}${answer.loads ? t.loads : t.doesNotLoad}</span>
    </div>
    ${answer.reason === '' ? nothing : html`<p class="description">${answer.reason}</p>`}
    ${
      code === ''
        ? nothing
        : html`<div class="line">
              <span>${t.safeGlobals}</span>
              ${button({ label: t.copySafeGlobals, icon: 'copy', appearance: 'icon', onClick: () => store.copy(code, t.theLines) })}
            </div>
            <pre class="mono">${code}</pre>`
    }
  </div>`;
}
