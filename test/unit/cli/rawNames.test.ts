import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, scratch } from './support';

const { folder } = scratch();
const bytes = readFileSync('samples/conv.onnx');
const raw = (...name: readonly number[]) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)]);

// Other systems keep names as text.
describe.skipIf(process.platform !== 'linux')('a name that is not UTF-8', () => {
  it('is found by what it reads like, as a shell hands it over', async () => {
    writeFileSync(raw(0x78, 0xff, 0x2e, 0x6f, 0x6e, 0x6e, 0x78), bytes);
    const { status, stdout } = await cli('inspect', join(folder, 'x\ufffd.onnx'));
    expect(status).toBe(0);
    expect(stdout).toContain('11.6');
  });

  it('is told apart from others that read the same, and from none', async () => {
    writeFileSync(raw(0x79, 0xff), bytes);
    writeFileSync(raw(0x79, 0xfe), bytes);
    const two = await cli('inspect', join(folder, 'y\ufffd'));
    expect(two.status).toBe(1);
    expect(two.stderr).toContain('2 files read ');
    const none = await cli('inspect', join(folder, 'z\ufffd.onnx'));
    expect(none.status).toBe(1);
    expect(none.stderr).toContain('no file of its folder has a name that reads like it');
  });
});
