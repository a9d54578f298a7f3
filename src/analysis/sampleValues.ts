import { isFloating } from '../model';
import { attributesOf } from '../operators/attributes';
import { isAmong, listsInput, type Meaning, words } from '../operators/meaning';
import { meaningOf } from '../operators/registry';
import type { TensorFact } from '../operators/rule';
import type { ScopeShapes, ShapeResult } from './shapes';

/** Numbers that an input's elements take in turn, until there are enough. */
export type SampleValues = ReadonlyMap<string, readonly number[]>;

/** Different rows of a table that are asked for. */
const ROWS = 64;
/** A step through a table that meets most of its rows. */
const STRIDE = 7919;
/** Operators behind which a value is still the same numbers. */
const SAME = words('cast', 'identity', 'unsqueeze', 'squeeze', 'reshape', 'flatten');

/**
 * What integers and booleans to run a model on, where its graph tells: what a branch compares with, lengths of
 * sequences, rows that a table has, ones for masks and extents. Inputs of which it tells nothing are left out.
 */
export function sampleValues(shapes: ShapeResult): SampleValues {
  const found = new Map<string, { readonly rank: number; readonly values: readonly number[] }>();
  const sources = new Map<string, string>();
  for (const { name, type } of shapes.inputs) {
    if (type.kind !== 'tensor' || isFloating(type.dtype)) continue;
    sources.set(name, name);
    if (/mask/i.test(name)) found.set(name, { rank: 1, values: [1] });
  }
  for (const scope of shapes.scopes.values()) {
    for (const node of scope.order) {
      const meaning = meaningOf(node, scope.opsets);
      if (!meaning) continue;
      node.inputs.forEach((name, input) => {
        const source = sources.get(name);
        if (source === undefined) return;
        const output = node.outputs[0];
        if (input === 0 && output !== undefined && isAmong(meaning, SAME)) sources.set(output, source);
        const told = tell({ meaning, input, operand: (at) => operandOf(shapes, scope, node.inputs[at]), axis: () => axisOf(node) });
        if (told && told.rank > (found.get(source)?.rank ?? 0)) found.set(source, told);
      });
    }
  }
  return new Map([...found].map(([name, { values }]) => [name, values]));
}

interface Reading {
  readonly meaning: Meaning;
  readonly input: number;
  operand(at: number): TensorFact | null;
  axis(): number;
}

/** What one reader says of the numbers it is given; the higher its rank, the more it knows. */
function tell({ meaning, input, operand, axis }: Reading): { readonly rank: number; readonly values: readonly number[] } | null {
  if (meaning.does === 'equal') {
    const [other] = operand(1 - input)?.data ?? [];
    return typeof other === 'number' ? { rank: 4, values: [other] } : null;
  }
  if (meaning.kind === 'recur' && input === 4) {
    const steps = operand(0)?.shape?.[0];
    return typeof steps === 'number' && steps > 0 ? { rank: 3, values: [steps] } : null;
  }
  if (meaning.does === 'gather' && input === 1) {
    const rows = operand(0)?.shape?.at(axis());
    return typeof rows === 'number' && rows > 0 ? { rank: 2, values: rowsOf(rows) } : null;
  }
  return listsInput(meaning.inputs.settings, input) ? { rank: 1, values: [1] } : null;
}

function rowsOf(rows: number): readonly number[] {
  return Array.from({ length: Math.min(rows, ROWS) }, (_, index) => (index * STRIDE) % rows);
}

function operandOf(shapes: ShapeResult, scope: ScopeShapes, name: string | undefined): TensorFact | null {
  const fact = name === undefined ? null : shapes.fact(name, scope);
  return fact?.kind === 'tensor' ? fact : null;
}

function axisOf(node: ScopeShapes['nodes'][number]): number {
  return attributesOf(node, undefined).int('axis', 0);
}
