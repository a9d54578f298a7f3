import { type Analysis, factType } from '../analysis/assemble';
import { instanceId, type ScopeShapes } from '../analysis/shapes';
import { UserError } from '../bytes';
import { elementsOf } from '../checkpoint/counts';
import { append } from '../data';
import { type Artifact, type Attribute, bodiesOf, formatShape, type Graph, hasGraph, type Node, storedBytes, type Tensor } from '../model';
import { meaningOf } from '../operators/registry';
import type { NodeDetails, TensorRow, ValueDetails } from '../protocol';
import { shortened } from '../text';

/** Elements of a list attribute that are written out; the rest is a count. */
const SHOWN_ELEMENTS = 32;
/** Attributes, inputs and outputs of one node that are told of; the rest is a count. A loop's body takes some tens. */
const SHOWN_VALUES = 500;
/** Characters of one text of the file's (an attribute, a doc, a value of the metadata) that a view shows; `inspect --json` has all. */
export const SHOWN_TEXT = 20_000;
/** Readers of a tensor that are named; the rest is a count. */
const SHOWN_CONSUMERS = 100;

/** Everything the details panel shows of one node besides its profile. */
export function nodeDetails(analysis: Analysis, id: string): NodeDetails {
  const place = placeOf(analysis, id);
  if (!place) throw new UserError(`The model has no node ${id}.`);
  const { node } = place;
  const stored = storedByName();
  const attributes = Object.entries(node.attributes);
  const inputs = node.inputs.filter((name) => name !== '');
  // A name written twice is one value, whose readers may be as many as its repetitions.
  const outputs = [...new Set(node.outputs)].filter((name) => name !== '');
  const profile = analysis.profile.nodes.find((one) => one.id === id);
  const value = (name: string, end: 'producer' | 'consumers') => valueDetails(analysis, place, stored, name, end);
  return {
    id,
    name: node.name,
    op: node.op,
    domain: node.domain,
    doc: shortened(node.doc ?? '', SHOWN_TEXT),
    attributes: attributes.slice(0, SHOWN_VALUES).map(([name, attribute]) => ({
      name,
      kind: attribute.kind,
      text: shortened(attributeText(attribute), SHOWN_TEXT),
    })),
    inputs: inputs.slice(0, SHOWN_VALUES).map((name) => value(name, 'producer')),
    outputs: outputs.slice(0, SHOWN_VALUES).map((name) => value(name, 'consumers')),
    more: {
      attributes: Math.max(0, attributes.length - SHOWN_VALUES),
      inputs: Math.max(0, inputs.length - SHOWN_VALUES),
      outputs: Math.max(0, outputs.length - SHOWN_VALUES),
    },
    metadata: shownTexts(node.metadata ?? {}),
    profile: profile
      ? { ...profile, inputs: profile.inputs.slice(0, SHOWN_VALUES), outputs: profile.outputs.slice(0, SHOWN_VALUES) }
      : null,
  };
}

/** Texts by names, as many and as long as a view shows. */
export function shownTexts(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(texts)
      .slice(0, SHOWN_VALUES)
      .map(([name, text]) => [name, shortened(text, SHOWN_TEXT)]),
  );
}

/** A row per tensor of a checkpoint, or stored in the main graph of a model, in file order. */
export function tensorRows(artifact: Artifact): readonly TensorRow[] {
  const consumers = new Map<string, string[]>();
  for (const node of hasGraph(artifact) ? artifact.graph.nodes : []) {
    for (const name of new Set(node.inputs)) {
      const list = consumers.get(name);
      if (list) list.push(node.id);
      else consumers.set(name, [node.id]);
    }
  }
  return storedTensors(artifact).map((tensor) => {
    return {
      name: tensor.name,
      dtype: tensor.dtype,
      shape: tensor.written ?? tensor.shape,
      elements: elementsOf(tensor.shape),
      bytes: tensor.storage.kind === 'missing' && tensor.written ? 0 : storedBytes(tensor),
      file: 'file' in tensor.storage ? tensor.storage.file : '',
      missing: tensor.storage.kind === 'missing' ? tensor.storage.reason : '',
      consumers: (consumers.get(tensor.name) ?? []).slice(0, SHOWN_CONSUMERS),
      readers: consumers.get(tensor.name)?.length ?? 0,
    };
  });
}

