import { createEngine } from '../engine/engine';
import { isForPeople } from '../protocol';
import { arch } from './arch';
import { check } from './check';
import { compare } from './compare';
import { diff } from './diffCommand';
import { extract } from './extract';
import { footprint } from './footprint';
import { health } from './health';
import { helpText, usageText } from './help';
import { inspect } from './inspect';
import { type Call, EXIT, UsageError } from './options';
import { complain, noteLines, OutputError, writeDocument, writeLines } from './output';
import { profile } from './profile';
import { run } from './run';
import { scan } from './scan';
import { stats } from './stats';
import { textconv } from './textconv';

declare const VERSION: string;

const COMMANDS: Readonly<Record<string, (args: readonly string[], call: Call) => Promise<number>>> = {
  arch,
  check,
  compare,
  diff,
  extract,
  footprint,
  health,
  inspect,
  profile,
  run,
  scan,
  stats,
  textconv,
};

/** Runs one command line and returns its exit code. Never throws. */
export async function main(args: readonly string[]): Promise<number> {
  const [name] = args;
  try {
    return await dispatch(args);
  } catch (error) {
    if (error instanceof UsageError) return usage(error.message, name);
    if (error instanceof OutputError) return outputFailed(error);
    if (isForPeople(error) || !(error instanceof Error)) complain(error instanceof Error ? error.message : String(error));
    else noteLines(`model-loupe: ${error.stack ?? error.message}`.split('\n'));
    return EXIT.wrong;
  }
}

async function dispatch([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined) return usage('No command given.');
  if (name === '--help' || name === '-h' || name === 'help') return help(rest[0]);
  if (name === '--version' || name === '-v') {
    await writeLines([VERSION]);
    return EXIT.done;
  }
  const command = commandOf(name);
  if (!command) return usage(`There is no command "${name}".`);
  // What stands after `--` is a name, whatever it looks like.
  const end = rest.indexOf('--');
  const options = end < 0 ? rest : rest.slice(0, end);
  if (options.includes('--help') || options.includes('-h')) return help(name);
  return command(rest, { engine: createEngine(), context: { signal: new AbortController().signal, progress: () => {} } });
}

function commandOf(name: string) {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
}

async function help(name: string | undefined): Promise<number> {
  if (name !== undefined && !commandOf(name)) return usage(`There is no command "${name}".`);
  await writeDocument(helpText(name));
  return EXIT.done;
}

function outputFailed(error: OutputError): number {
  if (error.readerIsGone) return EXIT.readerGone;
  complain(error.message);
  return EXIT.wrong;
}

function usage(message: string, command?: string): number {
  complain(message);
  noteLines(usageText(command).trimEnd().split('\n'));
  return EXIT.usage;
}
