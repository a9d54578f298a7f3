import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, scratch } from './support';

const { folder, file } = scratch();
const VIT = 'samples/vit.onnx';
const budgets = (content: unknown) => file('budgets.json', JSON.stringify(content));
const figures = JSON.parse(readFileSync('samples/figures.json', 'utf8'));

describe('check', () => {
  it('passes at the exact figure and fails one below it', async () => {
    const { total } = figures.models.vit.macs;
    expect((await cli('check', VIT, '--budget', budgets({ macs: { max: total } }))).status).toBe(0);
    const over = await cli('check', VIT, '--budget', budgets({ macs: { max: total - 1 }, parameters: { max: '1M' } }));
    expect(over.status).toBe(1);
    expect(over.stdout).toMatch(/^over {2}macs: 17\.0.MMACs; at most/m);
    expect(over.stdout).toMatch(/^ok {4}parameters: 230.k; at most 1M$/m);
  });

  it('names the blocks that a limit is owed to, dearest first', async () => {
    const { stdout } = await cli('check', VIT, '--budget', budgets({ 'attention.macs': { max: '1k' } }), '--json');
    const [result] = JSON.parse(stdout).results;
    expect(result.passes).toBe(false);
    // Four equal blocks are one entry, with the scope of the first.
    expect(result.blocks).toMatchObject([{ kind: 'transformer', where: expect.stringMatching(/^\/.*0$/) }]);
    const sum = result.blocks.reduce((total: number, { ids, value }: { ids: string[]; value: number }) => total + ids.length * value, 0);
    expect(result.blocks[0].ids).toHaveLength(4);
    expect(sum).toBe(result.value);
  });

  it('measures against a baseline beside the budgets file, and names what grew', async () => {
    file('base.onnx', readFileSync('samples/conv.onnx'));
    const path = budgets({ macs: { max: '+2%', baseline: 'base.onnx' }, parameters: { max: '+60k', baseline: 'base.onnx' } });
    expect((await cli('check', join(folder, 'base.onnx'), '--budget', path)).status).toBe(0);
    const { status, stdout } = await cli('check', VIT, '--budget', path, '--json');
    const [macs, parameters] = JSON.parse(stdout).results;
    expect(status).toBe(1);
    expect(macs).toMatchObject({ passes: false, bound: 1.02 * figures.models.conv.macs.total, baseline: { name: 'base.onnx' } });
    expect(macs.blocks.length).toBeGreaterThan(0);
    expect(parameters.passes).toBe(true);
  });

  it('reads the budgets that the README shows', async () => {
    const [, example = ''] = /```json\n(\{\n {2}"macs"[^`]+)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
    file('base.onnx', readFileSync(VIT));
    const { status, stdout, stderr } = await cli('check', join(folder, 'base.onnx'), '--budget', file('readme.json', example));
    // Equal to its baseline and small, but more than half attention.
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout.split('\n').filter((line) => line.startsWith('ok '))).toHaveLength(2);
    expect(stdout).toMatch(/^over {2}attention\.share: 55\.1%; at most 40%$/m);
  });

  it.each([
    ['a file that is not there', () => join(folder, 'none.json'), /none\.json cannot be read \(ENOENT\)/],
    ['a folder', () => folder, /is not a file\./],
    ['a text', () => file('text.json', 'macs: 5G'), /text\.json is not JSON; a budgets file holds one object/],
    ['a list', () => file('list.json', '[]'), /A budgets file holds one object/],
    ['no limits', () => budgets({}), /The budgets file limits nothing/],
    ['a baseline that is not there', () => budgets({ macs: { max: '+2%', baseline: 'gone.onnx' } }), /gone\.onnx cannot be read/],
    ['no such reference system', () => budgets({ macs: { max: '+2%', baseline: 'arch:Nope' } }), /There is no reference system "Nope"/],
  ])('says in one sentence that its budgets are %s', async (_what, path, message) => {
    const { status, stdout, stderr } = await cli('check', VIT, '--budget', path());
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('takes a reference system as model and as baseline', async () => {
    const path = budgets({ macs: { max: '+0%', baseline: 'arch:ResNet-50' } });
    expect((await cli('check', 'arch:ResNet-18', '--budget', path)).status).toBe(0);
    const { status, stdout } = await cli('check', 'arch:ResNet-101', '--budget', path);
    expect(status).toBe(1);
    expect(stdout).toMatch(/\+91% of arch:ResNet-50's 4\.09.GMACs/);
    expect(stdout).toMatch(/^ +Bottleneck x17 \(residual-bottleneck\) from \/layer3\/layer3\.\d+: \+218.MMACs each$/m);
  });

  it('holds shares of the whole, at least and at most', async () => {
    const at = (limit: unknown) => cli('check', VIT, '--budget', budgets({ 'attention.share': limit }));
    // 9,360,000 of 16,999,840 multiply-adds.
    expect((await at({ max: '55.1%', min: '55%' })).status).toBe(0);
    expect((await at({ max: '55%' })).status).toBe(1);
    expect((await at({ min: '56%' })).status).toBe(1);
  });

  it('binds free dimensions', async () => {
    const path = budgets({ macs: { max: figures.models.vit.macs.total } });
    expect((await cli('check', VIT, '--budget', path, '--bind', 'batch=2')).status).toBe(1);
  });

  it.each([
    [{}, 'limits nothing'],
    [[], 'holds one object'],
    [{ mac: { max: 1 } }, '"mac" is not a figure'],
    [{ macs: 5 }, 'The limit of "macs" must be an object'],
    [{ macs: {} }, 'needs "max" or "min"'],
    [{ macs: { most: 5 } }, 'has "most"'],
    [{ macs: { max: '5X' } }, '"5X" is no limit of "macs"'],
    [{ macs: { max: '5%' } }, '"5%" is no limit of "macs"'],
    [{ macs: { max: '+5%' } }, 'name the model it is measured against'],
    [{ macs: { max: '5G', baseline: 'a.onnx' } }, 'is absolute'],
    [{ macs: { max: '+5%', baseline: 'gone.onnx' } }, 'gone.onnx cannot be read'],
  ])('says what is wrong with %j', async (content, message) => {
    const { status, stderr } = await cli('check', VIT, '--budget', budgets(content));
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });

  it('needs a budgets file that can be read', async () => {
    expect((await cli('check', VIT)).status).toBe(2);
    expect((await cli('check', VIT, '--budget', join(folder, 'none.json'))).stderr).toContain('cannot be read (ENOENT)');
    expect((await cli('check', VIT, '--budget', file('text.json', '{'))).stderr).toContain('is not JSON');
  });
});
