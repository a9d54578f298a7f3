import { type Dim, type DType, isFloating, type Shape } from '../../model';

/** How large a model's input is: the side of its square images, or the steps of its sequences. */
export interface InputSize {
  readonly kind: 'image' | 'sequence';
  /** `null` where sides or inputs differ. */
  readonly size: number | null;
}

/** An input with its extents: free dimensions by their names, or already bound. */
export interface SizedInput {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape | null;
}

/** The axes of a model's inputs that are its size. */
export interface SizeAxes {
  readonly kind: InputSize['kind'];
  readonly axes: ReadonlyMap<string, readonly number[]>;
}

const SEQUENCE_NAME = /seq|token|length|frame|time|^(s|t|l)$/i;
/** Of keys and values kept from earlier steps: not the sequence that is given now. */
const CACHE_NAME = /past|cache/i;
const COLOURS = new Set<Dim>([3, 4]);

/**
 * Which axes a larger image or a longer sequence changes: height and width of every image, or else the steps of
 * every sequence, with the masks over them. `null` for a model that takes neither.
 */
export function sizeAxes(inputs: readonly SizedInput[]): SizeAxes | null {
  const images = collect(inputs, colourAxes);
  if (images.size > 0) return { kind: 'image', axes: images };
  const sequences = collect(inputs, stepAxes);
  if (sequences.size > 0) return { kind: 'sequence', axes: sequences };
  const maps = collect(inputs, mapAxes);
  return maps.size > 0 ? { kind: 'image', axes: maps } : null;
}

/** The size that inputs with bound extents have. */
export function inputSize(inputs: readonly SizedInput[], found = sizeAxes(inputs)): InputSize | null {
  if (!found) return null;
  const extents = inputs.flatMap(({ name, shape }) => (found.axes.get(name) ?? []).map((axis) => shape?.[axis] ?? null));
  const [first = null] = extents;
  const one = typeof first === 'number' && extents.every((extent) => extent === first);
  return { kind: found.kind, size: one ? first : null };
}

function collect(inputs: readonly SizedInput[], axesOf: (input: SizedInput) => readonly number[]): ReadonlyMap<string, readonly number[]> {
  return new Map(
    inputs.flatMap((input) => {
      const axes = CACHE_NAME.test(input.name) ? [] : axesOf(input);
      return axes.length > 0 ? [[input.name, axes] as const] : [];
    }),
  );
}

/** Height and width of `[N, 3, H, W]`, `[N, H, W, 3]` and `[3, H, W]`. */
function colourAxes({ dtype, shape }: SizedInput): readonly number[] {
  if (!shape || !(isFloating(dtype) || dtype === 'uint8')) return [];
  if (shape.length === 4) return COLOURS.has(shape[1] ?? null) ? [2, 3] : COLOURS.has(shape[3] ?? null) ? [1, 2] : [];
  return shape.length === 3 && COLOURS.has(shape[0] ?? null) && shape[1] === shape[2] ? [1, 2] : [];
}

/** Height and width of feature maps of any depth: `[N, C, H, W]`, or `[N, H, W, 1]`. */
function mapAxes({ dtype, shape }: SizedInput): readonly number[] {
  if (shape?.length !== 4 || !(isFloating(dtype) || dtype === 'uint8')) return [];
  if (shape.some((dim) => typeof dim === 'string' && CACHE_NAME.test(dim))) return [];
  return shape[3] === 1 && shape[1] !== 1 ? [1, 2] : [2, 3];
}

/** Steps of `[N, S]`, `[N, S, D]` and `[S, N, D]`: by the dimension's name, else by its place. */
function stepAxes({ dtype, shape }: SizedInput): readonly number[] {
  if (!shape || shape.length < 1 || shape.length > 3) return [];
  const named = shape.flatMap((dim, axis) => (isSteps(dim) ? [axis] : []));
  if (named.length > 0 || shape.length === 1) return named;
  const axis = shape.length === 3 && shape[1] === 1 && shape[0] !== 1 ? 0 : 1;
  const dim = shape[axis] ?? null;
  if (typeof dim === 'string') return followsOthers(dim) ? [] : [axis];
  // A row of fixed numbers is features, not a sequence.
  return shape.length === 2 && isFloating(dtype) ? [] : [axis];
}

function isSteps(dim: Dim): boolean {
  return typeof dim === 'string' && SEQUENCE_NAME.test(dim) && !/batch/i.test(dim) && !followsOthers(dim);
}

/** A cache's extent, or a sum such as `past_sequence_length + 1`, is bound by what it is made of. */
function followsOthers(dim: string): boolean {
  return CACHE_NAME.test(dim) || /[+*]/.test(dim);
}
