import type { Count, ModuleRow } from '../../../src/protocol';
import type { Sorting } from '../../common/kept';
import type { TableRow } from '../../common/table/dataTable';
import { type SortValue, sortBy } from '../../common/table/sortRows';
import { kindText } from '../kindText';
import { type ModuleTree, moduleKey } from './moduleTree';

/** What a share is a part of. */
export type BudgetBy = 'parameters' | 'bytes';

/** A line of the Modules tab. */
export interface ModuleLine extends TableRow {
  readonly module: ModuleRow;
  readonly depth: number;
}

/** How the lines are chosen. */
export interface LineOptions {
  readonly open: ReadonlySet<number>;
  readonly filter: string;
  readonly sorting: Sorting | null;
  readonly budgetBy: BudgetBy;
}

const number = (count: Count): number => Number(count);

function sortedBy(column: string, budgetBy: BudgetBy): ((row: ModuleRow) => SortValue) | undefined {
  switch (column) {
    case 'name':
      return (row) => row.name;
    case 'kind':
      return kindText;
    case 'layer':
      return (row) => row.definition;
    case 'dtype':
      return (row) => row.types[0]?.dtype ?? '';
    case 'tensors':
      return (row) => row.tensors;
    case 'parameters':
      return (row) => number(row.parameters);
    case 'bytes':
      return (row) => number(row.bytes);
    case 'share':
      return (row) => number(row[budgetBy]);
    default:
      return undefined;
  }
}

/** The lines of the opened tree, each level in the file's order until sorted; a filter finds modules wherever they stand. */
export function moduleLines(tree: ModuleTree, options: LineOptions): readonly ModuleLine[] {
  const words = options.filter.toLowerCase().match(/\S+/g) ?? [];
  if (words.length > 0) return found(tree.all() ?? [], words, options);
  const lines: ModuleLine[] = [];
  const emit = (rows: readonly ModuleRow[], depth: number): void => {
    for (const module of sorted(rows, options)) {
      const key = moduleKey(module.id);
      if (module.children === 0) lines.push({ key, module, depth });
      else {
        const inside = options.open.has(module.id) ? tree.childrenOf(module.id) : undefined;
        lines.push({ key, module, depth, open: inside !== undefined });
        if (inside) emit(inside, depth + 1);
      }
    }
  };
  emit(tree.roots, 0);
  return lines;
}

function sorted(rows: readonly ModuleRow[], { sorting, budgetBy }: LineOptions): readonly ModuleRow[] {
  const value = sorting ? sortedBy(sorting.column, budgetBy) : undefined;
  return value ? sortBy(rows, value, sorting?.descending ?? false) : rows;
}

function found(all: readonly ModuleRow[], words: readonly string[], options: LineOptions): readonly ModuleLine[] {
  const matching = all.filter((row) => {
    const text = `${row.path}\n${row.name}\n${kindText(row)}\n${row.definition}\n${row.types[0]?.dtype ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return sorted(matching, options).map((module) => ({ key: moduleKey(module.id), module, depth: 0 }));
}
