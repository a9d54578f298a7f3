import type { RunResult } from '../../src/protocol';
import { jsonText, tableLines } from '../../src/text';
import type { Heat, Query } from './query';

/** One line per label, best first: label, tab, probability with every digit. */
export function answerText(result: RunResult, count: number): string {
  const rows = result.labels.slice(0, count).map(({ label, probability }) => [label, String(probability)]);
  return tableLines([{ title: '' }, { title: '' }], rows, 'tsv')
    .slice(1)
    .join('\n');
}

/** Exact probabilities of the shown labels. */
export function answerJson(result: RunResult, count: number): string {
  return jsonText(result.labels.slice(0, count));
}

/** The whole result but for the engine's handle, which means nothing elsewhere. */
export function resultJson(result: RunResult): string {
  const { run: _handle, ...rest } = result;
  return `${jsonText(rest)}\n`;
}

/** The heat as comma-separated values, one line per row of the grid, every digit of the float32. */
export function heatCsv(heat: Heat): string {
  const lines: string[] = [];
  for (let row = 0; row < heat.rows; row++) {
    lines.push(Array.from(heat.values.subarray(row * heat.columns, (row + 1) * heat.columns), shortFloat).join(','));
  }
  return `${lines.join('\n')}\n`;
}

/** Nine significant digits name every float32. */
function shortFloat(value: number): string {
  return String(Number(value.toPrecision(9)));
}

/** `shapes_07.layer-3.head-1.patch-10-7.csv`: what was exported, safe in every file system. */
export function exportName(result: RunResult, parts: readonly string[], extension: string): string {
  const image = result.image.name.replace(/\.[^.]+$/, '');
  const safe = (text: string) => text.replace(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^-+|-+$/g, '');
  return `${[image, ...parts]
    .map(safe)
    .filter((part) => part !== '')
    .join('.')}.${extension}`;
}

/** A query as part of a file name. */
export function queryName(query: Query): string {
  return query.kind === 'patch' ? `patch-${query.row}-${query.column}` : query.kind;
}

/** A text's bytes in UTF-8. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
