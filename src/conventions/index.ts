export { reconcile } from './reconcile';
export { PARTS, type Part, type Reconciled, type ReconciledLine, TOOLS, type ToolName } from './types';
