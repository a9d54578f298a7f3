import type { Attribute, FunctionDefinition, Graph, Model, Node, Shape, Tensor, Value, ValueType } from '../../model';
import { formatShape } from '../../model';
import type { Fact } from '../../operators/rule';
import { nameText, quotedText } from '../../text';
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
    named('producer', model.producer, model.producerVersion),
    ...opsets.map(([domain, version]) => `opset ${nameText(domain || 'ai.onnx')} ${version}`),
    ...Object.keys(model.metadata)
      .sort()
      .map((key) => `metadata ${nameText(key)} = ${quotedText(model.metadata[key] ?? '')}`),
    ...graphLines(model.graph, shapes.main, shapes),
    ...model.functions.flatMap(functionLines),
  ];
  return `${lines.join('\n')}\n`;
}

function graphLines(graph: Graph, scope: ScopeShapes | undefined, shapes: ShapeResult): string[] {
  return [
    named('graph', graph.name),
    ...graph.inputs.map((value) => `  input ${declared(value)}`),
    ...graph.outputs.map((value) => `  output ${declared(value)}`),
    ...graph.initializers.map((tensor) => `  initializer ${nameText(tensor.name)} ${tensorText(tensor)}`),
    ...graph.sparseInitializers.map(
      ({ name, values, shape }) =>
        `  initializer ${nameText(name)} sparse ${values.dtype} ${shapeText(shape)}, ${values.shape[0] ?? 0} stored`,
    ),
    ...graph.nodes.flatMap((node) => nodeLines(node, scope, shapes).map((line) => `  ${line}`)),
  ];
}

function functionLines(definition: FunctionDefinition): string[] {
  const name = dotted(definition.domain, definition.name, definition.overload);
  return [
    `function ${name}(${definition.inputs.map(nameText).join(', ')}) -> ${definition.outputs.map(nameText).join(', ')}`,
    ...definition.attributes.map((attribute) => `  attribute ${nameText(attribute)}`),
    ...attributeLines(definition.defaults, undefined, null),
    ...definition.nodes.flatMap((node) => nodeLines(node, undefined, null).map((line) => `  ${line}`)),
  ];
}

/** `scope` and `shapes` are left out where nothing is inferred: in function bodies, which depend on the call. */
function nodeLines(node: Node, scope: ScopeShapes | undefined, shapes: ShapeResult | null): string[] {
  const op = dotted(node.domain, node.op);
  const outputs = node.outputs.map((name) => `${valueText(name)}${shapes && scope && name ? factText(shapes.fact(name, scope)) : ''}`);
  return [
    `node ${node.name === '' ? '(no name)' : nameText(node.name)}: ${op}`,
    `  (${node.inputs.map(valueText).join(', ')})`,
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
      if (!graphs) return [`  ${nameText(name)} = ${attributeText(attribute)}`];
      return graphs.flatMap((graph) => {
        const body = bodies?.find((scope) => scope.graph === graph);
        const lines = shapes ? graphLines(graph, body, shapes) : bareGraph(graph);
        return [`  ${nameText(name)} =`, ...lines.map((line) => `    ${line}`)];
      });
    });
}

function bareGraph(graph: Graph): string[] {
  return [named('graph', graph.name), ...graph.nodes.flatMap((node) => nodeLines(node, undefined, null).map((line) => `  ${line}`))];
}

function attributeText(attribute: Attribute): string {
  switch (attribute.kind) {
    case 'int':
    case 'float':
      return String(attribute.value);
    case 'string':
      return quotedText(attribute.value);
    case 'ints':
    case 'floats':
      return `[${attribute.value.join(', ')}]`;
    case 'strings':
      return `[${attribute.value.map(quotedText).join(', ')}]`;
    case 'tensor':
      return tensorText(attribute.value);
    case 'tensors':
      return `[${attribute.value.map(tensorText).join(', ')}]`;
    case 'sparseTensor':
      return `sparse ${tensorText(attribute.value.values)} of ${shapeText(attribute.value.shape)}`;
    case 'sparseTensors':
      return `[${attribute.value.map(({ shape }) => `sparse ${shapeText(shape)}`).join(', ')}]`;
    case 'type':
      return typeText(attribute.value);
    case 'types':
      return `[${attribute.value.map(typeText).join(', ')}]`;
    case 'reference':
      return `the caller's ${nameText(attribute.value)}`;
    case 'graph':
    case 'graphs':
      return 'graph';
    default:
      return attribute satisfies never;
  }
}

/** dtype and shape; the values too where they describe the computation and are no weights. */
function tensorText(tensor: Tensor): string {
  const type = `${tensor.dtype} ${shapeText(tensor.shape)}`;
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
  return `${nameText(name)} ${typeText(type)}`;
}

function typeText(type: ValueType): string {
  switch (type.kind) {
    case 'tensor':
      return `${type.dtype} ${shapeText(type.shape)}`;
    case 'sparse':
      return `sparse ${type.dtype} ${shapeText(type.shape)}`;
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
  if (fact.kind === 'tensor' || fact.kind === 'sparse') return ` ${fact.dtype} ${shapeText(fact.shape)}`;
  return fact.kind === 'unknown' ? '' : ` ${fact.kind}`;
}

/** What a node reads or writes; an operand that is left out is a dash. */
function valueText(name: string): string {
  return name === '' ? '-' : nameText(name);
}

/** The names that there are, after what they name. */
function named(what: string, ...names: readonly string[]): string {
  return [what, ...names.filter((name) => name !== '').map(nameText)].join(' ');
}

/** `ai.onnx.ml.Scaler`: the parts that there are; only a domain may have dots of its own. */
function dotted(domain: string, ...names: readonly string[]): string {
  const parts = names.filter((name) => name !== '').map((name) => (name.includes('.') ? quotedText(name) : nameText(name)));
  return [...(domain === '' ? [] : [nameText(domain)]), ...parts].join('.');
}

/** A free dimension, told apart from a number and from what is not known. */
function dimText(name: string): string {
  return /^[\d?]/.test(name) ? quotedText(name) : nameText(name);
}

/** A shape whose free dimensions may be called anything. */
function shapeText(shape: Shape | null): string {
  return formatShape(shape?.map((dim) => (typeof dim === 'string' ? dimText(dim) : dim)) ?? null);
}
