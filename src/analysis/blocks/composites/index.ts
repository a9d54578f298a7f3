import { type Word, words } from '../../../operators/meaning';
import type { Flow } from '../flow';
import { reducedAxes } from '../reductions';
import { actOf, does } from '../words';
import { curveName } from './curves';
import { evaluate } from './evaluate';

/** A normalisation or activation that an exporter wrote as several small operators. */
export interface Composite {
  readonly kind: 'normalization' | 'activation';
  readonly label: string;
  /** Numbers in topological order; the last one makes the result. */
  readonly nodes: readonly number[];
  readonly input: string;
}

/** What each node is part of, and whether alone it is a normalisation or an activation. */
export interface Composites {
  readonly list: readonly Composite[];
  /** Index into `list`, or -1. */
  readonly of: Int32Array;
  isNormalization(index: number): boolean;
  isActivation(index: number): boolean;
}

const ACTIVATIONS = words('activate', 'softmax');
const UNARY_STEPS = words(
  ...(['sigmoid', 'hardSigmoid', 'tanh', 'softplus', 'erf', 'exponential', 'logarithm', 'add', 'subtract', 'multiply', 'divide'] as const),
  ...(['clip', 'power', 'relu', 'negate', 'cast'] as const),
);
const CURVES = words('sigmoid', 'hardSigmoid', 'tanh', 'erf', 'softplus', 'clip', 'relu', 'exponential');
const SCALES = words('multiply', 'divide');
const MAX_STEPS = 10;

/** Data inputs of a node by name, constants left out. */
function dataInputs(flow: Flow, index: number): readonly string[] {
  return (flow.nodes[index]?.inputs ?? []).filter((name) => name !== '' && flow.origin(name) === 'data');
}

/** True for a constant of one element, by which GELU and hard swish scale and shift. */
function isScalar(flow: Flow, name: string): boolean {
  const shape = flow.shape(name);
  return flow.origin(name) !== 'data' && shape?.every((size) => size === 1) === true;
}

/** Steps from `value` back to `source` through elementwise functions of it alone; `null` where there is another way in. */
function stepsBack(flow: Flow, value: string, source: string): number[] | null {
  const found = new Set<number>();
  const pending = [value];
  while (pending.length > 0) {
    const name = pending.pop() ?? '';
    if (name === source) continue;
    const index = flow.producer(name);
    if (index < 0 || found.has(index)) {
      if (index < 0) return null;
      continue;
    }
    const node = flow.nodes[index];
    if (!node || !does(flow, index, UNARY_STEPS) || found.size >= MAX_STEPS) return null;
    for (const input of node.inputs) {
      if (input === '') continue;
      if (flow.origin(input) === 'data') pending.push(input);
      else if (!isScalar(flow, input)) return null;
    }
    found.add(index);
  }
  return [...found];
}

/** The likeliest name where constants are not at hand (weights left out of the file). */
function labelByActs(flow: Flow, steps: readonly number[]): string {
  const ops = new Set(steps.map((index) => actOf(flow, index)));
  if (ops.has('erf')) return 'GELU';
  if (ops.has('tanh')) return ops.has('softplus') ? 'Mish' : 'GELU';
  if (ops.has('sigmoid')) return 'SiLU';
  return ops.has('hardSigmoid') || ops.has('clip') ? 'Hard swish' : 'Activation';
}

/** A scalar multiply right behind (the 0.5 of GELU, the 1/6 of hard swish), when nothing else reads the product. */
function trailingScale(flow: Flow, index: number): number {
  const [only, ...rest] = flow.after[index] ?? [];
  if (only === undefined || rest.length > 0) return -1;
  const node = flow.nodes[only];
  if (!node || !does(flow, only, SCALES)) return -1;
  return node.inputs.some((name) => isScalar(flow, name)) ? only : -1;
}

