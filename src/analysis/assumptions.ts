import { graphInputs, type Model } from '../model';
import { type Assumed, type BindingRequest, type ChosenBindings, chooseBindings, IMAGE_SIDE } from './bindings';

/** Sides of images to try, likeliest first, when the default does not fit the model's own constants. */
const IMAGE_SIDES = [224, 256, 384, 299, 336, 448, 512, 640, 320, 288, 240, 192, 160, 128, 96, 64, 48, 32, 28];
/** Extents of everything else: one, windows of sound, steps of sequences. */
const EXTENTS = [1, 512, 256, 576, 1536, 128, 64, 1024, 4096, 16_000, 32, 8, 80];
/** Dimensions that are tried one by one. */
const TRIED = 6;

/** One change of what is assumed: the side of images, or other free dimensions. */
export type Trial = (assumed: Assumed) => Assumed;

/**
 * What to assume instead where a model's shapes contradict the defaults, in groups: images have one side, other
 * dimensions are tried each by itself, then together; what was taken for a batch stays 1 as long as it can. Within a
 * group the likeliest comes first.
 */
export function trialsOf(model: Model, request: BindingRequest, chosen: ChosenBindings): readonly (readonly Trial[])[] {
  const other = chooseBindings(model, request, { imageSide: IMAGE_SIDE + 1 });
  const sides: string[] = [];
  const rest: string[] = [];
  const ones: string[] = [];
  for (const [name, { value, assumed }] of Object.entries(chosen.bindings)) {
    // A size of 0 is a past that is not there yet, and a sum follows its parts.
    if (!assumed || value === 0 || /[+*]/.test(name) || isBatch(name)) continue;
    (other.numbers[name] !== value ? sides : value === 1 ? ones : rest).push(name);
  }
  const extents = [...new Set([...EXTENTS, ...fixedExtents(model)])];
  const set = (names: readonly string[]) =>
    extents.map(
      (extent): Trial =>
        (assumed) =>
          withExtents(assumed, names, extent),
    );
  return [
    ...(sides.length > 0
      ? [
          IMAGE_SIDES.map(
            (imageSide): Trial =>
              (assumed) => ({ ...assumed, imageSide }),
          ),
        ]
      : []),
    ...rest.slice(0, TRIED).map((name) => set([name])),
    ...(rest.length > 1 ? [set(rest)] : []),
    ...[...ones, ...sides].slice(0, TRIED).map((name) => set([name])),
  ];
}

/** Named as a batch, it is one. */
function isBatch(name: string): boolean {
  return /batch/i.test(name);
}

function withExtents(assumed: Assumed, names: readonly string[], extent: number): Assumed {
  const extents = new Map(assumed.extents);
  for (const name of names) extents.set(name, extent);
  return { ...assumed, extents };
}

/** What the inputs declare elsewhere: a state's width may be an input's. */
function fixedExtents(model: Model): readonly number[] {
  const extents = graphInputs(model.graph).flatMap(({ type }) => (type.kind === 'tensor' ? (type.shape ?? []) : []));
  return extents.filter((extent) => typeof extent === 'number').filter((extent) => extent > 0);
}
