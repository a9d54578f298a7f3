import { normalizeDomain } from '../domain';
import type { Meaning } from '../meaning';
import { lookup } from '../registry';

/** Domains of the operators that ONNX Runtime's optimisers write, those of layouts first: they are named for their ai.onnx kin. */
const DOMAINS: readonly string[] = ['com.microsoft.nchwc', 'com.ms.internal.nhwc', 'com.microsoft', 'ai.onnx'];

/** Searches of com.microsoft, which run the decoders they hold as attributes; nobody counts them. */
const SEARCHES: ReadonlySet<string> = new Set(['BeamSearch', 'GreedySearch', 'Sampling', 'WhisperBeamSearch']);

/** True for a kernel that runs those of its bodies. */
export function runsBodies(op: string): boolean {
  return SEARCHES.has(op) || meaningOfKernel(op)?.kind === 'control';
}

/** What a kernel of ONNX Runtime's trace does, which names operators without their domain; `null` for one that no domain has. */
export function meaningOfKernel(op: string): Meaning | null {
  for (const domain of DOMAINS) {
    const operator = lookup(normalizeDomain(domain), op, Number.MAX_SAFE_INTEGER);
    if (operator) return operator.meaning;
  }
  return null;
}
