import { UserError } from '../bytes';
import { own } from '../data';
import { type Dim, formatShape, graphInputs, isFloating, type Model, type Shape, type Value } from '../model';
import { attributesOf } from '../operators/attributes';
import { meaningOf } from '../operators/registry';
import type { Binding } from './profile';
import { nameInputDims } from './shapes/inputs';

/** What a person asks for: numbers for free dimensions, or whole shapes of inputs. */
export interface BindingRequest {
  readonly bindings?: Readonly<Record<string, number>> | undefined;
  readonly shapes?: Readonly<Record<string, readonly number[]>> | undefined;
  /** Values of inputs, by name: a number for every element, or one for all. */
  readonly values?: Readonly<Record<string, readonly number[]>> | undefined;
}

/** The sizes that an analysis is made with. */
export interface ChosenBindings {
  /** Every free dimension of the inputs with its number, assumed or asked for. */
  readonly bindings: Readonly<Record<string, Binding>>;
  /** The same without the notes. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Inputs whose whole shape was asked for. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}

/** What takes the place of the defaults. */
export interface Assumed {
  /** Side of images. */
  readonly imageSide?: number;
  /** Extents by the name of the free dimension. */
  readonly extents?: ReadonlyMap<string, number>;
}

/** Side of an image where nothing says otherwise: what most vision models are trained at. */
export const IMAGE_SIDE = 224;
/** Tokens of a sequence where nothing says otherwise. */
const SEQUENCE = 128;
/** Samples of one second of sound. */
const SAMPLES = 16_000;
/** Larger extents are no tensor's: a slip of the keyboard, caught before it becomes a figure. */
const MAX_EXTENT = 2 ** 31 - 1;

/**
 * Gives every free dimension of the inputs a number: what was asked for, else
 * a default chosen by the dimension's name and place, marked as assumed.
 * `assumed` takes the place of defaults, never of what was asked for.
 * @throws UserError when a request names no input or dimension, or has a wrong rank or extent.
 */
export function chooseBindings(model: Model, request: BindingRequest = {}, assumed: Assumed = {}): ChosenBindings {
  const inputs = graphInputs(model.graph).map(nameInputDims);
  const chosen = new Map<string, Binding>();
  for (const [name, value] of Object.entries(request.bindings ?? {})) {
    checkExtent(name, value);
    chosen.set(name, { value, assumed: false });
  }
  const shapes = requestedShapes(inputs, request.shapes ?? {}, chosen);
  const free = new Set<string>();
  for (const value of inputs) for (const dim of shapeOf(value) ?? []) if (typeof dim === 'string') free.add(dim);
  const fixed = fixedAxes(inputs, chosen, free);
  const unknown = Object.keys(request.bindings ?? {}).find((name) => !free.has(name) && !fixed.has(name) && !namesIn(model, name));
  if (unknown !== undefined) {
    const known = [...free].map((name) => `"${name}"`).join(', ') || 'none';
    throw new UserError(`The model has no free dimension "${unknown}"; its free dimensions are: ${known}.`);
  }
  const sums: string[] = [];
  const recurrent = recurrentInputs(model);
  const { imageSide = IMAGE_SIDE, extents } = assumed;
  for (const value of inputs) {
    shapeOf(value)?.forEach((dim, axis) => {
      if (typeof dim !== 'string' || chosen.has(dim)) return;
      if (/[+*]/.test(dim)) sums.push(dim);
      else {
        const extent = extents?.get(dim) ?? recurrent.get(value.name)?.[axis] ?? assume(value, dim, axis, imageSide);
        chosen.set(dim, { value: extent, assumed: true });
      }
    });
  }
  for (const name of sums) if (!chosen.has(name)) chosen.set(name, { value: evaluate(name, chosen) ?? SEQUENCE, assumed: true });
  const numbers = Object.fromEntries([...chosen].map(([name, { value }]) => [name, value]));
  // In the order of the inputs, whichever was asked for: fields stay where they are.
  const places = [...free].filter((name) => chosen.has(name));
  const ordered = [...new Set([...places, ...chosen.keys()])].flatMap((name) => {
    const binding = chosen.get(name);
    return binding ? [[name, binding] as const] : [];
  });
  return { bindings: Object.fromEntries(ordered), numbers, shapes: { ...shapes, ...withFixed(inputs, shapes, chosen, fixed) } };
}

interface FixedAxis {
  readonly input: string;
  readonly axis: number;
}

/** `image.2` names axis 2 of input "image" where the file fixes it, as it does where the file gives it no name. */
function fixedAxes(
  inputs: readonly Value[],
  chosen: ReadonlyMap<string, Binding>,
  free: ReadonlySet<string>,
): ReadonlyMap<string, FixedAxis> {
  const fixed = new Map<string, FixedAxis>();
  for (const value of inputs) {
    shapeOf(value)?.forEach((dim, axis) => {
      const name = `${value.name}.${axis}`;
      if (typeof dim === 'number' && chosen.has(name) && !free.has(name)) fixed.set(name, { input: value.name, axis });
    });
  }
  return fixed;
}

/** Whole shapes of the inputs of which a fixed axis was given another extent. @throws UserError where that contradicts a shape asked for. */
function withFixed(
  inputs: readonly Value[],
  asked: Readonly<Record<string, readonly number[]>>,
  chosen: ReadonlyMap<string, Binding>,
  fixed: ReadonlyMap<string, FixedAxis>,
): Readonly<Record<string, readonly number[]>> {
  const shapes = new Map<string, number[]>();
  for (const [name, { input, axis }] of fixed) {
    const declared = inputs.find((value) => value.name === input);
    const whole = own(asked, input) ?? (declared ? shapeOf(declared) : null) ?? [];
    const shape = shapes.get(input) ?? whole.map((dim) => (typeof dim === 'number' ? dim : (chosen.get(dim ?? '')?.value ?? 1)));
    const extent = chosen.get(name)?.value ?? 1;
    if (own(asked, input) && shape[axis] !== extent) {
      throw new UserError(`Axis ${axis} of input "${input}" cannot be both ${shape[axis]} and ${extent}.`);
    }
    shape[axis] = extent;
    shapes.set(input, shape);
  }
  return Object.fromEntries(shapes);
}

/** Extents of inputs that a recurrent layer reads as its sequence or its state, by axis: one sequence, so many steps. */
function recurrentInputs({ graph, opsets }: Model): ReadonlyMap<string, readonly (number | undefined)[]> {
  const found = new Map<string, readonly (number | undefined)[]>();
  const inputs = new Set(graphInputs(graph).map(({ name }) => name));
  for (const node of graph.nodes) {
    if (meaningOf(node, opsets)?.kind !== 'recur') continue;
    const batchFirst = attributesOf(node, undefined).int('layout', 0) === 1;
    for (const input of [0, 5, 6]) {
      const name = node.inputs[input];
      if (name === undefined || !inputs.has(name)) continue;
      const sequence = batchFirst ? [1, SEQUENCE] : [SEQUENCE, 1];
      found.set(name, input === 0 ? sequence : batchFirst ? [1] : [undefined, 1]);
    }
  }
  return found;
}

function shapeOf(value: Value): Shape | null {
  return value.type.kind === 'tensor' ? value.type.shape : null;
}

function checkExtent(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0 && value <= MAX_EXTENT) return;
  throw new UserError(`"${name}" must be a whole number between 0 and ${MAX_EXTENT}, not ${value}.`);
}