/** The activation that steps from `start` on compute, with the scalar multiply behind them where that is part of it. */
function named(flow: Flow, steps: readonly number[], start: string): Pick<Composite, 'label' | 'nodes'> {
  const scale = trailingScale(flow, steps[steps.length - 1] ?? -1);
  const nameOf = (nodes: readonly number[]): string | null => curveName((x) => evaluate(flow, nodes, start, x));
  const scaled = scale < 0 ? steps : [...steps, scale];
  const name = nameOf(scaled);
  if (name) return { label: name, nodes: scaled };
  const short = scale < 0 ? name : nameOf(steps);
  if (short !== null) return { label: short || 'Activation', nodes: steps };
  const guess = labelByActs(flow, steps);
  return { label: guess, nodes: guess === 'GELU' || guess === 'Hard swish' ? scaled : steps };
}

/** x * f(x) with f a chain of elementwise steps: SiLU, GELU, hard swish, Mish. */
function gatedSelf(flow: Flow, index: number): Composite | null {
  const node = flow.nodes[index];
  if (!node || !does(flow, index, SCALES)) return null;
  const [left = '', right = ''] = node.inputs;
  if (flow.origin(left) !== 'data' || flow.origin(right) !== 'data' || left === right) return null;
  for (const [source, value] of [
    [left, right],
    [right, left],
  ] as const) {
    const producer = flow.producer(source);
    const scaled = does(flow, producer, SCALES) ? dataInputs(flow, producer)[0] : undefined;
    for (const start of scaled === undefined ? [source] : [source, scaled]) {
      const steps = stepsBack(flow, value, start);
      if (!steps?.some((step) => does(flow, step, CURVES))) continue;
      const nodes = new Set([...steps, index]);
      if (start !== source) {
        if (!flow.nodes[producer]?.inputs.some((name) => isScalar(flow, name))) continue;
        nodes.add(producer);
      }
      const sorted = [...nodes].sort((a, b) => a - b);
      return { kind: 'activation', ...named(flow, sorted, start), input: start };
    }
  }
  return null;
}

function only(flow: Flow, index: number, ...acts: readonly Word[]): number {
  const set = words(...acts);
  for (const next of flow.after[index] ?? []) if (does(flow, next, set)) return next;
  return -1;
}

function affine(flow: Flow, index: number, act: Word): number {
  const [next, ...rest] = flow.after[index] ?? [];
  if (next === undefined || rest.length > 0 || actOf(flow, next) !== act) return -1;
  return dataInputs(flow, next).length === 1 ? next : -1;
}

/** True where a power's exponent is one of these, or is not at hand. */
function raisesTo(flow: Flow, index: number, exponents: readonly number[]): boolean {
  const exponent = flow.constants(flow.nodes[index]?.inputs[1] ?? '')?.[0];
  return exponent === undefined || exponents.includes(exponent);
}

/** x * x, or x to the power of 2. */
function isSquare(flow: Flow, index: number): boolean {
  if (actOf(flow, index) === 'power') return raisesTo(flow, index, [2]);
  const [left, right] = flow.nodes[index]?.inputs ?? [];
  return actOf(flow, index) === 'multiply' && left !== undefined && left === right;
}

/** Mean of squares, epsilon, root, quotient: what layer and RMS normalisation share. Returns the quotient and the steps before it. */
function rootMean(
  flow: Flow,
  square: number,
): { readonly mean: number; readonly steps: readonly number[]; readonly quotient: number } | null {
  const mean = only(flow, square, 'reduceMean');
  const epsilon = mean < 0 ? -1 : only(flow, mean, 'add');
  const root = epsilon < 0 ? -1 : only(flow, epsilon, 'root', 'power');
  if (root < 0 || (actOf(flow, root) === 'power' && !raisesTo(flow, root, [0.5, -0.5]))) return null;
  const reciprocal = only(flow, root, 'reciprocal');
  const quotient = only(flow, reciprocal < 0 ? root : reciprocal, 'divide', 'multiply');
  if (quotient < 0) return null;
  const inverse = only(flow, quotient, 'multiply');
  const steps = [square, mean, epsilon, root, ...(reciprocal < 0 ? [] : [reciprocal])];
  const isInverse = dataInputs(flow, quotient).length === 1 && actOf(flow, quotient) === 'divide' && inverse >= 0;
  return isInverse ? { mean, steps: [...steps, quotient], quotient: inverse } : { mean, steps, quotient };
}

