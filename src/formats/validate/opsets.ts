import type { Node } from '../../model';
import type { FindingList } from '../findings';
import { allNodes, nodeLabel } from './subgraphs';

/** Domains that ONNX Runtime loads models without an import of: it has one version of theirs, or takes the newest. */
const LENIENT: ReadonlySet<string> = new Set(['com.microsoft', 'ai.onnx.ml']);

/** Every domain that nodes use must be imported, else nobody knows which version of the operators is meant. */
export function checkOpsets(nodes: readonly Node[], opsets: Readonly<Record<string, number>>, what: string, findings: FindingList): void {
  const seen = new Set<string>();
  for (const node of allNodes(nodes)) {
    if (seen.has(node.domain)) continue;
    seen.add(node.domain);
    if (Object.hasOwn(opsets, node.domain)) continue;
    const domain = node.domain === '' ? 'ai.onnx' : node.domain;
    const message = `${what} does not import an operator set for ${domain}, which ${nodeLabel(node)} needs`;
    if (LENIENT.has(domain)) findings.warn('opset-missing', `${message}; ONNX Runtime takes its newest version.`, node.id);
    else findings.error('opset-missing', `${message}.`, node.id);
  }
}
