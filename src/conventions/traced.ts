import type { Node } from '../model';

/** What PyTorch's exporter (`torch.onnx.export(dynamo=True)`) writes of where a node came from. */
export interface Traced {
  /** Classes of the modules around the call, outermost first, with their Python path: `torch.nn.modules.conv.Conv2d`. */
  readonly classes: readonly string[];
  /** Names of these modules in the model, `''` for the model itself. */
  readonly scopes: readonly string[];
  /** The ATen operator without its overload: `linear`. */
  readonly call: string;
  /** Its overload: `default`, `padding`. */
  readonly overload: string;
  /** Unique in the model: which call of the module it was. */
  readonly id: string;
  /** The line of source that made the call; `''` where it is not kept. */
  readonly line: string;
  /** What the exporter's optimiser did to the node, in order. */
  readonly rewrites: readonly string[];
}

const CLASSES = 'pkg.torch.onnx.class_hierarchy';
const SCOPES = 'pkg.torch.onnx.name_scopes';
const TRACE = 'pkg.torch.onnx.stack_trace';
const REWRITES = 'pkg.onnxscript.rewriter.rule_name';
/** Characters of one such entry that are read; modules nested a hundred deep take less. */
const LONGEST = 20_000;
/** Characters of a line of source that are read. */
const LINE = 1000;
const QUOTED = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g;

/** The strings of a list as Python prints it. */
function listed(text: string): readonly string[] {
  if (text.length > LONGEST) return [];
  return [...text.matchAll(QUOTED)].map(([, single, double]) => single ?? double ?? '');
}

/** The last line of a stack trace. */
function lineOf(metadata: Readonly<Record<string, string>>): string {
  const trace = Object.hasOwn(metadata, TRACE) ? (metadata[TRACE] ?? '') : '';
  return trace.slice(-LINE).trimEnd().split('\n').at(-1)?.trim() ?? '';
}

/** Where a node came from; `null` where the file does not say. */
export function tracedOf({ metadata }: Node): Traced | null {
  if (!metadata || !Object.hasOwn(metadata, CLASSES) || !Object.hasOwn(metadata, SCOPES)) return null;
  const classes = listed(metadata[CLASSES] ?? '');
  const scopes = listed(metadata[SCOPES] ?? '');
  const target = classes.at(-1);
  if (target === undefined || classes.length !== scopes.length) return null;
  const [, call = target, overload = ''] = /^(?:aten|prims)\.(\w+)(?:\.(\w+))?/.exec(target) ?? [];
  const rewrites = Object.hasOwn(metadata, REWRITES) ? (metadata[REWRITES] ?? '').slice(0, LONGEST).split(/,\s*/) : [];
  return {
    classes: classes.slice(0, -1),
    scopes: scopes.slice(0, -1),
    call,
    overload,
    id: scopes.join('\n'),
    line: lineOf(metadata),
    rewrites,
  };
}
