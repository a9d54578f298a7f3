import { type DType, isFloating } from '../model';
import type { CheckpointStructure } from './structure';
import { type CheckpointTensor, preorder } from './tree';

/** What one look at a tensor's elements told (formats/values/moments.ts has the same fields). */
export interface TensorLook {
  readonly count: number;
  readonly nan: number;
  readonly infinite: number;
  readonly zeros: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly deviation: number;
  readonly norm: number;
  readonly deadFilters: number;
}

/** What can be wrong with a tensor's values. */
export const HEALTH_CODES = [
  'nan',
  'infinite',
  'all-zero',
  'constant',
  'dead-units',
  'extreme-norm',
  'near-overflow',
  'duplicate',
  'dtype',
  'batchnorm-never-updated',
  'unread',
] as const;
/** One of them. */
export type HealthCode = (typeof HEALTH_CODES)[number];

/** `error`: the network cannot work with it. `warning`: worth a look. `note`: often meant. */
export type HealthSeverity = 'error' | 'warning' | 'note';

/** Something about one tensor's values. */
export interface HealthFinding {
  readonly code: HealthCode;
  readonly severity: HealthSeverity;
  /** Its full name. */
  readonly tensor: string;
  /** One sentence. */
  readonly message: string;
}

/** A pair of tensors with the very same elements, at different places of the file. */
export interface Duplicate {
  readonly tensor: string;
  readonly of: string;
  readonly isMatrix: boolean;
}

/** A matrix whose mean square is so many times that of its kind's median, or such a part of it, is extreme. */
const EXTREME = 100;
/** Matrices that a median is worth taking of. */
const ENOUGH = 8;
/** A part of float16's largest number, 65504, past which a step of training overflows. */
const NEAR = 0.5;
/** Elements that must differ in type from the rest to be the rule and no surprise. */
const MINORITY = 0.05;

/**
 * What is wrong with a checkpoint's values, worst first. `looks` has one entry for each tensor in the checkpoint's
 * order, `null` where its values could not be read (`unread` says why).
 */
export function judgeHealth(
  structure: CheckpointStructure,
  looks: readonly (TensorLook | null)[],
  { duplicates, unread }: { readonly duplicates: readonly Duplicate[]; readonly unread: ReadonlyMap<string, string> },
): readonly HealthFinding[] {
  const findings: HealthFinding[] = [];
  const found = (severity: HealthSeverity, code: HealthCode, tensor: string, message: string) =>
    findings.push({ code, severity, tensor, message });
  const never = neverUpdated(structure, looks);
  for (const one of structure.tensors) {
    const look = looks[one.place];
    const { name } = one.tensor;
    if (look) lookAt(one, look, found);
    const reason = unread.get(name);
    if (reason !== undefined) found('warning', 'unread', name, reason);
  }
  for (const { name, statistics } of never) {
    found(
      'warning',
      'batchnorm-never-updated',
      name,
      `"${name}" still has the running statistics it began with (${statistics}): it never saw a batch.`,
    );
  }
  for (const { tensor, of, isMatrix } of duplicates) {
    // Offsets of branches that are added have equal gradients, and so stay equal when they begin so.
    found(isMatrix ? 'warning' : 'note', 'duplicate', tensor, `"${tensor}" holds the very same values as "${of}", stored twice.`);
  }
  for (const { name, message } of extremes(structure.tensors, looks)) found('warning', 'extreme-norm', name, message);
  for (const { name, message } of surprises(structure)) found('warning', 'dtype', name, message);
  const order = { error: 0, warning: 1, note: 2 };
  return findings.sort((a, b) => order[a.severity] - order[b.severity]);
}

type Found = (severity: HealthSeverity, code: HealthCode, tensor: string, message: string) => void;

function lookAt(one: CheckpointTensor, look: TensorLook, found: Found): void {
  const { name, dtype, shape } = one.tensor;
  const { count, nan, infinite, zeros, minimum, maximum, deadFilters } = look;
  if (nan > 0) found('error', 'nan', name, `"${name}" has ${nan} NaN among ${count} elements.`);
  // Masks hold minus infinity for what may not be seen.
  if (infinite > 0)
    found(one.role === 'buffer' ? 'note' : 'error', 'infinite', name, `"${name}" has ${infinite} infinities among ${count} elements.`);
  if (dtype === 'float16' && Math.max(Math.abs(minimum), Math.abs(maximum)) > NEAR * 65504) {
    found('warning', 'near-overflow', name, `"${name}" reaches ${largest(look)}, near the largest float16 (65504).`);
  }
  if (!isFloating(dtype) || one.role !== 'parameter' || count < 2) return;
  const isMatrix = shape.length > 1;
  if (zeros === count) {
    found(isMatrix ? 'warning' : 'note', 'all-zero', name, `"${name}" is zero throughout (${count} elements).`);
  } else if (minimum === maximum && nan + infinite === 0) {
    // Gains begin as ones and LayerNorm's may stay there; a constant matrix was never begun.
    found(isMatrix ? 'warning' : 'note', 'constant', name, `"${name}" is ${minimum} throughout (${count} elements).`);
  } else if (deadFilters > 0 && isMatrix && one.kind !== 'embedding' && one.kind !== 'position') {
    const units = shape[0] ?? 0;
    found(
      'warning',
      'dead-units',
      name,
      `${deadFilters} of ${units} ${shape.length > 2 ? 'filters' : 'rows'} of "${name}" are zero throughout.`,
    );
  }
}

