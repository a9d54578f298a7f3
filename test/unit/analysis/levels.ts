import { expect } from 'vitest';
import type { Analysis } from '../../../src/analysis/assemble';
import { type Fold, foldModel, type GraphBox } from '../../../src/analysis/fold';
import type { Figures } from '../../../src/analysis/profile';
import { type Row, rowsOf } from '../../../src/cli/profileRows';

const FIGURES = ['macs', 'flops', 'parameters', 'buffers'] as const satisfies readonly (keyof Figures)[];
const COLUMNS = ['macs', 'flops', 'parameters'] as const satisfies readonly (keyof Row & keyof Figures)[];

function boxesOf(fold: Fold, group: string): readonly GraphBox[] {
  return fold.level(group).boxes.filter(({ kind }) => kind === 'group' || kind === 'node');
}

function sums<Key extends string>(
  parts: readonly Readonly<Record<Key, number | string | null>>[],
  keys: readonly Key[],
): readonly string[] {
  return keys.map((key) => String(parts.reduce((total, part) => total + BigInt(part[key] ?? 0), 0n)));
}

/** Levels of the picture that do not add up to the box they open from, as sentences. */
function wrongLevels(fold: Fold, group: string, whole: Figures): readonly string[] {
  const boxes = boxesOf(fold, group);
  if (boxes.length === 0) return [];
  const [found, expected] = [
    sums(
      boxes.map(({ figures }) => figures),
      FIGURES,
    ),
    sums([whole], FIGURES),
  ];
  const wrong = found.join() === expected.join() ? [] : [`"${group}": ${found.join()} instead of ${expected.join()} (${FIGURES.join()})`];
  return [...wrong, ...boxes.filter(({ kind }) => kind === 'group').flatMap((box) => wrongLevels(fold, box.id, box.figures))];
}

function depthOf({ name }: Row): number {
  return (name.length - name.trimStart().length) / 2;
}

/** Rows that do not add up to the one they stand under, as sentences. */
function wrongRows(rows: readonly Row[], depth: number, whole: Pick<Row, (typeof COLUMNS)[number]>): readonly string[] {
  const level = rows.flatMap((row, at) => (depthOf(row) === depth ? [{ row, at }] : []));
  if (level.length === 0) return [];
  const [found, expected] = [
    sums(
      level.map(({ row }) => row),
      COLUMNS,
    ),
    sums([whole], COLUMNS),
  ];
  const wrong = found.join() === expected.join() ? [] : [`rows: ${found.join()} instead of ${expected.join()} at depth ${depth}`];
  return [...wrong, ...level.flatMap(({ row, at }, place) => wrongRows(rows.slice(at + 1, level[place + 1]?.at), depth + 1, row))];
}

/** Rows of every level of `profile --group block` and boxes of every level of the picture add up to what they stand under. */
export function expectLevelsToAddUp(analysis: Analysis, name: string): void {
  const { profile } = analysis;
  expect(wrongRows(rowsOf(profile, 'block', null, null), 0, profile.totals), name).toEqual([]);
  expect(wrongLevels(foldModel(analysis), '', profile.totals), name).toEqual([]);
}
