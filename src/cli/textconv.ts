import { type Call, EXIT, modelFile, parse } from './options';

/** `textconv MODEL`: the structure as text, for `git diff` (a `diff` driver in .gitattributes). */
export async function textconv(args: readonly string[], { engine, context }: Call): Promise<number> {
  const { positionals } = parse(args, ['MODEL'], {});
  process.stdout.write(await engine.structure({ model: modelFile(positionals[0] ?? '') }, context));
  return EXIT.done;
}
