import { describe, expect, it } from 'vitest';
import type { Profile, Reconciled } from '../../../src/protocol';
import { cli } from './support';

const VIT = 'samples/vit.onnx';

describe('profile --as', () => {
  it('says what a tool would print, and why line by line', async () => {
    const { status, stdout, stderr } = await cli('profile', VIT, '--as', 'thop');
    expect(status).toBe(0);
    expect(stderr).toBe('');
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^part +ours +thop +difference$/);
    expect(stdout).toMatch(/^attention products +2,704,000 +0 +-2,704,000$/m);
    expect(stdout).toMatch(/^LayerNorm +0 +187,200 +\+187,200$/m);
    expect(stdout).toMatch(/^LayerNorm: It adds 4 operations an element/m);
    expect(stdout).toMatch(/^thop 0\.1\.1 would print 14,483,040 MACs and 224,730 parameters/m);
  });

  it('sets all tools side by side, in every format', async () => {
    const { stdout } = await cli('profile', VIT, '--as', 'all');
    for (const tool of ['thop', 'fvcore', 'ptflops', 'torchinfo', 'torch', 'onnx-tool', 'keras'])
      expect(stdout).toMatch(new RegExp(`^${tool} `, 'm'));
    const csv = await cli('profile', VIT, '--as', 'fvcore', '--csv');
    expect(csv.stdout.split('\n')[0]).toBe('part,ours,fvcore,difference,why');
    const json = await cli('profile', VIT, '--as', 'torch,keras', '--json');
    const { as, totals } = JSON.parse(json.stdout) as Profile & { readonly as: readonly Reconciled[] };
    expect(as.map(({ tool }) => tool)).toEqual(['torch', 'keras']);
    // FlopCounterMode counts two for each multiply-add, and every product.
    expect(as[0]?.total).toBe(2 * Number(totals.macs));
    expect(as[1]?.parameters).toBe(Number(totals.parameters) + Number(totals.buffers));
  });

  it('names the tools that there are', async () => {
    const { status, stderr } = await cli('profile', VIT, '--as', 'flopsy');
    expect(status).toBe(2);
    expect(stderr).toContain('--as flopsy is not one of thop, fvcore, ptflops, torchinfo, torch, onnx-tool, keras.');
  });
});
