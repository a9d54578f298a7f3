import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { model, node, tensor, value } from '../../fixtures/onnx';
import { cli, scratch } from './support';

const { file } = scratch();
/** 1 x 8 by 8 x 4 is 32 multiply-adds; nobody knows what comes after. */
const PARTLY = () =>
  model({
    nodes: [node('MatMul', ['x', 'w'], ['h']), node('Exotic', ['h'], ['y'], {}, { domain: 'vendor' })],
    inputs: [value('x', 'float32', [1, 8])],
    outputs: [value('y', 'float32', [1, 4])],
    initializers: [tensor('w', 'float32', [8, 4], Array(32).fill(1))],
    opset: { '': 17, vendor: 1 },
  });
const NOTHING = () =>
  model({
    nodes: [node('Exotic', ['x'], ['y'], {}, { domain: 'vendor' })],
    inputs: [value('x', 'float32', [1, 8])],
    outputs: [value('y', 'float32', [1, 4])],
    opset: { '': 17, vendor: 1 },
  });

const partly = () => file('partly.onnx', PARTLY());
const budgets = (content: unknown) => file('budgets.json', JSON.stringify(content));

describe('a model that is counted in part', () => {
  it('is inspected as at least so much, with what was not counted', async () => {
    const { stdout, stderr } = await cli('inspect', partly());
    expect(stdout).toMatch(/multiply-adds +≥.32.MACs \(32\)$/m);
    expect(stderr).toMatch(/^warning: 1 operator was not counted \(Exotic 1\): macs, flops, activationBytes are lower bounds\.$/m);
    const json = JSON.parse((await cli('inspect', partly(), '--json')).stdout);
    expect(json.lowerBounds).toEqual(['macs', 'flops', 'activationBytes']);
    expect(json.notCounted).toMatchObject([{ node: 'n1', op: 'Exotic' }]);
  });

  it('is never said to cost nothing', async () => {
    const { stdout } = await cli('inspect', file('nothing.onnx', NOTHING()));
    expect(stdout).toMatch(/multiply-adds +not known$/m);
    expect((await cli('profile', file('nothing.onnx', NOTHING()))).stdout).not.toMatch(/\b0.MACs/);
  });

  it('is marked in the profile and in the comparison', async () => {
    expect((await cli('profile', partly(), '--group', 'op')).stdout).toMatch(/^total .*≥.32.MACs/m);
    expect((await cli('compare', partly(), partly())).stdout.match(/≥.32.MACs/g)).toHaveLength(2);
    const csv = (await cli('compare', partly(), '--format', 'csv')).stdout;
    expect(csv).toMatch(/^model,.*lower bounds,error\n.*,macs flops,$/m);
  });

  it('is not within a maximum that its missing part may pass', async () => {
    const { status, stdout, stderr } = await cli('check', partly(), '--budget', budgets({ macs: { max: 40 } }));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^not known {2}macs: ≥.32.MACs; at most 40$/m);
    expect(stderr).toContain('1 operator was not counted');
    const { results, passes } = JSON.parse((await cli('check', partly(), '--budget', budgets({ macs: { max: 40 } }), '--json')).stdout);
    expect({ passes, results }).toMatchObject({ passes: false, results: [{ verdict: 'unknown', lowerBound: true, passes: false }] });
  });

  it('is held to what was counted where the budgets file says so', async () => {
    const { status, stdout } = await cli('check', partly(), '--budget', budgets({ macs: { max: 40, allowLowerBound: true } }));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ok {4}macs: ≥.32.MACs; at most 40$/m);
  });

  it.each([
    ['over a maximum that it passes already', { macs: { max: 31 } }, 'over'],
    ['over a minimum that it reaches already', { macs: { min: 32 } }, 'ok'],
    ['under a minimum that it may still reach', { macs: { min: 33 } }, 'unknown'],
    ['exact in its parameters', { parameters: { max: 32 } }, 'ok'],
    ['not known by its share', { 'other.share': { max: '100%' } }, 'unknown'],
    ['not known against a baseline counted in part', { macs: { max: '+50%', baseline: 'partly.onnx' } }, 'unknown'],
  ])('is %s', async (_, content, verdict) => {
    const { stdout } = await cli('check', partly(), '--budget', budgets(content), '--json');
    expect(JSON.parse(stdout).results).toMatchObject([{ verdict }]);
  });

  it('may say so by the schema of budgets files', () => {
    const { definitions } = JSON.parse(readFileSync('schemas/budgets.schema.json', 'utf8'));
    for (const name of ['limit', 'share']) expect(definitions[name].properties.allowLowerBound).toBeDefined();
  });
});
