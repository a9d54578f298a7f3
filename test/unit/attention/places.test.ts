import { describe, expect, it } from 'vitest';
import { placeOf, windowAt } from '../../../src/attention/places';

const grid = (rows: number, columns: number) => ({ leading: 0, rows, columns });

/** What the papers' code does to a map of `size` x `size`, whose cell holds its own index. */
function map(size: number): number[][] {
  return Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => row * size + column));
}

describe('places of tokens in windows', () => {
  it('are those of a rolled and cut map (Swin: torch.roll by -shift, then windows)', () => {
    const [size, side, shift] = [8, 4, 2];
    const cells = map(size);
    const rolled = cells.map((row, r) => row.map((_, c) => cells[(r + shift) % size]?.[(c + shift) % size]));
    const windows = { rows: 2, columns: 2, shift };
    for (let window = 0; window < 4; window++) {
      for (let r = 0; r < side; r++) {
        for (let c = 0; c < side; c++) {
          const held = rolled[Math.floor(window / 2) * side + r]?.[(window % 2) * side + c];
          const { row, column } = placeOf(grid(side, side), windows, window, { row: r, column: c });
          expect(row * size + column).toBe(held);
          expect(windowAt(grid(side, side), windows, { row, column })).toEqual({ window, row: r, column: c });
        }
      }
    }
  });

  it("are a stride apart in MaxViT's grid attention (reshape [g, H/g, g, W/g], windows over the second and fourth axes)", () => {
    const [size, side] = [6, 3];
    const windows = { rows: 2, columns: 2, shift: 0, interleaved: true };
    const step = size / side;
    for (let window = 0; window < 4; window++) {
      for (let r = 0; r < side; r++) {
        for (let c = 0; c < side; c++) {
          const place = placeOf(grid(side, side), windows, window, { row: r, column: c });
          expect(place).toEqual({ row: r * step + Math.floor(window / 2), column: c * step + (window % 2) });
          expect(windowAt(grid(side, side), windows, place)).toEqual({ window, row: r, column: c });
        }
      }
    }
  });
});
