import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { patienceOf } from '../../../src/launch/compiler';

describe('the flags of V8', () => {
  it('are known to the V8 that runs here: it has nothing to say of them', () => {
    const flags = patienceOf(process.versions.v8);
    const { stderr, stdout } = spawnSync(
      process.execPath,
      ['-e', `require('node:v8').setFlagsFromString(${JSON.stringify(flags ?? '')}); console.log('on')`],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(stdout).toBe('on\n');
    // What V8 itself prints for `--v8-options`.
    const { stdout: options } = spawnSync(process.execPath, ['--v8-options'], { encoding: 'utf8', maxBuffer: 2 ** 26 });
    for (const flag of flags?.split(' ') ?? []) expect(options).toContain(flag.split('=')[0]);
  });

  it('are none for a V8 that was never measured', () => {
    expect(patienceOf('10.2.154.26-node.37')).toBeNull();
    expect(patienceOf('12.0.267.8')).toBeNull();
    expect(patienceOf('99.1')).toBeNull();
    expect(patienceOf('')).toBeNull();
  });
});
