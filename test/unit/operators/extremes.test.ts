import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/analysis/assemble';
import { countCosts } from '../../../src/analysis/cost';
import { foldModel } from '../../../src/analysis/fold';
import { inferShapes } from '../../../src/analysis/shapes';
import type { Attribute, Graph, Model, Node, Tensor, Value } from '../../../src/model';
import { allOperators } from '../../../src/operators/registry';
import type { Operator } from '../../../src/operators/rule';
import { graph, integers, value, weight } from '../analysis/models';

/**
 * Every integer that a file can put into an attribute or a small tensor, in every place where a rule of the registry
 * asks for one: the rules themselves tell which names they ask for, so an operator that is added is tried too. The 1
 * is for axes in the middle of a shape.
 */
const EXTREMES: readonly bigint[] = [0n, 1n, -1n, 2n ** 31n, 2n ** 53n, 2n ** 62n, -(2n ** 63n)];
/** No list in a rule may be walked more than a few times: squares of this many show as a test that does not end. */
const LONG = 20_000;
/** No runtime takes a tensor of more axes. */
const MOST_AXES = 64;

const exact = (extreme: bigint): number | bigint => (Number.isSafeInteger(Number(extreme)) ? Number(extreme) : extreme);
const int = (extreme: bigint): Attribute => ({ kind: 'int', value: exact(extreme) });
const ints = (extreme: bigint, count: number): Attribute => ({
  kind: 'ints',
  value: new Array<number | bigint>(count).fill(exact(extreme)),
});

function forms(extreme: bigint): readonly Attribute[] {
  const short = [int(extreme), ints(extreme, 1), ints(extreme, 4)];
  return extreme === 0n || extreme === 2n ** 62n ? [...short, ints(extreme, LONG)] : short;
}

const body: Graph = graph({ inputs: [value('t'), value('s')], outputs: ['u'], nodes: [{ op: 'Identity', inputs: ['s'], outputs: ['u'] }] });
const BODIES: Readonly<Record<string, Attribute>> = Object.fromEntries(
  ['body', 'then_branch', 'else_branch'].map((name) => [name, { kind: 'graph', value: body }]),
);

interface Fed {
  readonly inputs?: readonly Value[];
  readonly initializers?: readonly Tensor[];
}

const INPUTS = 9;
const names = Array.from({ length: INPUTS }, (_, i) => `x${i}`);
const all = (make: (name: string) => Value): Fed => ({ inputs: names.map(make) });
const sequence = (name: string): Value => ({
  name,
  type: { kind: 'sequence', element: { kind: 'tensor', dtype: 'float32', shape: [2, 3] } },
});

/** Inputs of the kinds that rules tell apart, none of them made for one operator. */
const FEEDS: Readonly<Record<string, Fed>> = {
  images: all((name) => value(name, 'float32', [2, 4, 6, 8])),
  free: all((name) => value(name, 'float32', ['batch', 'length', null])),
  // No element, and yet more rows than any loop may count.
  hollow: { initializers: names.map((name) => integers(name, [], [2 ** 31, 0, 2 ** 31])) },
  sequences: { inputs: names.map((name, i) => (i === 0 ? sequence(name) : value(name, 'int64', [2]))) },
  weights: { inputs: [value('x0', 'float32', [2, 4, 6, 8])], initializers: names.slice(1).map((name) => weight(name, [4, 4, 3, 3])) },
};

function modelOf({ op, domain, since }: Operator, { inputs = [], initializers = [] }: Fed, attributes: Node['attributes']): Model {
  const node: Node = { id: 'n0', name: '', op, domain, inputs: names, outputs: ['y0', 'y1', 'y2'], attributes };
  return {
    format: 'onnx',
    formatVersion: '10',
    producer: '',
    producerVersion: '',
    domain: '',
    modelVersion: '',
    doc: '',
    opsets: { '': since, [domain]: since },
    metadata: {},
    graph: { ...graph({ inputs, outputs: ['y0'], initializers, nodes: [] }), nodes: [node] },
    functions: [],
    externalFiles: [],
    findings: [],
  };
}

/** Infers and counts; throws where a rule fails or gives a shape that no tensor has. */
function counted(of: Model): void {
  const shapes = inferShapes(of, { bindings: { batch: 2, length: 3 } });
  const costs = countCosts(shapes);
  for (const finding of [...shapes.findings, ...costs.findings])
    if (/rule-error|cost-error/.test(finding.code)) throw new Error(finding.message);
  for (const name of ['y0', 'y1', 'y2']) {
    const fact = shapes.fact(name);
    if (fact.kind !== 'tensor') continue;
    const { shape, data } = fact;
    if (shape && shape.length > MOST_AXES) throw new Error(`${name} has rank ${shape.length}`);
    for (const dim of shape ?? [])
      if (typeof dim === 'number' && !(Number.isSafeInteger(dim) && dim >= 0)) throw new Error(`${name} has extent ${dim}`);
    if (data && data.length > 4096) throw new Error(`${name} carries ${data.length} elements`);
  }
}

