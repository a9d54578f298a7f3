import type { Attribute, Dim, DType, Node, Shape } from '../../../src/model';
import { attributesOf } from '../../../src/operators/attributes';
import { lookup } from '../../../src/operators/registry';
import type { Cost, Fact, TensorFact } from '../../../src/operators/rule';

/** Attribute values as a test writes them: whole numbers are ints, `{ float: 1 }` forces a float. */
export type Value = number | string | readonly number[] | readonly string[] | { readonly float: number } | Attribute;

export interface Call {
  readonly op: string;
  readonly domain?: string;
  /** Version of the operator's set; 25 of ai.onnx, 1 elsewhere, unless told. */
  readonly opset?: number;
  readonly inputs: readonly (Fact | null)[];
  readonly attributes?: Readonly<Record<string, Value>>;
  /** Number of outputs the node has; 1 unless told. */
  readonly outputs?: number;
}

export interface Result {
  readonly outputs: readonly Fact[];
  readonly reports: readonly { readonly code: string; readonly message: string }[];
  readonly cost: Cost | null;
}

export function tensor(dtype: DType, shape: Shape | null, data?: readonly Dim[]): TensorFact {
  return data ? { kind: 'tensor', dtype, shape, data } : { kind: 'tensor', dtype, shape };
}

/** A float32 tensor. */
export function float(...shape: readonly Dim[]): TensorFact {
  return tensor('float32', shape);
}

/** A known one-dimensional int64 tensor. */
export function ints(...data: readonly number[]): TensorFact {
  return tensor('int64', [data.length], data);
}

function attributeOf(value: Value): Attribute {
  if (typeof value === 'number') return Number.isInteger(value) ? { kind: 'int', value } : { kind: 'float', value };
  if (typeof value === 'string') return { kind: 'string', value };
  if ('float' in value) return { kind: 'float', value: value.float };
  if ('kind' in value) return value;
  return typeof value[0] === 'string'
    ? { kind: 'strings', value: value.filter((one) => typeof one === 'string') }
    : { kind: 'ints', value: value.filter((one) => typeof one === 'number') };
}

/** Runs an operator's shape rule, then its cost rule on what the shape rule found. */
export function call(spec: Call): Result {
  const domain = spec.domain ?? '';
  const opset = spec.opset ?? (domain === '' ? 25 : 1);
  const operator = lookup(domain, spec.op, opset);
  if (!operator) throw new Error(`No rules for ${domain}:${spec.op} at version ${opset}.`);
  const node: Node = {
    id: 'n0',
    name: '',
    op: spec.op,
    domain,
    inputs: spec.inputs.map((fact, i) => (fact ? `x${i}` : '')),
    outputs: Array.from({ length: spec.outputs ?? 1 }, (_, i) => `y${i}`),
    attributes: Object.fromEntries(Object.entries(spec.attributes ?? {}).map(([name, value]) => [name, attributeOf(value)])),
  };
  const reports: { code: string; message: string }[] = [];
  const pick = (facts: readonly (Fact | null)[]) => (index: number) => {
    const fact = facts[index];
    return fact?.kind === 'tensor' ? fact : null;
  };
  const shared = { node, opset, inputs: spec.inputs, attributes: attributesOf(node), tensor: pick(spec.inputs) };
  const outputs = operator.shape({
    ...shared,
    infer: (graph) => graph.outputs.map(() => ({ kind: 'unknown' })),
    report: (code, message) => reports.push({ code, message }),
  });
  return { outputs, reports, cost: operator.cost({ ...shared, outputs, output: pick(outputs) }) };
}

/** Shape of one output, `undefined` when it is no tensor. */
export function shapeOf(result: Result, index = 0): Shape | null | undefined {
  const fact = result.outputs[index];
  return fact?.kind === 'tensor' ? fact.shape : undefined;
}
