import type { Answer, TensorAnswer } from '../answer';
import type { Labels } from '../labels';
import { classes } from './classes';
import type { Decoded, Decoder, OutputTensor } from './decoder';

export type { Decoded, OutputTensor } from './decoder';

const DECODERS: readonly Decoder[] = [classes];

/** Every answer that the outputs give; an output that no decoder understands answers as the tensor it is. */
export function decodeOutputs(outputs: readonly OutputTensor[], labels: Labels): Decoded {
  const found = DECODERS.map((decoder) => decoder.decode(outputs, labels));
  const answers: readonly Answer[] = found.flatMap((decoded) => decoded.answers);
  const understood = new Set(answers.map(({ output }) => output));
  const rest = outputs.filter(({ name }) => !understood.has(name));
  const tensors = rest.map(({ name, dtype, shape }): TensorAnswer => ({ kind: 'tensor', output: name, dtype, shape }));
  return { answers: [...answers, ...tensors], warnings: found.flatMap(({ warnings }) => warnings) };
}
