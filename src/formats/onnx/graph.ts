import type { Attribute, FunctionDefinition, Graph, Node } from '../../model';
import { toAttribute } from './attribute';
import type { Context } from './context';
import { propertiesOf, toRecord } from './properties';
import type { AttributeProto, FunctionProto, GraphProto, NodeProto, OperatorSetIdProto } from './schema/onnx-ml_pb';
import { toSparseTensor, toTensor } from './tensor';
import { toValue } from './valueType';

const NO_ATTRIBUTES: Readonly<Record<string, Attribute>> = Object.freeze({});

/** A graph and everything in it; `path` is `''` for the main graph, else the prefix of its nodes' ids. */
export function toGraph(proto: GraphProto, path: string, context: Context): Graph {
  return {
    name: proto.name,
    ...(proto.docString === '' ? {} : { doc: proto.docString }),
    inputs: proto.input.map(toValue),
    outputs: proto.output.map(toValue),
    values: proto.valueInfo.map(toValue),
    initializers: proto.initializer.map((tensor) => toTensor(tensor, context)),
    sparseInitializers: proto.sparseInitializer.map((tensor) => toSparseTensor(tensor, context)),
    nodes: toNodes(proto.node, path, context),
    quantization: proto.quantizationAnnotation.map((annotation) => ({
      tensor: annotation.tensorName,
      parameters: toRecord(annotation.quantParameterTensorNames),
    })),
    ...propertiesOf(proto.metadataProps),
  };
}

/** A model-local function; its nodes' ids begin with its domain, name and overload. */
export function toFunction(proto: FunctionProto, context: Context): FunctionDefinition {
  const domain = toDomain(proto.domain);
  const path = `f:${domain}:${proto.name}:${proto.overload}`;
  return {
    name: proto.name,
    domain,
    overload: proto.overload,
    ...(proto.docString === '' ? {} : { doc: proto.docString }),
    inputs: proto.input,
    outputs: proto.output,
    attributes: proto.attribute,
    defaults: toAttributes(proto.attributeProto, path, context),
    opsets: toOpsets(proto.opsetImport),
    nodes: toNodes(proto.node, path, context),
    values: proto.valueInfo.map(toValue),
    ...propertiesOf(proto.metadataProps),
  };
}

/** Highest version by domain; `ai.onnx` may be written out or left empty. */
export function toOpsets(imports: readonly OperatorSetIdProto[]): Readonly<Record<string, number>> {
  const opsets = new Map<string, number>();
  for (const { domain, version } of imports) {
    const key = toDomain(domain);
    opsets.set(key, Math.max(opsets.get(key) ?? 0, Number(version)));
  }
  return Object.fromEntries(opsets);
}

function toDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

function toNodes(protos: readonly NodeProto[], path: string, context: Context): readonly Node[] {
  const prefix = path === '' ? '' : `${path}/`;
  return protos.map((proto, index) => toNode(proto, `${prefix}n${index}`, context));
}

function toNode(proto: NodeProto, id: string, context: Context): Node {
  const { name, opType: op, overload, input: inputs, output: outputs, docString, metadataProps } = proto;
  const domain = toDomain(proto.domain);
  const attributes = toAttributes(proto.attribute, id, context);
  // Most nodes have nothing more, and there are many of them.
  if (overload === '' && docString === '' && metadataProps.length === 0) return { id, name, op, domain, inputs, outputs, attributes };
  return {
    id,
    name,
    op,
    domain,
    ...(overload === '' ? {} : { overload }),
    inputs,
    outputs,
    attributes,
    ...(docString === '' ? {} : { doc: docString }),
    ...propertiesOf(metadataProps),
  };
}

function toAttributes(protos: readonly AttributeProto[], path: string, context: Context): Readonly<Record<string, Attribute>> {
  if (protos.length === 0) return NO_ATTRIBUTES;
  const attributes: Record<string, Attribute> = {};
  for (const proto of protos) {
    const attribute = toAttribute(proto, context, path, (graph, inner) => toGraph(graph, inner, context));
    if (!attribute) context.findings.warn('attribute', `Attribute "${proto.name}" has no value of a kind that ONNX defines.`, path);
    else if (proto.name === '__proto__')
      Object.defineProperty(attributes, proto.name, { value: attribute, enumerable: true, configurable: true });
    else attributes[proto.name] = attribute;
  }
  return attributes;
}
