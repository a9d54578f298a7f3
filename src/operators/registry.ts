import { ACTIVATIONS } from './activation';
import { ATTENTION } from './attention';
import { CASTS } from './cast';
import { CONSTANTS } from './constant';
import { CONTRIB_ATTENTION } from './contribAttention';
import { CONTRIB_CONVOLUTION } from './contribConvolution';
import { CONTRIB_ELEMENTWISE } from './contribElementwise';
import { CONTRIB_HEADS } from './contribHeads';
import { CONTRIB_MATRIX } from './contribMatrix';
import { CONTRIB_NORMALIZATION } from './contribNormalization';
import { CONTROL_FLOW } from './controlFlow';
import { CONVOLUTIONS } from './conv';
import { DETECTION } from './detection';
import { normalizeDomain } from './domain';
import { EINSUM } from './einsum';
import { ELEMENTWISE } from './elementwise';
import { GATHERS } from './gather';
import { IMAGES } from './image';
import { JOINS } from './join';
import { LAYOUT } from './layout';
import { LOSSES } from './loss';
import { MATRIX_PRODUCTS } from './matmul';
import { CLASSICAL } from './ml';
import { NORMALIZATIONS } from './normalization';
import { POOLING } from './pooling';
import { QUANTIZATION } from './quantization';
import { RECURRENT } from './recurrent';
import { REDUCTION } from './reduction';
import { RESHAPES } from './reshape';
import { RESIZING } from './resize';
import type { Operator } from './rule';
import { SEQUENCES } from './sequence';
import { SIGNAL } from './signal';
import { SLICES } from './slice';
import { TEXT } from './text';
import { TRAINING } from './training';

/** Every family's rules: one line per file, sorted by name. */
const FAMILIES: readonly (readonly Operator[])[] = [
  ACTIVATIONS,
  ATTENTION,
  CASTS,
  CLASSICAL,
  CONSTANTS,
  CONTRIB_ATTENTION,
  CONTRIB_CONVOLUTION,
  CONTRIB_ELEMENTWISE,
  CONTRIB_HEADS,
  CONTRIB_MATRIX,
  CONTRIB_NORMALIZATION,
  CONTROL_FLOW,
  CONVOLUTIONS,
  DETECTION,
  EINSUM,
  ELEMENTWISE,
  GATHERS,
  IMAGES,
  JOINS,
  LAYOUT,
  LOSSES,
  MATRIX_PRODUCTS,
  NORMALIZATIONS,
  POOLING,
  QUANTIZATION,
  RECURRENT,
  REDUCTION,
  RESHAPES,
  RESIZING,
  SEQUENCES,
  SIGNAL,
  SLICES,
  TEXT,
  TRAINING,
];

type Versions = readonly Operator[];

let table: ReadonlyMap<string, Versions> | undefined;

function keyOf(domain: string, op: string): string {
  return `${domain}:${op}`;
}

function build(): ReadonlyMap<string, Versions> {
  const byName = new Map<string, Operator[]>();
  for (const family of FAMILIES) {
    for (const operator of family) {
      const key = keyOf(operator.domain, operator.op);
      const versions = byName.get(key);
      if (versions) versions.push(operator);
      else byName.set(key, [operator]);
    }
  }
  for (const versions of byName.values()) versions.sort((a, b) => b.since - a.since);
  return byName;
}

/**
 * The rules of an operator as of operator set version `opset`: those with the
 * highest `since` that is not past it. `null` for an operator we do not know.
 */
export function lookup(domain: string, op: string, opset: number): Operator | null {
  table ??= build();
  const versions = table.get(keyOf(normalizeDomain(domain), op));
  return versions?.find((operator) => operator.since <= opset) ?? null;
}

/** Every rule pair there is, for listings and tests. */
export function allOperators(): readonly Operator[] {
  return FAMILIES.flat();
}
