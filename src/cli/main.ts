import { createEngine } from '../engine/engine';
import { isForPeople } from '../protocol';
import { arch } from './arch';
import { check } from './check';
import { compare } from './compare';
import { helpText, usageText } from './help';
import { inspect } from './inspect';
import { type Call, EXIT, UsageError } from './options';
import { profile } from './profile';
import { run } from './run';
import { textconv } from './textconv';

declare const VERSION: string;

const COMMANDS: Readonly<Record<string, (args: readonly string[], call: Call) => Promise<number>>> = {
  arch,
  check,
  compare,
  inspect,
  profile,
  run,
  textconv,
};

/** Runs one command line and returns its exit code. Never throws. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) return usage('No command given.');
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(helpText(rest[0]));
    return EXIT.done;
  }
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${VERSION}\n`);
    return EXIT.done;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return usage(`There is no command "${name}".`);
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(helpText(name));
    return EXIT.done;
  }
  try {
    return await command(rest, { engine: createEngine(), context: { signal: new AbortController().signal, progress: () => {} } });
  } catch (error) {
    if (error instanceof UsageError) return usage(error.message, name);
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`model-loupe: ${isForPeople(error) || !(error instanceof Error) ? message : (error.stack ?? message)}\n`);
    return EXIT.wrong;
  }
}

function usage(message: string, command?: string): number {
  process.stderr.write(`model-loupe: ${message}\n${usageText(command)}`);
  return EXIT.usage;
}
