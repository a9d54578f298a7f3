import { own } from '../data';
import type { Node } from '../model';
import { CONTRIB } from './contrib';
import { normalizeDomain } from './domain';
import type { Meaning } from './meaning';
import { CLASSICAL } from './ml/classical';
import { ONNX } from './onnx';
import { QONNX } from './qonnx/quantization';
import type { Operator } from './rule';

/** Every domain's operators: one line per folder. */
const DOMAINS: readonly (readonly Operator[])[] = [CLASSICAL, CONTRIB, ONNX, QONNX];

type Versions = readonly Operator[];

let table: ReadonlyMap<string, ReadonlyMap<string, Versions>> | undefined;

/** By domain, then by operator, newest version first. */
function build(): ReadonlyMap<string, ReadonlyMap<string, Versions>> {
  const domains = new Map<string, Map<string, Operator[]>>();
  for (const folder of DOMAINS) {
    for (const operator of folder) {
      const names = domains.get(operator.domain) ?? new Map<string, Operator[]>();
      domains.set(operator.domain, names);
      const versions = names.get(operator.op);
      if (versions) versions.push(operator);
      else names.set(operator.op, [operator]);
    }
  }
  for (const names of domains.values()) for (const versions of names.values()) versions.sort((a, b) => b.since - a.since);
  return domains;
}

/**
 * The rules of an operator as of operator set version `opset`: those with the
 * highest `since` that is not past it. `null` for an operator we do not know.
 */
export function lookup(domain: string, op: string, opset: number): Operator | null {
  table ??= build();
  const versions = table.get(normalizeDomain(domain))?.get(op);
  if (!versions) return null;
  for (const operator of versions) if (operator.since <= opset) return operator;
  return null;
}

/** Version of a domain's operators that a model or function asks for; without one, the newest counts. */
export function versionOf(domain: string, opsets: Readonly<Record<string, number>>): number {
  const name = normalizeDomain(domain);
  return own(opsets, name) ?? Number.MAX_SAFE_INTEGER;
}

/**
 * What a node means under a model's or function's operator sets; `null` for an
 * operator that its domain, at that version, does not have. Nothing may be
 * assumed of such a node, whatever it is called.
 */
export function meaningOf({ domain, op }: Pick<Node, 'domain' | 'op'>, opsets: Readonly<Record<string, number>>): Meaning | null {
  return lookup(domain, op, versionOf(domain, opsets))?.meaning ?? null;
}

/** Every rule pair there is, for listings and tests. */
export function allOperators(): readonly Operator[] {
  return DOMAINS.flat();
}
