import type { TokenGrid, WindowGrid } from './layer';

/** A patch by row and column, from 0. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** One axis of a cut into windows: how many there are, how many tokens each has, and how the axis was cut. */
interface Cut {
  readonly windows: number;
  readonly tokens: number;
  readonly shift: number;
  readonly interleaved: boolean;
}

function cuts(grid: TokenGrid, windows: WindowGrid): { readonly rows: Cut; readonly columns: Cut } {
  const interleaved = windows.interleaved ?? false;
  const shift = interleaved ? 0 : windows.shift;
  return {
    rows: { windows: windows.rows, tokens: grid.rows, shift, interleaved },
    columns: { windows: windows.columns, tokens: grid.columns, shift, interleaved },
  };
}

/** Where a token of a window lies on the feature map (Swin's roll taken back; MaxViT's grid spread out). */
export function placeOf(grid: TokenGrid, windows: WindowGrid, window: number, token: Place): Place {
  const { rows, columns } = cuts(grid, windows);
  return {
    row: onAxis(rows, Math.floor(window / windows.columns), token.row),
    column: onAxis(columns, window % windows.columns, token.column),
  };
}

/** The window that holds a patch of the feature map, and the patch's place inside it. */
export function windowAt(grid: TokenGrid, windows: WindowGrid, patch: Place): Place & { readonly window: number } {
  const { rows, columns } = cuts(grid, windows);
  const row = inAxis(rows, patch.row);
  const column = inAxis(columns, patch.column);
  return { window: row.window * windows.columns + column.window, row: row.token, column: column.token };
}

function onAxis({ windows, tokens, shift, interleaved }: Cut, window: number, token: number): number {
  return interleaved ? token * windows + window : (window * tokens + token + shift) % (windows * tokens);
}

function inAxis({ windows, tokens, shift, interleaved }: Cut, patch: number): { readonly window: number; readonly token: number } {
  if (interleaved) return { window: patch % windows, token: Math.floor(patch / windows) };
  const rolled = (patch - shift + windows * tokens) % (windows * tokens);
  return { window: Math.floor(rolled / tokens), token: rolled % tokens };
}