/** A free name that only intermediate values carry can be bound too. */
function namesIn(model: Model, name: string): boolean {
  return [...model.graph.values, ...model.graph.outputs].some((value) => shapeOf(value)?.includes(name));
}

function requestedShapes(
  inputs: readonly Value[],
  requested: Readonly<Record<string, readonly number[]>>,
  chosen: Map<string, Binding>,
): Readonly<Record<string, readonly number[]>> {
  const shapes = new Map<string, readonly number[]>();
  for (const [name, shape] of Object.entries(requested)) {
    const input = inputs.find((value) => value.name === name);
    if (!input) {
      const known = inputs.map((value) => `"${value.name}"`).join(', ') || 'none';
      throw new UserError(`The model has no input "${name}"; its inputs are: ${known}.`);
    }
    for (const dim of shape) checkExtent(name, dim);
    const declared = shapeOf(input);
    if (declared && declared.length !== shape.length) {
      throw new UserError(`Input "${name}" is ${formatShape(declared)}, and ${formatShape(shape)} has another rank.`);
    }
    declared?.forEach((dim, axis) => {
      const value = shape[axis];
      if (typeof dim !== 'string' || value === undefined) return;
      const before = chosen.get(dim);
      if (before && before.value !== value) {
        throw new UserError(`"${dim}" cannot be both ${before.value} and ${value} (axis ${axis} of input "${name}").`);
      }
      chosen.set(dim, { value, assumed: false });
    });
    shapes.set(name, shape);
  }
  return Object.fromEntries(shapes);
}

