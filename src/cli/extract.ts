import { formatBytes } from '../report/format';
import { type Call, EXIT, parse, UsageError } from './options';
import { note } from './output';
import { modelSource } from './standardInput';

/** `extract FILE TENSOR... -o OUT`: stored tensors as a file of NumPy, or as a safetensors file. */
export async function extract(args: readonly string[], { engine, context }: Call): Promise<number> {
  const { values, positionals } = parse(args, ['FILE', 'TENSOR', '...'], { output: { type: 'string', short: 'o' } });
  const [path = '', ...tensors] = positionals;
  const out = values.output;
  if (out === undefined || !/\.(?:npy|safetensors)$/i.test(out)) throw new UsageError('-o OUT.npy or -o OUT.safetensors is missing.');
  if (tensors.length > 1 && /\.npy$/i.test(out))
    throw new UsageError('A .npy file holds one tensor; write several to a .safetensors file.');
  const { handle } = await engine.open({ model: await modelSource(path) }, context);
  const { bytes } = await engine.extract({ handle, tensors: [...new Set(tensors)], path: out }, context);
  note(`wrote ${out}, ${formatBytes(bytes)}, ${tensors.length === 1 ? '1 tensor' : `${tensors.length} tensors`}`);
  return EXIT.done;
}
