import { ACTIVATIONS } from './activation';
import { ATTENTION } from './attention';
import { CASTS } from './cast';
import { CONSTANTS } from './constant';
import { CONTRIB_ATTENTION } from './contribAttention';
import { CONTRIB_CONVOLUTION } from './contribConvolution';
import { CONTRIB_ELEMENTWISE } from './contribElementwise';
import { CONTRIB_EXPERTS } from './contribExperts';
import { CONTRIB_HEADS } from './contribHeads';
import { CONTRIB_MATRIX } from './contribMatrix';
import { CONTRIB_NORMALIZATION } from './contribNormalization';
import { CONTRIB_POSITIONS } from './contribPositions';
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
import { LEGACY } from './legacy';
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
  CONTRIB_EXPERTS,
  CONTRIB_HEADS,
  CONTRIB_MATRIX,
  CONTRIB_NORMALIZATION,
  CONTRIB_POSITIONS,
  CONTROL_FLOW,
  CONVOLUTIONS,
  DETECTION,
  EINSUM,
  ELEMENTWISE,
  GATHERS,
  IMAGES,
  JOINS,
  LAYOUT,
  LEGACY,
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

let table: ReadonlyMap<string, ReadonlyMap<string, Versions>> | undefined;

/** By domain, then by operator, newest version first. */
function build(): ReadonlyMap<string, ReadonlyMap<string, Versions>> {
  const domains = new Map<string, Map<string, Operator[]>>();
  for (const family of FAMILIES) {
    for (const operator of family) {
      const names = domains.get(operator.domain) ?? new Map<string, Operator[]>();
      domains.set(operator.domain, names);
      const versions = names.get(operator.op);
      if (versions) versions.push(operator);
      else names.set(operator.op, [operator]);
    }
  }
  for (const names of domains.values()) for (const versions of names.values()) versions.sort((a, b) => b.since - a.since);
  return domains;
}

/**
 * The rules of an operator as of operator set version `opset`: those with the
 * highest `since` that is not past it. `null` for an operator we do not know.
 */
export function lookup(domain: string, op: string, opset: number): Operator | null {
  table ??= build();
  const versions = table.get(normalizeDomain(domain))?.get(op);
  if (!versions) return null;
  for (const operator of versions) if (operator.since <= opset) return operator;
  return null;
}

/** Every rule pair there is, for listings and tests. */
export function allOperators(): readonly Operator[] {
  return FAMILIES.flat();
}
