import type { GraphProto, ModelProto, NodeProto, TensorProto } from './schema/onnx-ml_pb';
import { TensorProto_DataLocation } from './schema/onnx-ml_pb';

/** Every tensor of a model: initialisers and attributes, in subgraphs and functions too. */
export function* tensorsOf(model: ModelProto): Generator<TensorProto> {
  if (model.graph) yield* graphTensors(model.graph);
  for (const { node, attributeProto } of model.functions) {
    yield* nodeTensors(node);
    yield* nodeTensors([{ attribute: attributeProto }]);
  }
}

function* graphTensors(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer;
  for (const { values, indices } of graph.sparseInitializer) {
    if (values) yield values;
    if (indices) yield indices;
  }
  yield* nodeTensors(graph.node);
}

function* nodeTensors(nodes: readonly Pick<NodeProto, 'attribute'>[]): Generator<TensorProto> {
  for (const node of nodes) {
    for (const attribute of node.attribute) {
      if (attribute.t) yield attribute.t;
      yield* attribute.tensors;
      for (const sparse of attribute.sparseTensor ? [attribute.sparseTensor, ...attribute.sparseTensors] : attribute.sparseTensors) {
        if (sparse.values) yield sparse.values;
        if (sparse.indices) yield sparse.indices;
      }
      if (attribute.g) yield* graphTensors(attribute.g);
      for (const graph of attribute.graphs) yield* graphTensors(graph);
    }
  }
}

/** Paths of the files beside the model that its tensors name, as written. */
export function externalLocations(model: ModelProto): ReadonlySet<string> {
  const locations = new Set<string>();
  for (const tensor of tensorsOf(model)) {
    if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) continue;
    for (const { key, value } of tensor.externalData) if (key === 'location') locations.add(value);
  }
  return locations;
}