const CHANNELS = new Set<Dim>([1, 3, 4]);

/** By name first, then by the place in the kind of input it looks like. */
function assume(value: Value, name: string, axis: number, imageSide: number): number {
  const shape = shapeOf(value) ?? [];
  const lower = name.toLowerCase();
  const last = lower.split(/[._/]/).at(-1) ?? lower;
  if (/batch/.test(lower) || (axis === 0 && /^(n|b|bs|bsz)$/.test(lower))) return 1;
  if (/past|cache/.test(lower) && /seq|len/.test(lower)) return 0;
  if (/height|width|image_?size|^(h|w)$/.test(lower)) return otherSide(shape, axis) ?? imageSide;
  if (/channel|^c$/.test(last)) return 3;
  if (/seq|token|length|^(s|t|l)$/.test(lower)) return SEQUENCE;
  if (axis === 0) return 1;
  return byPlace(value, shape, axis, imageSide);
}

function byPlace(value: Value, shape: Shape, axis: number, imageSide: number): number {
  const floating = value.type.kind === 'tensor' && (isFloating(value.type.dtype) || value.type.dtype === 'uint8');
  if (floating && shape.length === 4) {
    const last = CHANNELS.has(shape[3] ?? null) && !CHANNELS.has(shape[1] ?? null);
    if (axis === (last ? 3 : 1)) return 3;
    return otherSide(shape, axis) ?? imageSide;
  }
  if (floating && shape.length === 3) {
    if (CHANNELS.has(shape[0] ?? null) || CHANNELS.has(shape[2] ?? null)) return otherSide(shape, axis) ?? imageSide;
    return SEQUENCE;
  }
  if (floating && shape.length === 2) return SAMPLES;
  return SEQUENCE;
}

/** The extent of the other spatial axis, when it is fixed: images are mostly square. */
function otherSide(shape: Shape, axis: number): number | null {
  if (shape.length < 3) return null;
  for (const near of [axis + 1, axis - 1]) {
    const dim = shape[near];
    if (near > 0 && typeof dim === 'number' && dim > 4) return dim;
  }
  return null;
}

/** Sums and products of bound names, as exporters write them: `past_sequence_length + 1`. */
function evaluate(text: string, chosen: ReadonlyMap<string, Binding>): number | null {
  let sum = 0;
  for (const term of text.split('+')) {
    let product = 1;
    for (const factor of term.split('*')) {
      const name = factor.trim();
      const value = /^\d+$/.test(name) ? Number(name) : chosen.get(name)?.value;
      if (value === undefined) return null;
      product *= value;
    }
    sum += product;
  }
  return Number.isSafeInteger(sum) && sum <= MAX_EXTENT ? sum : null;
}
