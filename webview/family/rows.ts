import type { FamilySummary, PublishedFigures } from '../../src/protocol';
import { type SortValue, sortBy } from '../common/table/sortRows';
import { conventionFactor, type Deviation, deviationOf, type Published, parsePrinted } from './printed';
import type { Counted } from './store';
import type { ColumnId, Sorting } from './viewState';

/** A figure that was published and is counted. */
export type Measure = 'parameters' | 'macs';

/** One variant with what was published of it and how far its count is. */
export interface Row {
  readonly name: string;
  readonly published: PublishedFigures | null;
  readonly counted: Counted;
  /** Number of the note that explains where its figures differ; 0 for none. */
  readonly note: number;
}

/** The table of variants with the notes under it. */
export interface Rows {
  readonly rows: readonly Row[];
  /** Explanations in the order of their numbers, from 1; equal ones are one. */
  readonly notes: readonly string[];
}

/** What was published of one measure, in our unit. */
export function publishedOf(record: PublishedFigures, measure: Measure): Published {
  const printed =
    measure === 'parameters'
      ? parsePrinted(record.printedParameters)
      : parsePrinted(record.printedCost, conventionFactor(record.convention));
  return { printed, exact: record[measure], tolerance: record.tolerance[measure] };
}

/** How far a row's count is; `null` until it is counted, and where nothing is published. */
export function rowDeviation({ published, counted }: Pick<Row, 'published' | 'counted'>, measure: Measure): Deviation | null {
  if (!published || counted.status !== 'ready') return null;
  return deviationOf(counted.figures.record[measure], publishedOf(published, measure));
}

/** The family's variants in its own order, with their notes numbered. */
export function rowsOf({ variants }: FamilySummary, countedOf: (variant: string) => Counted): Rows {
  const notes: string[] = [];
  const rows = variants.map(({ name, published }) => {
    const row = { name, published, counted: countedOf(name) };
    const text = published?.note ?? '';
    const differs = (['parameters', 'macs'] as const).some((measure) => rowDeviation(row, measure)?.agrees === false);
    if (!differs || text === '') return { ...row, note: 0 };
    if (!notes.includes(text)) notes.push(text);
    return { ...row, note: notes.indexOf(text) + 1 };
  });
  return { rows, notes };
}

/** In the family's order without `sorting`; unknown figures come last. */
export function sortedRows(rows: readonly Row[], sorting: Sorting | null): readonly Row[] {
  return sorting ? sortBy(rows, (row) => sortValue(row, sorting.column), sorting.descending) : rows;
}

function sortValue({ name, published, counted }: Row, column: ColumnId): SortValue {
  switch (column) {
    case 'variant':
      return name;
    case 'parametersPublished':
      return published && size(publishedOf(published, 'parameters'));
    case 'costPublished':
      return published && size(publishedOf(published, 'macs'));
    case 'parameters':
    case 'macs':
      return counted.status === 'ready' ? Number(counted.figures.record[column]) : null;
    case 'top1':
      return published?.top1 ?? null;
    case 'status':
      return published?.status ?? null;
    default:
      return column satisfies never;
  }
}

function size({ printed, exact }: Published): number | null {
  return printed ? printed.steps * printed.step : exact;
}
