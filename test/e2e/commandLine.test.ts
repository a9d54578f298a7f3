import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const BUILT = 'dist/cli.cjs';
const FIXTURES = 'test/fixtures/weights';

/** The command line as it is built: what it needs at run time must lie beside it. */
describe.skipIf(!existsSync(BUILT))('the built command line', () => {
  it.each([
    ['keras.h5', 70],
    ['keras.keras', 70],
    ['keras.weights.h5', 70],
    ['compressed.npz', 5],
    ['blocks.gguf', 31],
    ['hub/sharded/config.json', 7],
    ['train_state.msgpack', 44],
  ])('inspects %s', (file, tensors) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BUILT, 'inspect', `${FIXTURES}/${file}`, '--json'], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout).totals.tensors).toBe(tensors);
  });

  it('refuses what is no checkpoint in one line', () => {
    const { status, stderr } = spawnSync(process.execPath, [BUILT, 'inspect', `${FIXTURES}/manifest.json`], { encoding: 'utf8' });
    expect(status).toBeGreaterThan(0);
    expect(stderr.trim().split('\n').length).toBe(1);
  });
});
