import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { CallContext, EngineApi, Handlers } from '../protocol';

/** `readerGone` is what a shell says of a program that wrote to a closed pipe: 128 and SIGPIPE. */
export const EXIT = { done: 0, wrong: 1, usage: 2, readerGone: 141 } as const;

/** What every command is given: the engine, called in this process. */
export interface Call {
  readonly engine: Handlers<EngineApi>;
  readonly context: CallContext;
}

/** The command line itself is wrong; `main` prints the usage after it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * `parseArgs` with its complaints as usage errors and the number of positional
 * arguments checked; a last `...` stands for any more of the one before it.
 */
export function parse<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  positionals: readonly string[],
  options: Options,
) {
  const parsed = attempt(() => parseArgs({ args: [...args], options, allowPositionals: true, strict: true, tokens: true }));
  const given = new Set<string>();
  for (const token of parsed.tokens ?? []) {
    if (token.kind !== 'option' || options[token.name]?.multiple) continue;
    if (given.has(token.name)) throw new UsageError(`${token.rawName} is given twice.`);
    given.add(token.name);
  }
  const many = positionals.at(-1) === '...';
  const missing = positionals[parsed.positionals.length];
  if (missing !== undefined && missing !== '...') throw new UsageError(`${missing} is missing.`);
  const extra = many ? undefined : parsed.positionals[positionals.length];
  if (extra !== undefined) throw new UsageError(`"${extra}" is one argument too many.`);
  return parsed;
}

function attempt<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** `NAME=1x3x224x224` (or commas) to its extents; the name may be left out with one input: `1x3x224x224`. */
export function parseShape(text: string): { readonly name: string; readonly shape: readonly number[] } {
  const split = text.lastIndexOf('=');
  const extents = text.slice(split + 1);
  const shape = extents === '' ? [] : extents.split(/[x,]/).map(Number);
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
    throw new UsageError(`--input ${text} is not NAME=SHAPE, such as input=1x3x224x224.`);
  }
  return { name: split < 0 ? '' : text.slice(0, split), shape };
}

/** `NAME=N` for a free dimension. */
export function parseBinding(text: string): readonly [string, number] {
  const split = text.lastIndexOf('=');
  const value = Number(text.slice(split + 1));
  if (split <= 0 || !Number.isSafeInteger(value) || value < 1) throw new UsageError(`--bind ${text} is not NAME=NUMBER, such as batch=1.`);
  return [text.slice(0, split), value];
}

/** The one of `choices` that was asked for. */
export function oneOf<Choice extends string>(option: string, value: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new UsageError(`--${option} ${value} is not one of ${choices.join(', ')}.`);
  return found;
}
