import type { Dim } from '../../model';
import { noArithmetic } from '../common/costs';
import { operator } from '../common/define';
import { extent } from '../common/extents';
import { knownScalar, tensorFact } from '../common/shapes';
import { type Fact, type Operator, type ShapeContext, type ShapeRule, UNKNOWN } from '../rule';

const DOMAIN = 'com.microsoft';
/** Bodies that run once, before the decoder runs token by token. */
const ONCE = ['encoder', 'init_decoder'];

function known(context: ShapeContext, input: number): Dim {
  const number = knownScalar(context.tensor(input));
  return number !== null && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** Goes into every body; the encoder is given the prompt, a decoder's inputs change from token to token. */
function enterBodies(context: ShapeContext): void {
  const prompt = context.inputs[0] ?? UNKNOWN;
  const mask: Fact = tensorFact('int32', context.tensor(0)?.shape ?? null);
  for (const name of [...ONCE, 'decoder']) {
    const body = context.attributes.get(name);
    if (body?.kind !== 'graph') continue;
    // What follows the prompt depends on the kind of model: a mask for text, nothing for sound.
    const isText = context.tensor(0)?.shape?.length === 2;
    context.infer(body.value, name === 'encoder' ? [prompt, ...(isText ? [mask] : [])] : []);
  }
}

/** `sequences [batch, returned, length]`, their scores `[batch, returned]`; what else there is depends on the run. */
const beamSearch: ShapeRule = (context) => {
  enterBodies(context);
  const batch = extent(context.tensor(0), 0);
  const returned = known(context, 4);
  const scores = context.tensor(5)?.dtype ?? 'float32';
  return [tensorFact('int32', [batch, returned, known(context, 1)]), tensorFact(scores, [batch, returned])];
};

/** `sequences [batch, length]`. */
const search: ShapeRule = (context) => {
  enterBodies(context);
  return [tensorFact('int32', [extent(context.tensor(0), 0), known(context, 1)])];
};

/** Search operators that hold the models they run: their parameters count, their work has as many turns as tokens are made. */
export const CONTRIB_GENERATION: readonly Operator[] = [
  operator('BeamSearch', 1, beamSearch, noArithmetic, DOMAIN),
  operator('GreedySearch', 1, search, noArithmetic, DOMAIN),
  operator('Sampling', 1, search, noArithmetic, DOMAIN),
  operator('WhisperBeamSearch', 1, beamSearch, noArithmetic, DOMAIN),
].map((one) => ({ ...one, runsOnce: ONCE }));
