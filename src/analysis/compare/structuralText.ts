import type { Attribute, FunctionDefinition, Graph, Model, Node, Tensor, Value, ValueType } from '../../model';
import { formatShape } from '../../model';
import type { Fact } from '../../operators/rule';
import type { ScopeShapes, ShapeResult } from '../shapes';

/** Elements of an integer constant that are written out: shapes, axes, slices. Longer ones are tables. */
const SHOWN_ELEMENTS = 32;

/**
 * What a model is, line by line and without the values of its weights: the
 * same graph always gives the same text, and a changed operator, attribute or
 * shape changes the lines it stands in. Free dimensions keep their names.
 */
export function structuralText(model: Model, shapes: ShapeResult): string {
  const opsets = Object.entries(model.opsets).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = [
    `${model.format} ${model.formatVersion}`,
    `producer ${[model.producer, model.producerVersion].filter((part) => part !== '').join(' ')}`.trimEnd(),
    ...opsets.map(([domain, version]) => `opset ${domain || 'ai.onnx'} ${version}`),
    ...Object.keys(model.metadata)
      .sort()
      .map((key) => `metadata ${key} = ${quoted(model.metadata[key] ?? '')}`),
    ...graphLines(model.graph, shapes.main, shapes),
    ...model.functions.flatMap(functionLines),
  ];
  return `${lines.join('\n')}\n`;
}

function graphLines(graph: Graph, scope: ScopeShapes | undefined, shapes: ShapeResult): string[] {
  return [
    `graph ${graph.name}`.trimEnd(),
    ...graph.inputs.map((value) => `  input ${declared(value)}`),
    ...graph.outputs.map((value) => `  output ${declared(value)}`),
    ...graph.initializers.map((tensor) => `  initializer ${tensor.name} ${tensorText(tensor)}`),
    ...graph.sparseInitializers.map(
      ({ name, values, shape }) => `  initializer ${name} sparse ${values.dtype} ${formatShape(shape)}, ${values.shape[0] ?? 0} stored`,
    ),
    ...graph.nodes.flatMap((node) => nodeLines(node, scope, shapes).map((line) => `  ${line}`)),
  ];
}

function functionLines(definition: FunctionDefinition): string[] {
  const name = [definition.domain, definition.name, definition.overload].filter((part) => part !== '').join('.');
  return [
    `function ${name}(${definition.inputs.join(', ')}) -> ${definition.outputs.join(', ')}`,
    ...definition.attributes.map((attribute) => `  attribute ${attribute}`),
    ...attributeLines(definition.defaults, undefined, null),
    ...definition.nodes.flatMap((node) => nodeLines(node, undefined, null).map((line) => `  ${line}`)),
  ];
}

/** `scope` and `shapes` are left out where nothing is inferred: in function bodies, which depend on the call. */
function nodeLines(node: Node, scope: ScopeShapes | undefined, shapes: ShapeResult | null): string[] {
  const op = node.domain === '' ? node.op : `${node.domain}.${node.op}`;
  const outputs = node.outputs.map((name) => `${name || '-'}${shapes && scope && name ? factText(shapes.fact(name, scope)) : ''}`);
  return [
    `node ${node.name || '(no name)'}: ${op}`,
    `  (${node.inputs.map((name) => name || '-').join(', ')})`,
    ...outputs.map((output) => `  -> ${output}`),
    ...attributeLines(node.attributes, scope?.bodies.get(node), shapes),
  ];
}

function attributeLines(
  attributes: Readonly<Record<string, Attribute>>,
  bodies: readonly ScopeShapes[] | undefined,
  shapes: ShapeResult | null,
): string[] {
  return Object.keys(attributes)
    .sort()
    .flatMap((name) => {
      const attribute = attributes[name];
      if (!attribute) return [];
      const graphs = attribute.kind === 'graph' ? [attribute.value] : attribute.kind === 'graphs' ? attribute.value : null;
      if (!graphs) return [`  ${name} = ${attributeText(attribute)}`];
      return graphs.flatMap((graph) => {
        const body = bodies?.find((scope) => scope.graph === graph);
        const lines = shapes ? graphLines(graph, body, shapes) : bareGraph(graph);
        return [`  ${name} =`, ...lines.map((line) => `    ${line}`)];
      });
    });
}

function bareGraph(graph: Graph): string[] {
  return [`graph ${graph.name}`.trimEnd(), ...graph.nodes.flatMap((node) => nodeLines(node, undefined, null).map((line) => `  ${line}`))];
}

function attributeText(attribute: Attribute): string {
  switch (attribute.kind) {
    case 'int':
    case 'float':
      return String(attribute.value);
    case 'string':
      return quoted(attribute.value);
    case 'ints':
    case 'floats':
      return `[${attribute.value.join(', ')}]`;
    case 'strings':
      return `[${attribute.value.map(quoted).join(', ')}]`;
    case 'tensor':
      return tensorText(attribute.value);
    case 'tensors':
      return `[${attribute.value.map(tensorText).join(', ')}]`;
    case 'sparseTensor':
      return `sparse ${tensorText(attribute.value.values)} of ${formatShape(attribute.value.shape)}`;
    case 'sparseTensors':
      return `[${attribute.value.map(({ shape }) => `sparse ${formatShape(shape)}`).join(', ')}]`;
    case 'type':
      return typeText(attribute.value);
    case 'types':
      return `[${attribute.value.map(typeText).join(', ')}]`;
    case 'reference':
      return `the caller's ${attribute.value}`;
    case 'graph':
    case 'graphs':
      return 'graph';
    default:
      return attribute satisfies never;
  }
}

/** dtype and shape; the values too where they describe the computation and are no weights. */
function tensorText(tensor: Tensor): string {
  const type = `${tensor.dtype} ${formatShape(tensor.shape)}`;
  const { storage, dtype } = tensor;
  if (storage.kind !== 'inline' || (dtype !== 'int64' && dtype !== 'int32')) return type;
  const size = dtype === 'int64' ? 8 : 4;
  const elements = storage.data.byteLength / size;
  if (elements > SHOWN_ELEMENTS || !Number.isInteger(elements)) return type;
  const view = new DataView(storage.data.buffer, storage.data.byteOffset, storage.data.byteLength);
  const values = Array.from({ length: elements }, (_, at) => (size === 8 ? view.getBigInt64(8 * at, true) : view.getInt32(4 * at, true)));
  return `${type} = ${values.join(', ')}`;
}

function declared({ name, type }: Value): string {
  return `${name} ${typeText(type)}`;
}

function typeText(type: ValueType): string {
  switch (type.kind) {
    case 'tensor':
      return `${type.dtype} ${formatShape(type.shape)}`;
    case 'sparse':
      return `sparse ${type.dtype} ${formatShape(type.shape)}`;
    case 'sequence':
    case 'optional':
      return `${type.kind} of ${typeText(type.element)}`;
    case 'map':
      return `map from ${type.key} to ${typeText(type.element)}`;
    case 'unknown':
      return 'unknown';
    default:
      return type satisfies never;
  }
}

function factText(fact: Fact): string {
  if (fact.kind === 'tensor' || fact.kind === 'sparse') return ` ${fact.dtype} ${formatShape(fact.shape)}`;
  return fact.kind === 'unknown' ? '' : ` ${fact.kind}`;
}

/** A string on one line, whatever it holds. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