/** Names of attributes that the operator's rules ask for, whatever the inputs and the attributes so far. */
function askedFor(operator: Operator, fed: Fed, given: Node['attributes']): ReadonlySet<string> {
  const asked = new Set<string>();
  const attributes = new Proxy(given, {
    getOwnPropertyDescriptor: (target, name) => {
      if (typeof name === 'string') asked.add(name);
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
  });
  counted(modelOf(operator, fed, attributes));
  for (const name of Object.keys(BODIES)) asked.delete(name);
  return asked;
}

function named({ domain, op, since }: Operator): string {
  return `${domain || 'ai.onnx'} ${op} ${since}`;
}

const OPERATORS = allOperators();
const everyAsked = new Map<Operator, ReadonlySet<string>>();
for (const operator of OPERATORS) {
  const asked = new Set<string>();
  for (const fed of Object.values(FEEDS)) for (const name of askedFor(operator, fed, BODIES)) asked.add(name);
  // What is asked only where another attribute is there: kernel_shape before strides.
  for (const name of [...asked]) {
    for (const attribute of [int(2n), ints(1n, 2)]) {
      for (const more of askedFor(operator, FEEDS['images'] ?? {}, { ...BODIES, [name]: attribute })) asked.add(more);
    }
  }
  everyAsked.set(operator, asked);
}

describe('extreme integers', () => {
  it('are tried at the attributes that rules ask for', () => {
    const asked = (op: string) => [...everyAsked].filter(([operator]) => operator.op === op).flatMap(([, found]) => [...found]);
    expect(asked('Scan')).toContain('num_scan_inputs');
    expect(asked('Conv')).toEqual(expect.arrayContaining(['kernel_shape', 'strides', 'pads', 'dilations', 'group']));
    expect([...everyAsked.values()].reduce((sum, found) => sum + found.size, 0)).toBeGreaterThan(400);
  });

  it.each(Object.keys(FEEDS))('as every attribute of every operator, on %s', { timeout: 240_000 }, (kind) => {
    const fed = FEEDS[kind] ?? {};
    const faults: string[] = [];
    for (const [operator, asked] of everyAsked) {
      for (const name of asked) {
        for (const extreme of EXTREMES) {
          for (const attribute of forms(extreme)) {
            try {
              counted(modelOf(operator, fed, { ...BODIES, [name]: attribute }));
            } catch (error) {
              faults.push(`${named(operator)} ${name} ${attribute.kind} ${extreme}: ${String(error)}`);
            }
          }
        }
      }
    }
    expect(faults.slice(0, 20)).toEqual([]);
  });

  it('as the elements of every small tensor', { timeout: 240_000 }, () => {
    const faults: string[] = [];
    for (const operator of OPERATORS) {
      for (const extreme of EXTREMES) {
        for (const count of extreme < 2n ? [1, 4096] : [1, 4]) {
          // Each of the first inputs in turn, then all but the first.
          for (const place of [0, 1, 2, -1]) {
            const isGiven = (i: number) => (place < 0 ? i > 0 : i === place);
            const fed: Fed = {
              inputs: names.filter((_, i) => !isGiven(i)).map((name) => value(name, 'float32', [2, 4, 6, 8])),
              initializers: names.filter((_, i) => isGiven(i)).map((name) => elements(name, extreme, count)),
            };
            try {
              counted(modelOf(operator, fed, BODIES));
            } catch (error) {
              faults.push(`${named(operator)} input ${place} ${count} x ${extreme}: ${String(error)}`);
            }
          }
        }
      }
    }
    expect(faults.slice(0, 20)).toEqual([]);
  });

  it('go through every later pass as well', { timeout: 240_000 }, () => {
    for (const [operator, asked] of everyAsked) {
      for (const name of asked) {
        for (const extreme of EXTREMES) {
          for (const attribute of forms(extreme).slice(0, 1)) {
            const of = modelOf(operator, FEEDS['weights'] ?? {}, { ...BODIES, [name]: attribute });
            const analysis = analyse(of, { name: named(operator), bytes: 0 });
            expect(foldModel(analysis).level('').boxes.length).toBeLessThan(40);
          }
        }
      }
    }
  });
});

function elements(name: string, extreme: bigint, count: number): Tensor {
  const data = new Uint8Array(new BigInt64Array(count).fill(extreme).buffer);
  return { ...integers(name, []), shape: [count], storage: { kind: 'inline', data } };
}
