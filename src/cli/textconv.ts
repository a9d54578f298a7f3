import { type Call, EXIT, parse } from './options';
import { writeDocument } from './output';
import { modelSource } from './standardInput';

/** `textconv MODEL`: the structure as text, for `git diff` (a `diff` driver in .gitattributes). */
export async function textconv(args: readonly string[], { engine, context }: Call): Promise<number> {
  const { positionals } = parse(args, ['MODEL'], {});
  await writeDocument(await engine.structure({ model: await modelSource(positionals[0] ?? '') }, context));
  return EXIT.done;
}
