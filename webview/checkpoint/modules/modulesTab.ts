import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { BUDGETS, type Budget, type Count } from '../../../src/protocol';
import { formatBytes, formatCount, formatExact, formatShare, ratio } from '../../common/format';
import { errorState } from '../../common/states';
import { common } from '../../common/strings';
import { adoptStyles } from '../../common/styles';
import type { Column, DataTable } from '../../common/table/dataTable';
import '../../common/table/dataTable';
import { shareCell } from '../../common/table/shareCell';
import tabStyles from '../../common/table/tab.css';
import { treeCell } from '../../common/table/treeCell';
import { budgetOfModule, kindText } from '../kindText';
import type { CheckpointStore } from '../store';
import { StoreElement } from '../storeElement';
import { t } from '../strings';
import { type ModuleLine, moduleLines } from './rows';

/** The module tree: folded containers, kinds, layers as far as shapes tell them, and what each takes. */
@customElement('checkpoint-modules')
export class CheckpointModules extends StoreElement {
  #revealed = '';

  protected override updated(): void {
    const selected = this.store?.state.selected ?? '';
    const table = this.querySelector<DataTable>('data-table');
    if (selected === this.#revealed || !table) return;
    this.#revealed = selected;
    table.revealRow(selected);
  }

  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(tabStyles);
    const { store } = this;
    if (!store?.summary) return nothing;
    const { tree, state } = store;
    const filtered = state.moduleFilter.trim() !== '';
    const open = new Set(state.openModules);
    const lines = moduleLines(tree, { open, filter: state.moduleFilter, sorting: state.moduleSort, budgetBy: state.budgetBy });
    if (tree.error !== null) {
      return errorState(t.modulesFailed, tree.error, [{ label: common.retry, onClick: () => void store.load() }]);
    }
    if (filtered && tree.all() === null) return html`<busy-state .progress=${{ stage: t.searching, fraction: null }}></busy-state>`;
    return html`<data-table
      .label=${t.modules}
      .empty=${filtered ? t.noRows : t.noTensors}
      .columns=${columns(store, filtered)}
      .rows=${lines}
      .sorting=${state.moduleSort}
      .selected=${state.selected}
      .hovered=${store.hovered}
      .onSort=${(moduleSort: CheckpointStore['state']['moduleSort']) => store.update({ moduleSort })}
      .onSelect=${(line: ModuleLine) => store.update({ selected: line.key, detailsShown: true })}
      .onActivate=${(line: ModuleLine) => this.#activate(line, filtered)}
      .onHover=${(key: string) => store.hover(key)}
      .onToggle=${(line: ModuleLine) => void store.toggleModule(line.module.id)}
    ></data-table>`;
  }

  /** Opens a module, or shows a found one in its place. */
  #activate({ module }: ModuleLine, filtered: boolean): void {
    if (filtered) void this.store?.showModule(module.id);
    else if (module.children > 0) void this.store?.toggleModule(module.id);
  }
}

function columns(store: CheckpointStore, filtered: boolean): readonly Column<ModuleLine>[] {
  const exact = (count: Count, unit: string) => `${formatExact(count)} ${unit}`;
  return [
    {
      id: 'name',
      label: t.module,
      width: 168,
      grow: 3,
      cell: ({ module, depth, open }) =>
        treeCell({
          ...{ depth, open },
          budget: budgetOfModule(module),
          label: filtered ? module.path || t.ownTensors : module.name || t.ownTensors,
          count: module.repeat > 1 ? `\u00d7${module.repeat}` : '',
          onToggle: () => void store.toggleModule(module.id),
        }),
      tooltip: ({ module }) => module.path || t.ownTensors,
    },
    { id: 'kind', label: t.kind, width: 96, grow: 1, cell: ({ module }) => kindText(module), tooltip: ({ module }) => kindText(module) },
    {
      id: 'layer',
      label: t.layer,
      width: 104,
      grow: 2,
      cell: ({ module }) => html`<span class="mono-cell">${module.definition}</span>`,
      tooltip: ({ module }) => module.definition,
    },
    {
      id: 'parameters',
      label: t.parametersLabel,
      width: 76,
      numeric: true,
      cell: ({ module }) => quietZero(module.parameters, formatCount),
      tooltip: ({ module }) => exact(module.parameters, t.parameters),
    },
    shareColumn(store),
    {
      id: 'bytes',
      label: t.bytes,
      width: 68,
      numeric: true,
      cell: ({ module }) => quietZero(module.bytes, formatBytes),
      tooltip: ({ module }) => exact(module.bytes, 'B'),
    },
    {
      id: 'dtype',
      label: t.dtype,
      width: 76,
      cell: ({ module }) => typesText(module.types),
      tooltip: ({ module }) => module.types.map(({ dtype, bytes }) => `${dtype}: ${exact(bytes, 'B')}`),
    },
    { id: 'tensors', label: t.tensors, width: 56, numeric: true, cell: ({ module }) => formatExact(module.tensors) },
  ];
}

/** The share of the weights' parameters, which other sections have none of, or of all bytes. */
function shareColumn(store: CheckpointStore): Column<ModuleLine> {
  const { budgetBy } = store.state;
  const whole = store.summary?.totals[budgetBy] ?? 0;
  const counts = (line: ModuleLine) => budgetBy === 'bytes' || line.module.section === store.mainSection;
  const split = ({ module }: ModuleLine) =>
    Object.fromEntries(BUDGETS.map((budget) => [budget, module.split[budget][budgetBy]])) as Record<Budget, Count>;
  return {
    id: 'share',
    label: t.share,
    width: 112,
    grow: 1,
    numeric: true,
    cell: (line) => (counts(line) ? shareCell(line.module[budgetBy], split(line), whole) : ''),
    tooltip: (line) => (counts(line) ? t.shareOf(budgetBy, formatShare(ratio(line.module[budgetBy], whole))) : ''),
  };
}

/** `float32`, or `float16 +1` where there are more. */
export function typesText(types: ModuleLine['module']['types']): string {
  const [first, ...rest] = types;
  return rest.length === 0 ? (first?.dtype ?? '') : `${first?.dtype} +${rest.length}`;
}

/** Buffers have no parameters: their zeros stay in the background. */
function quietZero(count: Count, format: (count: Count) => string): TemplateResult | string {
  return Number(count) === 0 ? html`<span class="description">0</span>` : format(count);
}
