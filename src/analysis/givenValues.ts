import { UserError } from '../bytes';
import { own } from '../data';
import { graphInputs, type Model } from '../model';
import { tensorFact } from '../operators/common/shapes';
import { type Fact, MAX_KNOWN_ELEMENTS } from '../operators/rule';
import { factOfType } from './shapes/facts';
import { nameInputDims } from './shapes/inputs';

interface Given {
  /** By input: a number for every element, or one for all. */
  readonly values: Readonly<Record<string, readonly number[]>>;
  readonly numbers: Readonly<Record<string, number>>;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}

/**
 * Facts of the inputs whose values a person gave, so that branches and extents that depend on them are known.
 * @throws UserError for an input that the model has not, or another number of elements.
 */
export function givenFacts(model: Model, { values, numbers, shapes }: Given): ReadonlyMap<string, Fact> {
  const facts = new Map<string, Fact>();
  const inputs = graphInputs(model.graph).map(nameInputDims);
  for (const [name, given] of Object.entries(values)) {
    const input = inputs.find((value) => value.name === name);
    if (!input) {
      const known = inputs.map((value) => `"${value.name}"`).join(', ') || 'none';
      throw new UserError(`The model has no input "${name}" to give a value; its inputs are: ${known}.`);
    }
    const declared = factOfType(input.type, numbers);
    if (declared.kind !== 'tensor') throw new UserError(`Input "${name}" is no tensor, and no value can be given for it.`);
    const shape = own(shapes, name) ?? declared.shape;
    const elements = shape?.reduce<number>((product, extent) => product * (typeof extent === 'number' ? extent : Number.NaN), 1);
    if (shape === null || elements === undefined || Number.isNaN(elements)) continue;
    if (given.length !== 1 && given.length !== elements) {
      throw new UserError(
        `Input "${name}" has ${elements} elements, and ${given.length} values were given; give one for all, or one for each.`,
      );
    }
    const data = elements <= MAX_KNOWN_ELEMENTS ? Array.from({ length: elements }, (_, at) => given[at % given.length] ?? 0) : null;
    facts.set(name, tensorFact(declared.dtype, shape, data));
  }
  return facts;
}
