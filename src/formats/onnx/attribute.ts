import type { Attribute, Graph } from '../../model';
import type { Context } from './context';
import { AttributeType } from './schema';
import type { AttributeProto, GraphProto } from './schema/onnx-ml_pb';
import { toSparseTensor, toTensor } from './tensor';
import { toValueType } from './valueType';

/** Reads a subgraph; `path` is the id of the node and the attribute, the prefix of the ids inside. */
export type GraphReader = (proto: GraphProto, path: string) => Graph;

/** `null` for an attribute that holds nothing we know. */
export function toAttribute(proto: AttributeProto, context: Context, path: string, toGraph: GraphReader): Attribute | null {
  if (proto.refAttrName !== '') return { kind: 'reference', value: proto.refAttrName };
  switch (typeOf(proto, context)) {
    case AttributeType.FLOAT:
      return { kind: 'float', value: proto.f };
    case AttributeType.INT:
      return { kind: 'int', value: toInteger(proto.i) };
    case AttributeType.STRING:
      return { kind: 'string', value: toText(proto, context, path) };
    case AttributeType.TENSOR:
      return proto.t === undefined ? null : { kind: 'tensor', value: toTensor(proto.t, context) };
    case AttributeType.GRAPH:
      return proto.g === undefined ? null : { kind: 'graph', value: toGraph(proto.g, `${path}/${proto.name}`) };
    case AttributeType.SPARSE_TENSOR:
      return proto.sparseTensor === undefined ? null : { kind: 'sparseTensor', value: toSparseTensor(proto.sparseTensor, context) };
    case AttributeType.TYPE_PROTO:
      return { kind: 'type', value: toValueType(proto.tp) };
    case AttributeType.FLOATS:
      return { kind: 'floats', value: proto.floats };
    case AttributeType.INTS:
      return { kind: 'ints', value: proto.ints.map(toInteger) };
    case AttributeType.STRINGS:
      return { kind: 'strings', value: proto.strings.map((bytes) => decoder.decode(bytes)) };
    case AttributeType.TENSORS:
      return { kind: 'tensors', value: proto.tensors.map((tensor) => toTensor(tensor, context)) };
    case AttributeType.GRAPHS:
      return { kind: 'graphs', value: proto.graphs.map((graph, index) => toGraph(graph, `${path}/${proto.name}.${index}`)) };
    case AttributeType.SPARSE_TENSORS:
      return { kind: 'sparseTensors', value: proto.sparseTensors.map((tensor) => toSparseTensor(tensor, context)) };
    case AttributeType.TYPE_PROTOS:
      return { kind: 'types', value: proto.typeProtos.map(toValueType) };
    default:
      return null;
  }
}

/** The first exporters wrote no type: the field that is set tells it. */
function typeOf(proto: AttributeProto, context: Context): AttributeProto['type'] {
  if (proto.type !== AttributeType.UNDEFINED) return proto.type;
  if (proto.t !== undefined) return AttributeType.TENSOR;
  if (proto.g !== undefined) return AttributeType.GRAPH;
  if (Object.hasOwn(proto, 'i')) return AttributeType.INT;
  if (Object.hasOwn(proto, 'f')) return AttributeType.FLOAT;
  if (Object.hasOwn(proto, 's') || context.located(proto).length > 0) return AttributeType.STRING;
  if (proto.ints.length > 0) return AttributeType.INTS;
  if (proto.floats.length > 0) return AttributeType.FLOATS;
  if (proto.strings.length > 0) return AttributeType.STRINGS;
  if (proto.tensors.length > 0) return AttributeType.TENSORS;
  if (proto.graphs.length > 0) return AttributeType.GRAPHS;
  return AttributeType.UNDEFINED;
}

function toInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

const decoder = new TextDecoder();

/** A string that was left in the file (a compiled blob, mostly) is shown empty, with a finding. */
function toText(proto: AttributeProto, context: Context, path: string): string {
  const [left] = context.located(proto);
  if (left === undefined) return decoder.decode(proto.s);
  context.findings.warn('large-attribute', `Attribute "${proto.name}" holds ${left.length} bytes, which are not shown.`, path);
  return '';
}
