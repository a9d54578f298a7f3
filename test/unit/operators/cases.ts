import { readFileSync } from 'node:fs';
import { type Attribute, DTYPES, type DType } from '../../../src/model';
import { call, type Result, tensor } from './rules';

/** `[dtype, shape, elements of small inputs]` */
export type Described = readonly [string, readonly number[], (readonly number[])?];

/** One call of an operator with the outputs somebody else found (test/golden). */
export interface Case {
  /** The test's name, or how the outputs were found. */
  readonly test?: string;
  readonly how?: string;
  readonly op: string;
  readonly domain?: string;
  readonly opset: number;
  readonly attributes?: Readonly<Record<string, readonly [Attribute['kind'], never]>>;
  readonly inputs: readonly (Described | null)[];
  readonly outputs: readonly (Described | null)[];
}

export function readCases(file: string): readonly Case[] {
  const { cases }: { cases: readonly Case[] } = JSON.parse(readFileSync(new URL(`../../golden/${file}`, import.meta.url), 'utf8'));
  return cases;
}

export function dtypeNamed(name: string): DType {
  const found = DTYPES.find((one) => one === name);
  if (!found) throw new Error(`${name} is no element type.`);
  return found;
}

export function runCase(one: Case): Result {
  return call({
    op: one.op,
    ...(one.domain ? { domain: one.domain } : {}),
    opset: one.opset,
    outputs: one.outputs.length,
    inputs: one.inputs.map((input) => (input ? tensor(dtypeNamed(input[0]), input[1], input[2]) : null)),
    attributes: Object.fromEntries(Object.entries(one.attributes ?? {}).map(([name, [kind, value]]) => [name, { kind, value }])),
  });
}

/** Cases by `domain:op`. */
export function byOperator(cases: readonly Case[]): ReadonlyMap<string, readonly Case[]> {
  const groups = new Map<string, Case[]>();
  for (const one of cases) {
    const key = `${one.domain ?? ''}:${one.op}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}
