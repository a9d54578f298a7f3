import { append } from '../../data';
import type { Dim } from '../../model';
import { flopsOnly, formatProduct, noArithmetic } from '../common/costs';
import { operator } from '../common/define';
import { product, shaped } from '../common/extents';
import * as meaning from '../common/meanings';
import { type Cost, type CostContext, type CostRule, type Operator, type ShapeContext, type ShapeRule, UNKNOWN } from '../rule';
import { type Equation, extentsOf, type Label, parseEquation } from './einsumEquation';

/** The equation and the extents of its labels; `null` while a rank is unknown or the equation cannot be read. */
function read(
  context: ShapeContext | CostContext,
): { equation: Equation; extents: ReadonlyMap<Label, Dim>; problem?: string } | string | null {
  const shapes = context.node.inputs.map((_, i) => context.tensor(i)?.shape ?? null);
  const known = shapes.filter((shape) => shape !== null);
  if (known.length !== shapes.length) return null;
  const equation = parseEquation(
    context.attributes.string('equation', ''),
    known.map((shape) => shape.length),
  );
  if (typeof equation === 'string') return equation;
  const { extents, contradiction } = extentsOf(equation, known);
  return contradiction === undefined ? { equation, extents } : { equation, extents, problem: contradiction };
}

const einsum: ShapeRule = (context) => {
  const dtype = context.tensor(0)?.dtype;
  if (!dtype) return [UNKNOWN];
  const result = read(context);
  if (result === null) return [shaped(dtype, null)];
  if (typeof result === 'string') {
    context.report('einsum', result);
    return [shaped(dtype, null)];
  }
  if (result.problem) context.report('einsum', result.problem);
  return [
    shaped(
      dtype,
      result.equation.output.map((label) => result.extents.get(label) ?? null),
    ),
  ];
};

function sizesOf(labels: readonly Label[], extents: ReadonlyMap<Label, Dim>): readonly Dim[] {
  return labels.map((label) => extents.get(label) ?? null);
}

interface Step {
  readonly labels: readonly Label[];
  /** True when the step sums over an index both operands share, as a matrix product does. */
  readonly contracts: boolean;
  readonly kept: readonly Label[];
}

/** Contracts two operands: every index of either is looped over, those nobody needs afterwards are summed. */
function contract(a: readonly Label[], b: readonly Label[], needed: ReadonlySet<Label>): Step {
  const labels = [...new Set([...a, ...b])];
  const kept = labels.filter((label) => needed.has(label));
  const contracts = a.some((label) => b.includes(label) && !needed.has(label));
  return { labels, contracts, kept };
}

/** The pair of operands whose contraction loops least; the first such pair where several do. */
function cheapest(operands: readonly (readonly Label[])[], extents: ReadonlyMap<Label, Dim>): readonly [number, number] {
  let best: readonly [number, number] = [0, 1];
  let least: bigint | null = null;
  for (let i = 0; i < operands.length; i++) {
    for (let j = i + 1; j < operands.length; j++) {
      const labels = [...new Set([...(operands[i] ?? []), ...(operands[j] ?? [])])];
      const size = product(sizesOf(labels, extents));
      if (size !== null && (least === null || size < least)) {
        least = size;
        best = [i, j];
      }
    }
  }
  return best;
}

/** Beyond this many operands the order is left to right: looking for the cheapest pair costs cubic time. */
const MAX_ORDERED_OPERANDS = 16;
/** No model has as many; a hostile equation of thousands would cost quadratic time. */
const MAX_OPERANDS = 64;

/** Indices only this operand has and the output has not: summed before anything else. */
function reduceFirst(labels: readonly Label[], others: ReadonlySet<Label>): readonly Label[] {
  return [...new Set(labels)].filter((label) => others.has(label));
}

/**
 * Operands are contracted in pairs, cheapest first. A pair that sums over a
 * shared index costs one multiply-add per combination of its indices; one that
 * only broadcasts costs one FLOP each. Sums over one operand's own indices and
 * diagonals are additions.
 */
const einsumCost: CostRule = (context) => {
  const result = read(context);
  if (result === null || typeof result === 'string' || result.equation.terms.length > MAX_OPERANDS) return null;
  const { equation, extents } = result;
  if (product([...extents.values()]) === null) return null;
  const steps: Cost[] = [];
  const operands = equation.terms.map((term, i) => {
    const others = new Set([...equation.output, ...equation.terms.filter((_, j) => j !== i).flat()]);
    const kept = reduceFirst(term, others);
    const distinct = [...new Set(term)];
    if (kept.length < distinct.length) {
      const sizes = sizesOf(distinct, extents);
      steps.push(flopsOnly(product(sizes) ?? 0n, `${formatProduct(sizes)} sums`));
    }
    return kept;
  });
  contractAll(operands, equation, extents, steps);
  return steps.length === 0 ? noArithmetic(context) : total(steps);
};

function contractAll(operands: (readonly Label[])[], equation: Equation, extents: ReadonlyMap<Label, Dim>, steps: Cost[]): void {
  while (operands.length > 1) {
    const [i, j] = operands.length <= MAX_ORDERED_OPERANDS ? cheapest(operands, extents) : ([0, 1] as const);
    const rest = operands.filter((_, at) => at !== i && at !== j);
    const step = contract(operands[i] ?? [], operands[j] ?? [], new Set([...equation.output, ...rest.flat()]));
    const sizes = sizesOf(step.labels, extents);
    const count = product(sizes) ?? 0n;
    const text = `${formatProduct(step.labels.map((label, at) => `${label.replace('.', '...')}=${sizes[at]}`))}`;
    steps.push(step.contracts ? { macs: count, flops: 2n * count, formula: `${text} products` } : flopsOnly(count, `${text} products`));
    operands.splice(0, operands.length, step.kept);
    append(operands, rest);
  }
}

function total(steps: readonly Cost[]): Cost {
  let macs = 0n;
  let flops = 0n;
  for (const step of steps) {
    macs += step.macs;
    flops += step.flops;
  }
  return { macs, flops, formula: steps.map((step) => step.formula).join(' + ') };
}

/** Einsum-12; 28 only adds element types. */
export const EINSUM: readonly Operator[] = meaning.means(
  {
    Einsum: meaning.EINSUM_PRODUCT,
  },
  [operator('Einsum', 12, einsum, einsumCost)],
);
