import { create, toBinary } from '@bufbuild/protobuf';
import type { FunctionDefinition, Graph, Model, Node, Value } from '../../../model';
import {
  type FunctionProto,
  FunctionProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type OperatorSetIdProto,
  OperatorSetIdProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../schema/onnx-ml_pb';
import { fromAttribute } from './attribute';
import { properties } from './properties';
import { fromSparseTensor, fromTensor, type WeightBytes } from './tensor';
import { fromValueType } from './valueType';

export type { WeightBytes } from './tensor';

/**
 * The bytes of an ONNX file that reads back as `model`. Values that the model
 * keeps inline are written as they are; for every other tensor `weights` gives
 * the packed little-endian bytes, or `null`: then the tensor refers to an
 * external file that is not there (structure only).
 */
export function writeOnnx(model: Model, weights: WeightBytes = () => null): Uint8Array {
  const message = create(ModelProtoSchema, {
    irVersion: BigInt(model.formatVersion),
    producerName: model.producer,
    producerVersion: model.producerVersion,
    domain: model.domain,
    modelVersion: BigInt(model.modelVersion || 0),
    docString: model.doc,
    opsetImport: opsetImports(model.opsets),
    graph: fromGraph(model.graph, weights),
    functions: model.functions.map((definition) => fromFunction(definition, weights)),
    metadataProps: properties(model.metadata),
  });
  return toBinary(ModelProtoSchema, message);
}

/** A graph or body as `GraphProto`; weights that `weights` leaves out become external data that is absent. */
export function fromGraph(graph: Graph, weights: WeightBytes): GraphProto {
  return create(GraphProtoSchema, {
    name: graph.name,
    docString: graph.doc ?? '',
    input: graph.inputs.map(fromValue),
    output: graph.outputs.map(fromValue),
    valueInfo: graph.values.map(fromValue),
    initializer: graph.initializers.map((tensor) => fromTensor(tensor, weights)),
    sparseInitializer: graph.sparseInitializers.map((tensor) => fromSparseTensor(tensor, weights)),
    node: graph.nodes.map((node) => fromNode(node, weights)),
    quantizationAnnotation: graph.quantization.map(({ tensor, parameters }) => ({
      tensorName: tensor,
      quantParameterTensorNames: properties(parameters),
    })),
    metadataProps: properties(graph.metadata),
  });
}

function fromNode(node: Node, weights: WeightBytes): NodeProto {
  return create(NodeProtoSchema, {
    name: node.name,
    opType: node.op,
    domain: node.domain,
    overload: node.overload ?? '',
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: Object.entries(node.attributes).map(([name, value]) => fromAttribute(name, value, { weights, fromGraph })),
    docString: node.doc ?? '',
    metadataProps: properties(node.metadata),
  });
}

function fromFunction(definition: FunctionDefinition, weights: WeightBytes): FunctionProto {
  return create(FunctionProtoSchema, {
    name: definition.name,
    domain: definition.domain,
    overload: definition.overload,
    docString: definition.doc ?? '',
    input: [...definition.inputs],
    output: [...definition.outputs],
    attribute: [...definition.attributes],
    attributeProto: Object.entries(definition.defaults).map(([name, value]) => fromAttribute(name, value, { weights, fromGraph })),
    opsetImport: opsetImports(definition.opsets),
    node: definition.nodes.map((node) => fromNode(node, weights)),
    valueInfo: definition.values.map(fromValue),
    metadataProps: properties(definition.metadata),
  });
}

function fromValue(value: Value): ValueInfoProto {
  const type = fromValueType(value.type);
  return create(ValueInfoProtoSchema, {
    name: value.name,
    ...(type === undefined ? {} : { type }),
    docString: value.doc ?? '',
    metadataProps: properties(value.metadata),
  });
}

function opsetImports(opsets: Readonly<Record<string, number>>): OperatorSetIdProto[] {
  return Object.entries(opsets).map(([domain, version]) => create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) }));
}