function largest({ minimum, maximum }: TensorLook): string {
  return String(Math.max(Math.abs(minimum), Math.abs(maximum)));
}

/** Running means of zero and variances of one, though the module counts its batches or has learned gains. */
function neverUpdated({ sections }: CheckpointStructure, looks: readonly (TensorLook | null)[]) {
  const found: { readonly name: string; readonly statistics: string }[] = [];
  for (const { root } of sections) {
    for (const { layer, tensors } of preorder(root)) {
      if (layer?.op !== 'batchNorm') continue;
      const [mean, variance] = [/mean$/, /var(?:iance)?$/].map((end) => tensors.find(({ own }) => end.test(own)));
      const [means, variances] = [mean, variance].map((tensor) => (tensor ? looks[tensor.place] : null));
      if (!mean || !means || !variances || means.count === 0) continue;
      if (means.zeros === means.count && variances.minimum === 1 && variances.maximum === 1) {
        found.push({ name: mean.tensor.name, statistics: 'means 0, variances 1' });
      }
    }
  }
  return found;
}

/** Matrices of one kind whose root mean square is far from their median's. */
function extremes(tensors: readonly CheckpointTensor[], looks: readonly (TensorLook | null)[]) {
  const kinds = new Map<string, { readonly name: string; readonly size: number }[]>();
  for (const { tensor, kind, section, role, place } of tensors) {
    const look = looks[place];
    if (!look || role !== 'parameter' || tensor.shape.length < 2 || !isFloating(tensor.dtype) || look.norm === 0) continue;
    const group = `${section} ${kind}`;
    const list = kinds.get(group) ?? [];
    kinds.set(group, list);
    list.push({ name: tensor.name, size: look.norm / Math.sqrt(look.count) });
  }
  const found: { readonly name: string; readonly message: string }[] = [];
  for (const list of kinds.values()) {
    if (list.length < ENOUGH) continue;
    const median = list.map(({ size }) => size).sort((a, b) => a - b)[list.length >> 1] ?? 0;
    for (const { name, size } of list) {
      const ratio = size / median;
      if (!(ratio > EXTREME || ratio < 1 / EXTREME)) continue;
      const far = ratio > 1 ? `${Math.round(ratio)} times` : `1/${Math.round(1 / ratio)} of`;
      found.push({ name, message: `"${name}" has elements of root mean square ${size.toPrecision(3)}, ${far} the median of its kind.` });
    }
  }
  return found;
}

/** Double precision, and matrices of another type than nearly all others. */
function surprises({ tensors, main }: CheckpointStructure) {
  const found: { readonly name: string; readonly message: string }[] = [];
  const matrices = tensors.filter(
    ({ tensor, role, section }) => role === 'parameter' && section === main?.kind && tensor.shape.length > 1 && isFloating(tensor.dtype),
  );
  const sums = new Map<DType, number>();
  for (const { tensor, elements } of matrices) sums.set(tensor.dtype, (sums.get(tensor.dtype) ?? 0) + Number(elements));
  const all = [...sums.values()].reduce((sum, elements) => sum + elements, 0);
  const [usual] = [...sums].sort((a, b) => b[1] - a[1])[0] ?? [];
  for (const { tensor, role } of tensors) {
    if (tensor.dtype === 'float64' && role === 'parameter' && usual !== 'float64') {
      found.push({
        name: tensor.name,
        message: `"${tensor.name}" is float64 where the rest is ${usual ?? 'not'}: it takes twice the bytes of float32.`,
      });
    }
  }
  for (const { tensor } of matrices) {
    const { dtype, name } = tensor;
    if (dtype === usual || dtype === 'float64' || (sums.get(dtype) ?? 0) > MINORITY * all) continue;
    found.push({ name, message: `"${name}" is ${dtype} where nearly all matrices are ${usual}.` });
  }
  return found;
}
