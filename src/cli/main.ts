import { createEngine } from '../engine/engine';
import { isForPeople } from '../protocol';
import { arch } from './arch';
import { check } from './check';
import { compare } from './compare';
import { inspect } from './inspect';
import { type Call, EXIT, UsageError } from './options';
import { profile } from './profile';
import { run } from './run';
import { textconv } from './textconv';

const USAGE = `Usage:
  model-loupe inspect MODEL [--json]
  model-loupe profile MODEL [--input NAME=1x3x224x224] [--bind NAME=N]
                      [--group block|category|op|node] [--by macs|flops|parameters|bytes|time]
                      [--measure [--provider auto|cpu|webgpu|...] [--runs N]]
                      [--convention macs|flops] [--json | --csv | --markdown]
  model-loupe run MODEL IMAGE [--provider auto|cpu|webgpu|cuda|tensorrt|dml|coreml]
                      [--attention OUT.png] [--top N] [--json]
  model-loupe compare MODEL... [--baseline MODEL] [--sizes 224,384,512]
                      [--format table|md|csv|json|html] [--diff]
  model-loupe arch list [--family NAME] [--json]
  model-loupe arch show NAME [--knob NAME=VALUE] [--json]
  model-loupe arch build NAME [--knob NAME=VALUE] [-o OUT.onnx]
                      [--weights none|seeded] [--seed N]
  model-loupe check MODEL --budget BUDGETS.json [--bind NAME=N] [--json]
  model-loupe textconv MODEL
  model-loupe --version

compare and check take arch:NAME for a reference system in place of a file.

Results go to standard output, messages to standard error.
Exit codes: 0 done, 1 the model or the image is wrong or a budget is passed, 2 the command is wrong.
`;

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
    process.stdout.write(USAGE);
    return EXIT.done;
  }
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${VERSION}\n`);
    return EXIT.done;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return usage(`There is no command "${name}".`);
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(USAGE);
    return EXIT.done;
  }
  try {
    return await command(rest, { engine: createEngine(), context: { signal: new AbortController().signal, progress: () => {} } });
  } catch (error) {
    if (error instanceof UsageError) return usage(error.message);
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`model-loupe: ${isForPeople(error) || !(error instanceof Error) ? message : (error.stack ?? message)}\n`);
    return EXIT.wrong;
  }
}

function usage(message: string): number {
  process.stderr.write(`model-loupe: ${message}\n${USAGE}`);
  return EXIT.usage;
}
