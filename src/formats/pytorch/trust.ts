import { append } from '../../data';
import type { TrustReport, Verdict } from '../../model';
import { type Imports, judge, type NotedCall, worse } from '../pickle';
import type { WeightsOnly } from './weightsOnly';

/** A part of a file that was run symbolically. */
export interface Judged {
  /** Its name, as a person finds it: `archive/data.pkl`. */
  readonly place: string;
  readonly imports: Imports;
  /** Why it broke off; `''` where it did not. */
  readonly broken: string;
  /** Modules that the file itself defines, of which nothing is imported. */
  readonly known?: (module: string) => boolean;
}

/** One report over the parts of a file. `weightsOnly` followed the part that `torch.load` reads. */
export function trustReport(
  parts: readonly Judged[],
  weightsOnly: WeightsOnly | null,
  reasons: readonly string[] = [],
  loadsBytes?: (call: NotedCall) => Verdict,
): TrustReport {
  let verdict: Verdict = reasons.length > 0 ? 'unknown' : 'safe';
  const names = new Map<string, TrustReport['imports'][number]>();
  const why = [...reasons];
  for (const { place, imports, broken, known } of parts) {
    const judged = judge(imports, place, known, loadsBytes);
    verdict = worse(verdict, judged.verdict);
    for (const one of judged.imports) {
      const known = names.get(one.name);
      if (!known || worse(one.verdict, known.verdict) !== known.verdict) names.set(one.name, one);
    }
    append(why, judged.reasons);
    if (broken === '') continue;
    verdict = worse(verdict, 'unknown');
    why.push(`${place} breaks off, and what comes after that was not seen: ${broken}`);
  }
  const imports = [...names.values()];
  const order = { unsafe: 0, unknown: 1, safe: 2 };
  imports.sort((a, b) => order[a.verdict] - order[b.verdict]);
  return { verdict, weightsOnly: weightsOnly?.report ?? null, imports, reasons: why };
}
