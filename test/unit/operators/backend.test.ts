import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inferShapes } from '../../../src/analysis/shapes';
import { BufferSource } from '../../../src/bytes';
import { openModel } from '../../../src/formats/registry';
import { formatShape, graphInputs } from '../../../src/model';
import type { Fact } from '../../../src/operators/rule';
import { readFact } from './testData';

/** ONNX's own backend tests, from Debian's libonnx-testdata. */
const ROOT = '/usr/share/libonnx-testdata/data';

/** Outputs whose extents no shape rule can know, by what the test's name matches, with the reason. */
const EXEMPT: readonly (readonly [RegExp, string])[] = [
  [/nonmaxsuppression/, 'the number of boxes kept depends on their scores and overlaps'],
  [/test_unique/, 'the number of distinct elements depends on the data'],
  [/strnorm/, 'the number of strings left depends on the stop words'],
  [/to_BFLOAT16/, 'the test data are stored as uint16, which is not the type the model declares'],
];

function format(fact: Fact): string {
  if (fact.kind === 'tensor') return `${fact.dtype}${formatShape(fact.shape)}`;
  if (fact.kind === 'sequence') return fact.elements ? `seq(${fact.elements.map(format).join(',')})` : `seq of ${format(fact.element)}`;
  if (fact.kind === 'optional') return `optional(${fact.present === false ? 'none' : format(fact.element)})`;
  return fact.kind;
}

interface Outcome {
  readonly test: string;
  /** `''` when every output's dtype and shape is what the test holds. */
  readonly wrong: string;
  readonly findings: readonly string[];
}

async function judge(test: string): Promise<Outcome> {
  const folder = join(ROOT, test);
  const model = await openModel(new BufferSource(new Uint8Array(readFileSync(join(folder, 'model.onnx')))), { name: 'model.onnx' });
  const data = join(folder, 'test_data_set_0');
  const facts = new Map<string, Fact>();
  for (const [i, value] of graphInputs(model.graph).entries()) {
    const path = join(data, `input_${i}.pb`);
    if (existsSync(path)) facts.set(value.name, readFact(readFileSync(path), value.type));
  }
  const shapes = inferShapes(stripped(model), { facts });
  const wrong: string[] = [];
  for (const [i, value] of model.graph.outputs.entries()) {
    const path = join(data, `output_${i}.pb`);
    if (!existsSync(path)) continue;
    const expected = format(readFact(readFileSync(path), value.type));
    const found = format(shapes.fact(value.name));
    if (found !== expected) wrong.push(`${value.name}: ${found}, not ${expected}`);
  }
  return { test, wrong: wrong.join('; '), findings: shapes.findings.map((finding) => finding.message) };
}

/** Without what the file declares about results, so that nothing but inference can give the answer. */
function stripped(model: Awaited<ReturnType<typeof openModel>>): typeof model {
  const outputs = model.graph.outputs.map((value) => ({ ...value, type: { kind: 'unknown' as const } }));
  return { ...model, graph: { ...model.graph, outputs, values: [] } };
}

describe.skipIf(!existsSync(ROOT))('shape inference on ONNX backend tests (apt-get install libonnx-testdata)', () => {
  it('gives the dtype and shape of every expected output', async () => {
    const tests = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('model.onnx'))
      .map((path) => path.slice(0, -'/model.onnx'.length));
    const outcomes: Outcome[] = [];
    for (const test of tests) outcomes.push(await judge(test));
    const exempt = (outcome: Outcome) => EXEMPT.some(([pattern]) => pattern.test(outcome.test));
    const counted = outcomes.filter((outcome) => !exempt(outcome));
    const wrong = counted.filter((outcome) => outcome.wrong !== '');
    const noisy = counted.filter((outcome) => outcome.findings.length > 0);
    const share = 100 * (1 - wrong.length / counted.length);
    console.log(`${counted.length} of ${tests.length} models counted, ${share.toFixed(2)}% with every output's dtype and shape right`);
    for (const outcome of wrong) console.log(`  ${outcome.test}: ${outcome.wrong}`);
    for (const outcome of noisy) console.log(`  ${outcome.test} reports: ${outcome.findings[0]}`);
    expect(tests.length).toBeGreaterThan(1000);
    expect(wrong).toEqual([]);
    expect(noisy.map((outcome) => outcome.test)).toEqual([]);
  });
});
