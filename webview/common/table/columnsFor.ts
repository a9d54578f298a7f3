/** Pixels, as in dataTable.css. */
export const COLUMN_GAP = 16;
/** Pixels left and right of a row's cells. */
export const ROW_PADDING = 28;

/** What of a column says how long it stays. */
export interface Giving {
  readonly id: string;
  /** Least width, pixels. */
  readonly width: number;
  /** Where the room is short, the highest leave first; those without stay. */
  readonly gives?: number;
}

/** The columns that a width has room for; what the person hides is hidden at any. */
export function columnsFor<Of extends Giving>(columns: readonly Of[], width: number, hidden: readonly string[] = []): readonly Of[] {
  const shown = columns.filter(({ id }) => !hidden.includes(id));
  const room = () => shown.reduce((sum, column) => sum + column.width + COLUMN_GAP, ROW_PADDING - COLUMN_GAP);
  while (width > 0 && room() > width) {
    const place = shown.reduce((best, { gives = 0 }, at) => (gives > 0 && gives >= (shown[best]?.gives ?? 0) ? at : best), -1);
    if (place < 0) break;
    shown.splice(place, 1);
  }
  return shown;
}
