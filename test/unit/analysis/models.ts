import type { Attribute, Dim, DType, FunctionDefinition, Graph, Model, Node, Tensor, Value } from '../../../src/model';

/** Attribute values as a test writes them: whole numbers are ints, a graph is a body. */
export type AttributeValue = number | string | readonly number[] | Graph | Attribute;

export interface NodeSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name?: string;
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

function attributeOf(value: AttributeValue): Attribute {
  if (typeof value === 'number') return Number.isInteger(value) ? { kind: 'int', value } : { kind: 'float', value };
  if (typeof value === 'string') return { kind: 'string', value };
  if ('kind' in value) return value;
  if ('nodes' in value) return { kind: 'graph', value };
  return { kind: 'ints', value };
}

function renumber(graph: Graph, prefix: string): Graph {
  return { ...graph, nodes: graph.nodes.map((node, i) => placed(node, `${prefix}n${i}`)) };
}

/** The node under an id, bodies renumbered to lie under it. */
function placed(node: Node, id: string): Node {
  const attributes = Object.fromEntries(
    Object.entries(node.attributes).map(([name, attribute]) => [
      name,
      attribute.kind === 'graph' ? { ...attribute, value: renumber(attribute.value, `${id}/${name}/`) } : attribute,
    ]),
  );
  return { ...node, id, attributes };
}

export function node(spec: NodeSpec): Node {
  return {
    id: '',
    name: spec.name ?? '',
    op: spec.op,
    domain: spec.domain ?? '',
    inputs: spec.inputs,
    outputs: spec.outputs,
    attributes: Object.fromEntries(Object.entries(spec.attributes ?? {}).map(([name, value]) => [name, attributeOf(value)])),
  };
}

/** `value('x', 'float32', ['batch', 3])`; without a shape the type is unknown. */
export function value(name: string, dtype: DType = 'float32', shape?: readonly Dim[]): Value {
  return shape ? { name, type: { kind: 'tensor', dtype, shape } } : { name, type: { kind: 'unknown' } };
}

/** A weight whose elements are not at hand. */
export function weight(name: string, shape: readonly number[], dtype: DType = 'float32'): Tensor {
  return { name, dtype, shape, storage: { kind: 'missing', reason: 'not needed' } };
}

/** A small int64 constant. */
export function integers(name: string, data: readonly number[], shape: readonly number[] = [data.length]): Tensor {
  const bytes = new Uint8Array(BigInt64Array.from(data, BigInt).buffer);
  return { name, dtype: 'int64', shape, storage: { kind: 'inline', data: bytes } };
}

export interface GraphSpec {
  readonly inputs?: readonly Value[];
  readonly outputs?: readonly (Value | string)[];
  readonly values?: readonly Value[];
  readonly initializers?: readonly Tensor[];
  readonly nodes: readonly NodeSpec[];
}

export function graph(spec: GraphSpec): Graph {
  return {
    name: 'graph',
    inputs: spec.inputs ?? [],
    outputs: (spec.outputs ?? []).map((output) => (typeof output === 'string' ? value(output) : output)),
    values: spec.values ?? [],
    initializers: spec.initializers ?? [],
    sparseInitializers: [],
    nodes: spec.nodes.map(node),
    quantization: [],
  };
}

export function definition(name: string, spec: Pick<FunctionDefinition, 'inputs' | 'outputs'> & { nodes: readonly NodeSpec[] }) {
  const prefix = `f:local:${name}:/`;
  const nodes = spec.nodes.map((one, i) => placed(node(one), `${prefix}n${i}`));
  return {
    name,
    domain: 'local',
    overload: '',
    inputs: spec.inputs,
    outputs: spec.outputs,
    attributes: [],
    defaults: {},
    opsets: { '': 17, local: 1 },
    nodes,
    values: [],
  } satisfies FunctionDefinition;
}

export function model(spec: GraphSpec & { readonly opset?: number; readonly functions?: readonly FunctionDefinition[] }): Model {
  return {
    format: 'onnx',
    formatVersion: '8',
    producer: '',
    producerVersion: '',
    domain: '',
    modelVersion: '',
    doc: '',
    opsets: { '': spec.opset ?? 17, local: 1, 'com.microsoft': 1 },
    metadata: {},
    graph: renumber(graph(spec), ''),
    functions: spec.functions ?? [],
    externalFiles: [],
    findings: [],
  };
}
