import { type BuiltModel, GraphBuilder, type Handle } from './graph';

/** A model from square RGB images `input` `[batch, 3, side, side]` to `logits` `[batch, classes]`. */
export function imageClassifier(name: string, side: number, body: (b: GraphBuilder, image: Handle) => Handle): BuiltModel {
  const b = new GraphBuilder({ name });
  b.output(body(b, b.input('input', ['batch', 3, side, side])), 'logits');
  return b.build();
}