/** Mean and variance are of the same elements. */
function sameAxes(flow: Flow, left: number, right: number): boolean {
  return reducedAxes(flow, left).join() === reducedAxes(flow, right).join();
}

function withAffine(flow: Flow, nodes: number[], quotient: number): readonly number[] {
  const all = [...nodes, quotient];
  let last = quotient;
  const cast = only(flow, last, 'cast');
  if (cast >= 0 && flow.after[last]?.length === 1) {
    all.push(cast);
    last = cast;
  }
  for (const act of ['multiply', 'add'] as const) {
    const next = affine(flow, last, act);
    if (next < 0) continue;
    all.push(next);
    last = next;
  }
  return [...new Set(all)].sort((a, b) => a - b);
}

/** (x - mean) / sqrt(mean((x - mean)^2) + eps), then scale and shift. */
function layerNorm(flow: Flow, index: number): Composite | null {
  if (actOf(flow, index) !== 'reduceMean') return null;
  const centre = only(flow, index, 'subtract');
  const square = centre < 0 ? -1 : only(flow, centre, 'power', 'multiply', 'cast');
  if (square < 0) return null;
  const start = actOf(flow, square) === 'cast' ? only(flow, square, 'power', 'multiply') : square;
  const found = start < 0 || !isSquare(flow, start) ? null : rootMean(flow, start);
  if (!found || !sameAxes(flow, index, found.mean)) return null;
  const nodes = [index, centre, ...(start === square ? [] : [square]), ...found.steps];
  return {
    kind: 'normalization',
    label: 'LayerNorm',
    nodes: withAffine(flow, nodes, found.quotient),
    input: dataInputs(flow, index)[0] ?? '',
  };
}

/** x / sqrt(mean(x^2) + eps), then scale. */
function rmsNorm(flow: Flow, index: number): Composite | null {
  const inputs = dataInputs(flow, index);
  if (!isSquare(flow, index)) return null;
  const found = rootMean(flow, index);
  if (!found || !dataInputs(flow, found.quotient).includes(inputs[0] ?? '')) return null;
  return { kind: 'normalization', label: 'RMSNorm', nodes: withAffine(flow, [...found.steps], found.quotient), input: inputs[0] ?? '' };
}

/** Finds layer and RMS normalisations, GELU, SiLU, hard swish and Mish among small operators. */
export function findComposites(flow: Flow): Composites {
  const of = new Int32Array(flow.nodes.length).fill(-1);
  const list: Composite[] = [];
  const claim = (composite: Composite | null): void => {
    if (!composite || composite.nodes.some((index) => (of[index] ?? 0) >= 0)) return;
    for (const index of composite.nodes) of[index] = list.length;
    list.push(composite);
  };
  flow.shown.forEach((index) => {
    if ((of[index] ?? 0) >= 0) return;
    const op = actOf(flow, index);
    if (op === 'reduceMean') claim(layerNorm(flow, index));
    else if (op === 'power' || op === 'multiply' || op === 'divide') {
      claim(op === 'divide' ? null : rmsNorm(flow, index));
      if ((of[index] ?? 0) < 0) claim(gatedSelf(flow, index));
    }
  });
  return compositesOf(flow, list, of);
}

/** Composites by the nodes that they hold; `of` gives each node's place in the list, -1 for none. */
export function compositesOf(flow: Flow, list: readonly Composite[], of: Int32Array): Composites {
  const kindAt = (index: number): Composite['kind'] | undefined => list[of[index] ?? -1]?.kind;
  return {
    list,
    of,
    isNormalization: (index) => kindAt(index) === 'normalization' || flow.meanings[index]?.kind === 'normalize',
    isActivation: (index) => kindAt(index) === 'activation' || (kindAt(index) === undefined && does(flow, index, ACTIVATIONS)),
  };
}
