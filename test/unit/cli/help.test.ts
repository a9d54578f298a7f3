import { describe, expect, it } from 'vitest';
import { cli } from './support';

const COMMANDS = ['inspect', 'profile', 'run', 'compare', 'arch', 'check', 'scan', 'textconv'];

describe('help', () => {
  it('names every command', async () => {
    const { status, stdout, stderr } = await cli('--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  model-loupe ${command} `, 'm'));
    expect(stdout).toMatch(/^Exit codes: 0 .+ 1 .+ 2 /m);
  });

  it.each(COMMANDS)('of %s says what it takes, and what its exit codes mean', async (command) => {
    const { status, stdout, stderr } = await cli(command, '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^Exit codes: 0 .+ 1 .+ 2 /m);
    expect(stdout.match(/model-loupe (\w+)/g)?.every((line) => line === `model-loupe ${command}`)).toBe(true);
    expect((await cli('help', command)).stdout).toBe(stdout);
  });

  it.each(COMMANDS)('of %s answers its wrong use, on standard error', async (command) => {
    const { status, stdout, stderr } = await cli(command, '--no-such-option');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^model-loupe: /);
    expect(stderr).toContain(`\n  model-loupe ${command} `);
    expect(stderr).not.toMatch(/ at .+:\d+:\d+/);
  });
});
