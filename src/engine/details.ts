import { type Analysis, factType } from '../analysis/assemble';
import { UserError } from '../bytes';
import { type Attribute, byteLengthOf, type Dim, formatShape, type Graph, type Model, type Node, type Tensor } from '../model';
import type { NodeDetails, TensorRow, ValueDetails } from '../protocol';

/** Elements of a list attribute that are written out; the rest is a count. */
const SHOWN_ELEMENTS = 32;

/** Everything the details panel shows of one node besides its profile. */
export function nodeDetails(analysis: Analysis, id: string): NodeDetails {
  const place = findNode(analysis.model, id);
  if (!place) throw new UserError(`The model has no node ${id}.`);
  const { node, nodes, graph } = place;
  const value = valueReader(analysis, nodes, graph);
  return {
    id,
    name: node.name,
    op: node.op,
    domain: node.domain,
    doc: node.doc ?? '',
    attributes: Object.entries(node.attributes).map(([name, attribute]) => ({
      name,
      kind: attribute.kind,
      text: attributeText(attribute),
    })),
    inputs: node.inputs.filter((name) => name !== '').map((name) => value(name, 'producer')),
    outputs: node.outputs.filter((name) => name !== '').map((name) => value(name, 'consumers')),
    metadata: node.metadata ?? {},
  };
}

/** A row per stored tensor of the main graph, in file order. */
export function tensorRows(model: Model): readonly TensorRow[] {
  const consumers = new Map<string, string[]>();
  for (const node of model.graph.nodes) {
    for (const name of new Set(node.inputs)) {
      const list = consumers.get(name);
      if (list) list.push(node.id);
      else consumers.set(name, [node.id]);
    }
  }
  return storedTensors(model).map((tensor) => {
    const elements = tensor.shape.reduce((product, extent) => product * extent, 1);
    return {
      name: tensor.name,
      dtype: tensor.dtype,
      shape: tensor.shape,
      elements,
      bytes: byteLengthOf(tensor.dtype, elements),
      file: tensor.storage.kind === 'bytes' ? tensor.storage.file : '',
      missing: tensor.storage.kind === 'missing' ? tensor.storage.reason : '',
      consumers: consumers.get(tensor.name) ?? [],
    };
  });
}

/** Initializers and the tensors of Constant nodes, each under the value name that nodes read. */
export function storedTensors(model: Model): readonly Tensor[] {
  const constants = model.graph.nodes.flatMap((node) => {
    const attribute = node.op === 'Constant' ? node.attributes['value'] : undefined;
    const name = node.outputs[0];
    return attribute?.kind === 'tensor' && name ? [{ ...attribute.value, name }] : [];
  });
  return [...model.graph.initializers, ...constants];
}

function attributeText(attribute: Attribute): string {
  switch (attribute.kind) {
    case 'int':
    case 'float':
    case 'string':
      return String(attribute.value);
    case 'ints':
    case 'floats':
    case 'strings':
      return listText(attribute.value.map(String));
    case 'tensor':
      return tensorText(attribute.value);
    case 'tensors':
      return listText(attribute.value.map(tensorText));
    case 'sparseTensor':
      return `sparse ${tensorText(attribute.value.values)} of ${formatShape(attribute.value.shape)}`;
    case 'graph':
      return `graph of ${attribute.value.nodes.length} operators`;
    case 'reference':
      return `the caller's ${attribute.value}`;
    case 'type':
      return attribute.value.kind === 'tensor' ? `${attribute.value.dtype} ${formatShape(attribute.value.shape)}` : attribute.value.kind;
    case 'types':
    case 'graphs':
    case 'sparseTensors':
      return `${attribute.value.length} ${attribute.kind}`;
    default:
      return attribute satisfies never;
  }
}

function listText(items: readonly string[]): string {
  const shown = items.slice(0, SHOWN_ELEMENTS).join(', ');
  return items.length > SHOWN_ELEMENTS ? `[${shown}, ... ${items.length} in all]` : `[${shown}]`;
}

function tensorText(tensor: Tensor): string {
  return `${tensor.dtype} ${formatShape(tensor.shape)}`;
}

interface Place {
  readonly node: Node;
  /** Nodes beside it, in whose scope its values live. */
  readonly nodes: readonly Node[];
  readonly graph: Graph | null;
}

function findNode(model: Model, id: string): Place | null {
  for (const definition of model.functions) {
    const place = findAmong(definition.nodes, null, id);
    if (place) return place;
  }
  return findAmong(model.graph.nodes, model.graph, id);
}

function findAmong(nodes: readonly Node[], graph: Graph | null, id: string): Place | null {
  const pending: { nodes: readonly Node[]; graph: Graph | null }[] = [{ nodes, graph }];
  for (let scope = pending.pop(); scope; scope = pending.pop()) {
    for (const node of scope.nodes) {
      if (node.id === id) return { node, nodes: scope.nodes, graph: scope.graph };
      if (!id.startsWith(`${node.id}/`)) continue;
      for (const attribute of Object.values(node.attributes)) {
        if (attribute.kind === 'graph') pending.push({ nodes: attribute.value.nodes, graph: attribute.value });
        else if (attribute.kind === 'graphs') for (const body of attribute.value) pending.push({ nodes: body.nodes, graph: body });
      }
    }
  }
  return null;
}

function valueReader(analysis: Analysis, nodes: readonly Node[], graph: Graph | null) {
  const stored = new Map<string, Tensor>();
  for (const tensor of graph?.initializers ?? []) stored.set(tensor.name, tensor);
  const isMain = graph === analysis.model.graph;
  return (name: string, end: 'producer' | 'consumers'): ValueDetails => {
    const tensor = stored.get(name);
    const type = tensor
      ? { dtype: tensor.dtype as string, shape: tensor.shape as readonly Dim[] | null }
      : factType(isMain ? analysis.shapes.fact(name) : null);
    const others = nodes.filter((node) => (end === 'producer' ? node.outputs : node.inputs).includes(name));
    const constant = others.some((node) => node.op === 'Constant') && end === 'producer';
    return {
      name,
      dtype: type.dtype,
      shape: formatShape(type.shape),
      tensor: tensor || constant ? name : '',
      nodes: others.map((node) => node.id),
    };
  };
}