/** A checkpoint's tensors; of a model initializers and the tensors of Constant nodes, each under the value name that nodes read. */
export function storedTensors(artifact: Artifact): readonly Tensor[] {
  if (!hasGraph(artifact)) return artifact.tensors;
  const constants = artifact.graph.nodes.flatMap((node) => {
    const attribute = meaningOf(node, artifact.opsets)?.does === 'constant' ? node.attributes['value'] : undefined;
    const name = node.outputs[0];
    return attribute?.kind === 'tensor' && name ? [{ ...attribute.value, name }] : [];
  });
  return [...artifact.graph.initializers, ...constants];
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
  return `${tensor.dtype} ${formatShape(tensor.written ?? tensor.shape)}`;
}

/** One node as it stands in the model: an instance, where it was inferred, or as the file lists it. */
interface Place {
  readonly node: Node;
  /** `null` for a node of a body or function that inference did not enter. */
  readonly scope: ScopeShapes | null;
  /** Graph that the node lies in; `null` in a function's body. */
  readonly graph: Graph | null;
}

function placeOf({ costs, model }: Analysis, id: string): Place | null {
  const cost = costs.nodes.get(id);
  if (cost) return { node: cost.node, scope: cost.scope, graph: cost.scope.graph };
  return findAmong(model.graph, id);
}

function findAmong(graph: Graph, id: string): Place | null {
  const pending = [graph];
  for (let within = pending.pop(); within; within = pending.pop()) {
    for (const node of within.nodes) {
      if (node.id === id) return { node, scope: null, graph: within };
      if (id.startsWith(`${node.id}/`)) append(pending, bodiesOf(node));
    }
  }
  return null;
}

/** Where a value that a node of a scope reads is made or given: the scope itself, or one around a body. */
function homeOf(scope: ScopeShapes, name: string): ScopeShapes {
  let home = scope;
  while (home.graph && home.parent && !home.facts.has(name)) home = home.parent;
  return home.facts.has(name) ? home : scope;
}

function nodesAt({ wiring }: ScopeShapes, name: string, end: 'producer' | 'consumers'): readonly number[] {
  const value = wiring.value(name);
  if (value < 0) return [];
  if (end === 'consumers') {
    const { starts, items } = wiring.readers();
    return [...items.subarray(starts[value], starts[value + 1])];
  }
  const producer = wiring.producer[value] ?? -1;
  return producer < 0 ? [] : [producer];
}

type Stored = (graph: Graph | null, name: string) => Tensor | undefined;

/** Finds initializers by name, with one pass over each graph that is asked for. */
function storedByName(): Stored {
  const known = new Map<Graph, ReadonlyMap<string, Tensor>>();
  return (graph, name) => {
    if (!graph) return undefined;
    const tensors = known.get(graph) ?? new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
    known.set(graph, tensors);
    return tensors.get(name);
  };
}

function valueDetails(
  { shapes }: Analysis,
  { scope, graph }: Place,
  stored: Stored,
  name: string,
  end: 'producer' | 'consumers',
): ValueDetails {
  const home = scope && (end === 'producer' ? homeOf(scope, name) : scope);
  const tensor = stored(home ? home.graph : graph, name);
  const type = tensor ?? factType(home && shapes.fact(name, home));
  const others = home ? nodesAt(home, name, end).map((number) => [home.wiring.nodes[number], home] as const) : [];
  const constant = end === 'producer' && others.some(([node, around]) => node && meaningOf(node, around.opsets)?.does === 'constant');
  return {
    name,
    dtype: type.dtype,
    shape: formatShape(type.shape),
    tensor: tensor || constant ? name : '',
    nodes: others.flatMap(([node, around]) => (node ? instanceId(around, node) : [])),
  };
}
