import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { type CheckpointDiff, type CheckpointDiffViewApi, createClient, type Progress } from '../../src/protocol';
import { tooltipText } from '../../src/text';
import { hostChannel } from '../common/channel';
import { button, textField } from '../common/controls';
import { copyable } from '../common/editor/copyText';
import detailStyles from '../common/editor/details.css';
import { detailsHead } from '../common/editor/detailsHead';
import { EditorView } from '../common/editor/editorView';
import { type Figure, figureList } from '../common/editor/figureList';
import headerStyles from '../common/editor/header.css';
import { formatExact } from '../common/format';
import { icon } from '../common/icons';
import { errorState } from '../common/states';
import { common } from '../common/strings';
import { adoptStyles } from '../common/styles';
import type { Column } from '../common/table/dataTable';
import '../common/table/dataTable';
import tabStyles from '../common/table/tab.css';
import verdictStyles from '../common/verdict.css';
import diffStyles from './diff.css';
import { loadTab } from './loadTab';
import { CHANGES, type Change, type ChangeRow, figureText, shownRows } from './rows';
import { DiffStore } from './store';
import { t } from './strings';

const ICONS: Readonly<Record<Change, string>> = {
  removed: 'diff-removed',
  added: 'diff-added',
  reshaped: 'diff-modified',
  cast: 'symbol-numeric',
  renamed: 'diff-renamed',
  changed: 'edit',
  unread: 'warning',
};

/** Two checkpoints side by side: what changed, and whether one loads where the other does. */
@customElement('checkpoint-diff-view')
export class CheckpointDiffView extends EditorView<DiffStore> {
  override store = new DiffStore(createClient<CheckpointDiffViewApi>(hostChannel).api);

  override connectedCallback(): void {
    super.connectedCallback();
    for (const styles of [headerStyles, detailStyles, tabStyles, verdictStyles, diffStyles]) adoptStyles(styles);
    void this.store.load();
  }

  protected override render(): TemplateResult {
    const { store } = this;
    const { diff } = store;
    if (diff.status === 'loading') {
      return html`<busy-state .progress=${staged(diff.progress, t.comparing)} .onCancel=${() => store.cancel()}></busy-state>`;
    }
    if (diff.status === 'error') {
      return errorState(t.cannotCompare, diff.error, [{ label: common.retry, onClick: () => void store.load() }]);
    }
    const { tab } = store.state;
    return this.layout({
      head: this.#head(diff.value),
      tabs: {
        label: t.views,
        active: tab,
        choices: [
          { value: 'changes', label: t.changes },
          { value: 'loading', label: t.loading },
        ],
        onSelect: (value) => store.update({ tab: value === 'loading' ? 'loading' : 'changes' }),
      },
      tools:
        tab === 'changes'
          ? textField({
              ...{ label: t.filter, placeholder: t.filter, value: store.state.filter, className: 'search' },
              onInput: (filter) => store.update({ filter }),
            })
          : nothing,
      main: tab === 'changes' ? this.#changes(diff.value) : loadTab(diff.value, store),
      details: this.#details(),
    });
  }

