import { attributesOf } from '../../operators/attributes';
import type { Flow } from './flow';
import type { PlacedLayer } from './layerKinds';
import { actOf, isTransparent } from './words';

/** Steps from a layer back to where its branch begins. */
const MAX_STEPS = 40;

/** True for a transposition that exchanges the last two of three axes: tokens and channels. */
function exchanges(flow: Flow, index: number): boolean {
  const node = flow.nodes[index];
  if (!node || actOf(flow, index) !== 'transpose') return false;
  return attributesOf(node, flow.scope.attributes).ints('perm')?.join() === '0,2,1';
}

/**
 * True where a linear layer of a branch over tokens `[N, T, C]` works along them: tokens and channels were
 * exchanged an odd number of times before it, or its matrix stands left of the tokens.
 */
export function mixesTokens(flow: Flow, branch: ReadonlySet<number>, { index, layer, kind }: PlacedLayer): boolean {
  if (kind !== 'linear' || flow.shape(layer.input)?.length !== 3) return false;
  let odd = flow.nodes[index]?.inputs.indexOf(layer.input) === 1 && flow.nodes[index]?.inputs[0] === layer.weight;
  let at = flow.producer(layer.input);
  for (let step = 0; step < MAX_STEPS && branch.has(at); step++) {
    if (exchanges(flow, at)) odd = !odd;
    const inputs = flow.nodes[at]?.inputs ?? [];
    const data = inputs.filter((name) => name !== '' && flow.origin(name) === 'data');
    const next: string | undefined = isTransparent(flow, at) ? inputs[0] : data[0];
    if (next === undefined) break;
    at = flow.producer(next);
  }
  return odd;
}
