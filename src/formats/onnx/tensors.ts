import { DataLocation } from './schema';
import type { AttributeProto, GraphProto, ModelProto, NodeProto, SparseTensorProto, TensorProto } from './schema/onnx-ml_pb';

/** Begins a sentence about a tensor; those in attributes mostly have no name. */
export function tensorLabel(tensor: TensorProto): string {
  return tensor.name === '' ? 'A tensor without a name' : `Tensor "${tensor.name}"`;
}

/** Every tensor of a model: initialisers and attributes, in subgraphs and functions too. */
export function tensorsOf(model: ModelProto): readonly TensorProto[] {
  const found: TensorProto[] = [];
  if (model.graph) addGraph(model.graph, found);
  for (const { node, attributeProto } of model.functions) {
    addNodes(node, found);
    addNodes([{ attribute: attributeProto }], found);
  }
  return found;
}

function addGraph(graph: GraphProto, found: TensorProto[]): void {
  for (const tensor of graph.initializer) found.push(tensor);
  for (const sparse of graph.sparseInitializer) addSparse(sparse, found);
  addNodes(graph.node, found);
}

function addNodes(nodes: readonly Pick<NodeProto, 'attribute'>[], found: TensorProto[]): void {
  for (let at = 0; at < nodes.length; at++) {
    const attributes = nodes[at]?.attribute ?? [];
    for (let index = 0; index < attributes.length; index++) {
      const attribute = attributes[index] as AttributeProto;
      if (attribute.t) found.push(attribute.t);
      if (attribute.sparseTensor) addSparse(attribute.sparseTensor, found);
      if (attribute.g) addGraph(attribute.g, found);
      // Most attributes have none.
      if (attribute.tensors.length + attribute.sparseTensors.length + attribute.graphs.length === 0) continue;
      for (const tensor of attribute.tensors) found.push(tensor);
      for (const sparse of attribute.sparseTensors) addSparse(sparse, found);
      for (const graph of attribute.graphs) addGraph(graph, found);
    }
  }
}

function addSparse({ values, indices }: SparseTensorProto, found: TensorProto[]): void {
  if (values) found.push(values);
  if (indices) found.push(indices);
}

/** Paths of the files beside the model that its tensors name, as written. */
export function externalLocations(tensors: readonly TensorProto[]): ReadonlySet<string> {
  const locations = new Set<string>();
  for (const tensor of tensors) {
    if (tensor.dataLocation !== DataLocation.EXTERNAL) continue;
    for (const { key, value } of tensor.externalData) if (key === 'location') locations.add(value);
  }
  return locations;
}