  #head({ before, after }: CheckpointDiff): TemplateResult {
    const { store } = this;
    const name = (side: CheckpointDiff['before']) =>
      html`<span class="model-name" title=${tooltipText(side.name)}>${copyable(store, side.name, side.name)}</span>
        <span class="description">${side.format}</span>`;
    return html`<div class="editor-header">
        ${name(before)} ${icon('arrow-right')} ${name(after)}
        <span class="figures">${this.#counts()}${button({ label: t.swap, icon: 'arrow-swap', tooltip: t.swapTooltip, onClick: () => store.swap() })}</span>
      </div>
      ${store.progress ? html`<busy-state bare .progress=${staged(store.progress, t.reading)} .onCancel=${() => store.cancel()}></busy-state>` : nothing}`;
  }

  #counts(): TemplateResult {
    const counts = CHANGES.map((change) => [change, this.store.rows.filter((row) => row.change === change).length] as const);
    return html`${counts
      .filter(([, count]) => count > 0)
      .map(
        ([change, count]) =>
          html`<span class="change-cell change-${change}">${icon(ICONS[change])}${formatExact(count)} ${t.changeName(change)}</span>`,
      )}`;
  }

  #changes(diff: CheckpointDiff): TemplateResult {
    const { store } = this;
    const { filter, sort, selected } = store.state;
    const { keysOnly, unchanged } = diff;
    const largest = store.rows.reduce((most, { relativeL2 }) => Math.max(most, relativeL2 ?? 0), 0);
    return html`<div class="table-tab">
      <div class="tab-summary">
        <span class="description">${keysOnly ? t.namesOnly : unchanged === null ? '' : t.unchanged(formatExact(unchanged))}</span>
        ${keysOnly && !store.progress ? html`<span class="end">${button({ label: t.compareValues, onClick: () => void store.compareValues() })}</span>` : nothing}
      </div>
      <data-table
        .label=${t.changes}
        .empty=${store.rows.length > 0 ? t.noRows : keysOnly ? t.equalNames : t.equal}
        .columns=${columns(largest, keysOnly)}
        .rows=${shownRows(store.rows, filter, sort)}
        .sorting=${sort}
        .selected=${selected}
        .onSort=${(next: DiffStore['state']['sort']) => store.update({ sort: next })}
        .onSelect=${(row: ChangeRow) => store.update({ selected: row.key, detailsShown: true })}
        .onActivate=${(row: ChangeRow) => void store.act((api) => api.open({ tensor: row.name, side: row.change === 'added' ? 'after' : 'before', swapped: store.state.swapped }))}
      ></data-table>
    </div>`;
  }

  #details(): TemplateResult {
    const { store } = this;
    const row = store.rows.find(({ key }) => key === store.state.selected);
    if (!row) {
      return html`<div class="editor-details" role="complementary" aria-label=${t.details}>
        ${detailsHead(store, { title: t.changes, subtitle: '' })}
        <section class="description">${t.nothingSelected}</section>
      </div>`;
    }
    const figures: Figure[] = [
      ...(row.to === '' ? [] : [{ label: t.after, value: row.to }]),
      ...(row.detail === '' ? [] : [{ label: t.detail, value: row.detail }]),
      ...(
        [
          [t.relative, row.relativeL2],
          [t.cosine, row.cosine],
          [t.largest, row.maxAbs],
        ] as const
      ).flatMap(([label, value]) => (value === null ? [] : [{ label, value: figureText(value) }])),
    ];
    return html`<div class="editor-details" role="complementary" aria-label=${t.details}>
      ${detailsHead(store, { title: row.name, subtitle: t.changeName(row.change) })}
      <section>${figureList(figures)}</section>
    </div>`;
  }
}

function staged(progress: Progress | null, stage: string): Progress {
  return { ...(progress ?? { fraction: null }), stage };
}

function columns(largest: number, keysOnly: boolean): readonly Column<ChangeRow>[] {
  const figure = (id: 'cosine' | 'maxAbs', label: string): Column<ChangeRow> => ({
    ...{ id, label, width: 76, numeric: true },
    cell: (row) => figureText(row[id]),
    tooltip: (row) => (row[id] === null ? '' : String(row[id])),
  });
  const relative: Column<ChangeRow> = {
    ...{ id: 'relativeL2', label: t.relative, width: 120, grow: 1, numeric: true },
    cell: ({ relativeL2 }) =>
      relativeL2 === null
        ? ''
        : html`<span class="relative-cell"
            ><span><span style="width: ${largest === 0 ? 0 : (100 * relativeL2) / largest}%"></span></span><span class="number">${figureText(relativeL2)}</span></span
          >`,
    tooltip: ({ relativeL2 }) => (relativeL2 === null ? '' : String(relativeL2)),
  };
  return [
    {
      ...{ id: 'change', label: t.whatChanged, width: 88 },
      cell: ({ change }) => html`<span class="change-cell change-${change}">${icon(ICONS[change])}${t.changeName(change)}</span>`,
    },
    {
      ...{ id: 'name', label: t.name, width: 160, grow: 3 },
      cell: ({ name }) => html`<span class="row-name"><span class="row-label"><bdi>${name}</bdi></span></span>`,
      tooltip: ({ name, to }) => (to === '' ? name : [name, to]),
    },
    { ...{ id: 'detail', label: t.detail, width: 136, grow: 2 }, cell: ({ detail }) => detail, tooltip: ({ detail }) => detail },
    ...(keysOnly ? [] : [relative, figure('cosine', t.cosine), figure('maxAbs', t.largest)]),
  ];
}
