import { UserError } from '../bytes';

type Explanation = readonly [pattern: RegExp, explain: (match: RegExpMatchArray, model: string) => string];

/** What ONNX Runtime says, and what it means for the person. First match wins. */
const EXPLANATIONS: readonly Explanation[] = [
  [
    /No Op registered for (\S+) with domain_version of (\d+)/,
    ([, op, opset], model) => `${model} uses the operator ${op} (opset ${opset}), which ONNX Runtime does not know.`,
  ],
  [
    /Could not find an implementation for ([\w.]+)\((\d+)\)/,
    ([, op, opset], model) => `${model} uses ${op} of opset ${opset} in a form that ONNX Runtime has no kernel for.`,
  ],
  [
    /Opset (\d+) is under development[\s\S]*support for domain (\S+) is till opset (\d+)/,
    ([, opset, domain, newest], model) =>
      `${model} is of opset ${opset} of ${domain}, but ONNX Runtime runs opsets up to ${newest}. Export it for an older opset.`,
  ],
  [
    /Unsupported model IR version: (\d+), max supported IR version: (\d+)/,
    ([, version, newest], model) =>
      `${model} is of IR version ${version}, but ONNX Runtime reads versions up to ${newest}. Export it with an older ONNX.`,
  ],
  [
    /protobuf parsing failed/i,
    (_, model) => `${model} is no complete ONNX file: it may be cut short, damaged, or larger than the 2 GB that protobuf allows.`,
  ],
  [/not acyclic/, (_, model) => `${model} cannot be run: its graph has a cycle.`],
  [
    /Node input '([^']*)' is not a graph input, initializer, or output/,
    ([, value], model) => `${model} cannot be run: a node reads the value ${value}, which nothing produces.`,
  ],
  [
    /External data path does not exist: "?([^"\n]*)"?/,
    ([, path], model) => `${model} cannot be run: its weights file ${path} is missing. Put it beside the model.`,
  ],
  [
    /model_path must not be empty/,
    (_, model) => `${model} cannot be run from here: its weights are in another file, which is looked for beside a model on disk.`,
  ],
  [/Failed to get a WebGPU adapter: ([^\n]*)/, ([, cause]) => `no GPU was found (${cause?.trim()}).`],
  [/Failed to load shared library/, () => 'its libraries are not installed.'],
  [/no available backend found/, () => 'this build of ONNX Runtime does not have it.'],
  [/Failed to allocate memory|bad_alloc|out of memory/i, (_, model) => `${model} needs more memory than there is.`],
  [
    /Invalid rank for input: (\S+) Got: (\d+) Expected: (\d+)/,
    ([, input, got, wanted], model) => `${model} takes an input ${input} of ${wanted} dimensions, not ${got}.`,
  ],
  [
    /Got invalid dimensions for input: (\S+)[\s\S]*?index: (\d+) Got: (\d+) Expected: (\d+)/,
    ([, input, axis, got, wanted], model) => `${model} takes ${wanted} along axis ${axis} of its input ${input}, not ${got}.`,
  ],
  [
    /Unexpected input data type\. Actual: \(tensor\((\w+)\)\)\s*, expected: \(tensor\((\w+)\)\)/,
    ([, got, wanted], model) => `${model} takes an input of type ${wanted}, not ${got}.`,
  ],
  [
    /running (\w+) node\. Name:'([^']*)' Status Message: ([\s\S]*)/,
    ([, op, node, cause], model) => `${model} failed at node ${node} (${op}): ${tidy(cause ?? '')}`,
  ],
];

/** Longest cause that is quoted when nothing better is known. */
const MAX_CAUSE = 300;

/** ONNX Runtime's message as one plain sentence. Without its C++ source locations it is rarely long. */
export function explain(error: unknown, model: string): string {
  const message = error instanceof Error ? error.message : String(error);
  for (const [pattern, sentence] of EXPLANATIONS) {
    const match = message.match(pattern);
    if (match) return sentence(match, model);
  }
  return `${model} cannot be run by ONNX Runtime: ${tidy(message)}`;
}

/** The same as an error that a person may see; the original stays as its cause. */
export function plainError(error: unknown, model: string): UserError {
  const plain = new UserError(explain(error, model));
  plain.cause = error;
  return plain;
}

function tidy(message: string): string {
  const text = message
    .replace(/\/\S*\.(cc|h|cpp):\d+\s+(?:[^\n]*?\)(?:::<lambda\(\)>)?(?: const)?\s)?/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_CAUSE);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
