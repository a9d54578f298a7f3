interface Help {
  /** Lines after `model-loupe`. */
  readonly usage: readonly string[];
  readonly about: readonly string[];
}

const EXIT_CODES = 'Exit codes: 0 done, 1 a model, an image or another file is wrong, 2 the command is wrong.';
const INPUT = 'MODEL may be -, standard input: it is read whole, and no file beside it is looked for.';
const REFERENCES = 'MODEL is a model file, or arch:NAME for a reference system.';
const KNOBS = 'NAME is a variant or a family; "arch show NAME" lists its knobs. --knob imageSize=384 and --imageSize 384 are the same.';

/** What each command takes, and what its exit codes mean. */
const HELP: Readonly<Record<string, Help>> = {
  inspect: {
    usage: ['inspect MODEL [--depth N|all] [--json]'],
    about: [
      'Says format, inputs, outputs, parameters and multiply-adds.',
      'Of a checkpoint its parameters, their split, its sections and module tree, down to --depth (3 unless given); --json has every tensor.',
      INPUT,
      EXIT_CODES,
    ],
  },
  profile: {
    usage: [
      'profile MODEL [--input NAME=1x3x224x224] [--bind NAME=N] [--value NAME=16000|1,2,3|@FILE.npy]',
      '        [--group block|category|op|node] [--by macs|flops|parameters|bytes|time]',
      '        [--measure [--provider auto|cpu|webgpu|...] [--runs N]]',
      '        [--as thop|fvcore|ptflops|torchinfo|torch|onnx-tool|keras|all]',
      '        [--convention macs|flops] [--json | --csv | --markdown]',
    ],
    about: [
      'Counts a model by block, category, operator or node.',
      '--value gives an input its numbers: one for all elements, one for each, or a file of NumPy. Branches that they decide are counted as taken.',
      '--as gives what another tool would print for this model, and why it differs from ours, line by line.',
      INPUT,
      EXIT_CODES,
    ],
  },
  run: {
    usage: ['run MODEL IMAGE [--provider auto|cpu|webgpu|cuda|tensorrt|dml|coreml]', '    [--attention OUT.png] [--top N] [--json]'],
    about: ['Runs an image through a model. One of the two may be -, standard input.', EXIT_CODES],
  },
  compare: {
    usage: ['compare MODEL... [--baseline MODEL] [--sizes 224,384,512]', '        [--format table|md|csv|json|html] [--diff]'],
    about: [
      'Sets budgets of models side by side, with differences to the baseline, the first unless given.',
      `${REFERENCES} NAME.loupe.json stands for the models that it lists; --baseline may name one by its label.`,
      '--sizes gives every model images of these sides, or sequences of these steps. --diff lists the blocks that differ between two models.',
      'A model that fails says so in its row, and the others are compared.',
      'Exit codes: 0 done, 1 a row failed, 2 the command is wrong.',
    ],
  },
  arch: {
    usage: [
      'arch list [--family NAME] [--json]',
      'arch show NAME [--knob KNOB=VALUE] [--json]',
      'arch build NAME [--knob KNOB=VALUE] [-o OUT.onnx]',
      '           [--weights none|seeded] [--seed N]',
    ],
    about: [
      'Lists, counts and writes the reference systems.',
      KNOBS,
      '--weights none, unless told otherwise, writes the structure alone; seeded gives the same bytes on every machine.',
      'Exit codes: 0 done, 1 knobs do not fit or a file cannot be written, 2 the command is wrong.',
    ],
  },
  check: {
    usage: ['check MODEL --budget BUDGETS.json [--bind NAME=N] [--json]'],
    about: [
      'Holds a model to the limits of a budgets file, and names the blocks that a broken one is owed to.',
      REFERENCES,
      INPUT,
      'Exit codes: 0 every limit holds, 1 a limit is broken or a file is wrong, 2 the command is wrong.',
    ],
  },
  stats: {
    usage: ['stats FILE [TENSOR...] [--json]'],
    about: [
      'Figures of every stored tensor: minimum, maximum, mean, standard deviation, norm, zeros, NaN, Inf, filters of zeros.',
      'With TENSOR those of the named ones, and their histograms. Values are read piece by piece, whatever their size.',
      'FILE is a checkpoint or a model.',
      EXIT_CODES,
    ],
  },
  health: {
    usage: ['health FILE [--json]'],
    about: [
      'Reads all values of a checkpoint and says what is wrong with them: NaN, Inf, all zero, constant, dead units, extreme norms,',
      'values stored twice, surprising types, BatchNorm statistics that were never updated.',
      'Exit codes: 0 done, 1 there are NaN or Inf, or a file is wrong, 2 the command is wrong.',
    ],
  },
  diff: {
    usage: ['diff A B [--keys] [--json] [-o MENDED.safetensors]'],
    about: [
      'Says what differs between two checkpoints: added, removed, reshaped, cast, renamed and changed tensors, most changed first.',
      '--keys reads no values: missing and unexpected keys as PyTorch lists them for A loaded into B, the likely reasons,',
      'and the Python that mends them. -o writes A as B loads it: renamed, split, joined, axes in order; no value is changed.',
      'A and B are checkpoints, models (by their stored weights), or arch:NAME for a reference system.',
      'Two models without --keys are compared block by block, as compare --diff does.',
      EXIT_CODES,
    ],
  },
  footprint: {
    usage: ['footprint FILE [--optimizer NAME] [--precision fp32|amp|bf16|master] [--json]'],
    about: [
      'Says what training a checkpoint holds in memory: weights, gradients, optimizer states, copies and buffers, without activations.',
      'Optimizers: sgd, momentum, adamw, adamw8bit, lion, rmsprop, adagrad, adafactor. amp is autocast; master keeps a copy in 4 bytes.',
      EXIT_CODES,
    ],
  },
  extract: {
    usage: ['extract FILE TENSOR... -o OUT.npy|OUT.safetensors'],
    about: [
      'Writes stored tensors of a checkpoint or a model as a file of NumPy (one) or a safetensors file.',
      'For NumPy bfloat16 and smaller floats become float32, integers of fewer than 8 bits bytes; block-quantised ones are decoded.',
      EXIT_CODES,
    ],
  },
  scan: {
    usage: ['scan FILE|FOLDER... [--json]'],
    about: [
      'Says what loading files would import and call besides reading tensors; nothing of it is run.',
      'safe: harmless reconstruction alone. unknown: classes that are not known, or a part that cannot be read.',
      'unsafe: commands, code, files or connections. Of PyTorch files also whether they load under weights_only.',
      'Pickles in any format are found: in archives, in arrays of objects, in one another. Folders are gone through.',
      'Exit codes: 0 no file is unsafe, 1 one is, or cannot be read, 2 the command is wrong.',
    ],
  },
  textconv: {
    usage: ['textconv MODEL'],
    about: ['Prints the structure as stable text without the values of weights, for git diff.', INPUT, EXIT_CODES],
  },
};

/** The help of one command, or of all. */
export function helpText(command?: string): string {
  const help = command === undefined ? undefined : HELP[command];
  if (help) return `${usage([help])}\n${help.about.join('\n')}\n`;
  return `${usage(Object.values(HELP), ['--version'])}
model-loupe COMMAND --help says more of one. compare and check take arch:NAME for a reference system in place of a file.

Results go to standard output, messages to standard error.
Exit codes: 0 done, 1 a model, an image or another file is wrong, or a budget is passed, 2 the command is wrong.
`;
}

/** The lines that a command's wrong use is answered with. */
export function usageText(command?: string): string {
  const help = command === undefined ? undefined : HELP[command];
  return help ? `${usage([help])}"model-loupe ${command} --help" says more.\n` : helpText();
}

function usage(helps: readonly Help[], more: readonly string[] = []): string {
  const lines = [...helps.flatMap((help) => help.usage), ...more];
  return `Usage:\n${lines.map((line) => (line.startsWith(' ') ? `  ${' '.repeat('model-loupe '.length)}${line}` : `  model-loupe ${line}`)).join('\n')}\n`;
}
