import type { Analysis } from '../analysis/assemble';
import { count } from '../analysis/figures';
import { layersOf } from './layers';
import { FVCORE } from './tools/fvcore';
import { KERAS } from './tools/keras';
import { ONNX_TOOL } from './tools/onnxTool';
import { PTFLOPS } from './tools/ptflops';
import { THOP } from './tools/thop';
import { type Counted, partOf, type Tool } from './tools/tool';
import { TORCH } from './tools/torch';
import { TORCHINFO } from './tools/torchinfo';
import { addTo, PARTS, type Part, type Parts, type Reconciled, type ReconciledLine, type ToolName } from './types';

/** Every tool whose figures can be told: a new one is a file of `tools` and a line here. */
const BY_NAME: Readonly<Record<ToolName, Tool>> = {
  thop: THOP,
  fvcore: FVCORE,
  ptflops: PTFLOPS,
  torchinfo: TORCHINFO,
  torch: TORCH,
  'onnx-tool': ONNX_TOOL,
  keras: KERAS,
};

const FOLDED =
  'The exporter has folded normalisations into convolutions: their scales and shifts are parameters of the modules, and not in the file.';

const EXPANDED = 'Position tables that the exporter has written out for each pair of tokens have an entry for each offset in the modules.';

/** What each of the tools would print for a model, and why that differs from our figure. */
export function reconcile(analysis: Analysis, tools: readonly ToolName[]): readonly Reconciled[] {
  const counted = { analysis, layers: layersOf(analysis) };
  const ours = ourParts(counted);
  return tools.map((name) => against(BY_NAME[name], counted, ours));
}

/** Our multiply-adds by part; they add up to the model's. */
function ourParts({ analysis, layers }: Counted): Parts {
  const parts: Parts = new Map();
  let rest = BigInt(analysis.profile.totals.macs);
  for (const { kind, attends, macs, times } of layers.list) {
    addTo(parts, partOf(kind, attends), macs * times);
    rest -= macs * times;
  }
  addTo(parts, 'otherProduct', rest);
  return parts;
}

function against(tool: Tool, counted: Counted, ours: Parts): Reconciled {
  const { totals } = counted.analysis.profile;
  const theirs = tool.count(counted);
  const lines = tool.unit === '' ? [] : PARTS.flatMap((part) => lineOf(tool, part, ours.get(part) ?? 0n, theirs.get(part) ?? 0n));
  const total = [...theirs.values()].reduce((sum, value) => sum + value, 0n);
  const { folded } = counted.layers;
  const parameters = tool.parameters(counted) ?? BigInt(totals.parameters) + folded - counted.analysis.expanded.surplus;
  const differs = parameters !== BigInt(totals.parameters);
  return {
    tool: tool.name,
    version: tool.version,
    call: tool.call,
    unit: tool.unit,
    total: count(total),
    ours: totals.macs,
    parameters: count(parameters),
    ourParameters: totals.parameters,
    lines,
    parametersWhy: differs ? parametersWhy(tool, counted) : '',
    assumptions: assumptions(tool, counted),
  };
}

function parametersWhy(tool: Tool, { layers, analysis }: Counted): string {
  const modules = tool.readsGraph ? [] : [...(layers.folded === 0n ? [] : [FOLDED]), ...(analysis.expanded.tables === 0 ? [] : [EXPANDED])];
  return [...(tool.parametersWhy === '' ? [] : [tool.parametersWhy]), ...modules].join(' ');
}

function lineOf(tool: Tool, part: Part, ours: bigint, theirs: bigint): readonly ReconciledLine[] {
  if (ours === theirs) return [];
  return [
    { part, ours: count(ours), theirs: count(theirs), difference: (theirs - ours).toString(), why: reason(tool, part, ours, theirs) },
  ];
}

function reason({ perMac, why }: Tool, part: Part, ours: bigint, theirs: bigint): string {
  if (perMac !== 1n && theirs === perMac * ours) return `It counts ${perMac} operations for each multiply-add.`;
  const own = why[part];
  if (own !== undefined) return own;
  return theirs === 0n ? 'Left out there.' : ours === 0n ? 'Counted there, no multiply-add here.' : 'Counted by another rule there.';
}

function assumptions(tool: Tool, { layers }: Counted): readonly string[] {
  if (tool.readsGraph) return [];
  const said: string[] = [];
  if (!layers.traced) {
    said.push(
      "The file does not say which classes its modules had: layers are taken for torch.nn's own. A file written by torch.onnx.export(dynamo=True) says it.",
    );
  }
  if (layers.open > 0) said.push(`${layers.open} operators that multiply are left out, for their extents or turns are not known.`);
  if (!layers.traced && layers.folded > 0n)
    said.push('Convolutions whose kernels have no name of their own are taken for ones that a BatchNorm was folded into.');
  return said;
}
