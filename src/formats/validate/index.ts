import { isSound } from '../../graph';
import type { FunctionDefinition, Graph, Model } from '../../model';
import type { FindingList } from '../findings';
import { checkFunctionCalls } from './functions';
import { checkOpsets } from './opsets';
import { checkScope } from './scope';

/**
 * Holds a model against the rules of its graph (ONNX IR: names defined once, every value made by somebody, no cycles,
 * an operator set for every domain) and adds a finding for each breach. Linear in the size of the model.
 */
export function validate(model: Omit<Model, 'findings'>, findings: FindingList): void {
  const { graph } = model;
  // Most graphs: their names are numbered once for all that comes later.
  if (!isSound(graph)) checkGraph(graph, findings);
  checkOpsets(graph.nodes, model.opsets, 'The model', findings);
  for (const definition of model.functions) checkFunction(definition, findings);
  checkFunctionCalls(model.functions, findings);
}

function checkGraph(graph: Graph, findings: FindingList): void {
  checkScope(
    {
      what: 'The model',
      owner: null,
      sources: graph.inputs.map((value) => value.name),
      constants: [...graph.initializers, ...graph.sparseInitializers].map((tensor) => tensor.name),
      outputs: graph.outputs.map((value) => value.name),
      nodes: graph.nodes,
    },
    findings,
  );
}

function checkFunction(definition: FunctionDefinition, findings: FindingList): void {
  const what = `Function ${definition.name}`;
  const scope = { what, owner: null, sources: definition.inputs, constants: [], outputs: definition.outputs, nodes: definition.nodes };
  if (!isSound(definition)) checkScope(scope, findings);
  checkOpsets(definition.nodes, definition.opsets, what, findings);
}
