import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { Attribute, Graph } from '../../../model';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  type GraphProto,
} from '../schema/onnx-ml_pb';
import { fromSparseTensor, fromTensor, type WeightBytes } from './tensor';
import { fromValueType } from './valueType';

/** How the graphs and weights inside attributes are written. */
export interface AttributeContext {
  readonly weights: WeightBytes;
  readonly fromGraph: (graph: Graph, weights: WeightBytes) => GraphProto;
}

/** An attribute as `AttributeProto`, with its type. */
export function fromAttribute(name: string, attribute: Attribute, context: AttributeContext): AttributeProto {
  return create(AttributeProtoSchema, { name, ...content(attribute, context) });
}

function content(attribute: Attribute, { weights, fromGraph }: AttributeContext): MessageInitShape<typeof AttributeProtoSchema> {
  switch (attribute.kind) {
    case 'int':
      return { type: AttributeType.INT, i: BigInt(attribute.value) };
    case 'float':
      return { type: AttributeType.FLOAT, f: attribute.value };
    case 'string':
      return { type: AttributeType.STRING, s: encoder.encode(attribute.value) };
    case 'tensor':
      return { type: AttributeType.TENSOR, t: fromTensor(attribute.value, weights) };
    case 'sparseTensor':
      return { type: AttributeType.SPARSE_TENSOR, sparseTensor: fromSparseTensor(attribute.value, weights) };
    case 'graph':
      return { type: AttributeType.GRAPH, g: fromGraph(attribute.value, weights) };
    case 'type': {
      const tp = fromValueType(attribute.value);
      return { type: AttributeType.TYPE_PROTO, ...(tp ? { tp } : {}) };
    }
    case 'ints':
      return { type: AttributeType.INTS, ints: attribute.value.map(BigInt) };
    case 'floats':
      return { type: AttributeType.FLOATS, floats: [...attribute.value] };
    case 'strings':
      return { type: AttributeType.STRINGS, strings: attribute.value.map((text) => encoder.encode(text)) };
    case 'tensors':
      return { type: AttributeType.TENSORS, tensors: attribute.value.map((tensor) => fromTensor(tensor, weights)) };
    case 'sparseTensors':
      return { type: AttributeType.SPARSE_TENSORS, sparseTensors: attribute.value.map((tensor) => fromSparseTensor(tensor, weights)) };
    case 'graphs':
      return { type: AttributeType.GRAPHS, graphs: attribute.value.map((graph) => fromGraph(graph, weights)) };
    case 'types':
      return { type: AttributeType.TYPE_PROTOS, typeProtos: attribute.value.flatMap((type) => fromValueType(type) ?? []) };
    case 'reference':
      return { refAttrName: attribute.value };
    default:
      return attribute satisfies never;
  }
}

const encoder = new TextEncoder();
