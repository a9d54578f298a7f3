import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { calling, proto } from '../../fixtures/pickle';
import { zip } from '../../fixtures/zip';
import { cli, scratch } from './support';

const { folder, file } = scratch();
const evil = zip([{ name: 'model/data.pkl', data: calling('posix', 'system', 'id') }]);
const FIXTURES = 'test/fixtures/pytorch';

describe('scan', () => {
  it('says that a state dict is safe and loads under weights_only', async () => {
    const path = join(FIXTURES, 'state_dict.pt');
    expect(await cli('scan', path)).toEqual({ status: 0, stderr: '', stdout: `${path}: safe (PyTorch, loads under weights_only)\n` });
  });

  it('exits with 1 for a file that would run a command, and says where', async () => {
    const path = file('evil.pt', evil);
    const { status, stdout } = await cli('scan', join(FIXTURES, 'state_dict.pt'), path);
    expect(status).toBe(1);
    expect(stdout).toContain(`${path}: unsafe (PyTorch, does not load under weights_only)\n`);
    expect(stdout).toContain('  unsafe: would import posix.system (evil.pt: model/data.pkl, byte 2, called)\n');
    expect(stdout).not.toContain('add_safe_globals');
  });

  it('says unknown of a class of the user, and what would allow it', async () => {
    const { status, stdout } = await cli('scan', join(FIXTURES, 'custom.pt'));
    expect(status).toBe(0);
    expect(stdout).toMatch(/custom\.pt: unknown .*\n {2}unknown: would import my_project\.config\.Config/);
    expect(stdout).toContain('torch.serialization.add_safe_globals([my_project.config.Config])');
  });

  it('as JSON has the verdicts, the imports and the reasons', async () => {
    const path = file('evil2.pt', evil);
    const { status, stdout } = await cli('scan', path, join(FIXTURES, 'custom.pt'), '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      verdict: 'unsafe',
      files: [
        {
          path,
          kind: 'PyTorch',
          verdict: 'unsafe',
          imports: [{ name: 'posix.system', verdict: 'unsafe' }],
          weightsOnly: { loads: false, safeGlobals: [] },
        },
        { verdict: 'unknown', weightsOnly: { safeGlobals: ['my_project.config.Config'] } },
      ],
      failed: [],
    });
  });

  it('goes through folders, and passes over what can hold no model', async () => {
    const inner = join(folder, 'run', 'weights');
    mkdirSync(inner, { recursive: true });
    writeFileSync(join(inner, 'a.txt'), 'import os\nimport sys\n');
    writeFileSync(join(inner, 'b.json'), '{"a": 1}');
    writeFileSync(join(inner, 'c.dat'), calling('builtins', 'eval', '1'));
    writeFileSync(join(inner, 'd.pkl'), Uint8Array.from([...proto(2), 0x7d, 0x2e]));
    const { status, stdout, stderr } = await cli('scan', join(folder, 'run'));
    expect(status).toBe(1);
    expect(stdout).toMatch(/c\.dat: unsafe \(pickle\)\n.*builtins\.eval/);
    expect(stdout).toMatch(/d\.pkl: safe \(pickle\)\n/);
    expect(stdout).not.toMatch(/a\.txt|b\.json/);
    expect(stderr).toMatch(/2 other files/);
  });

  it('names a file that cannot be read, answers the others, and exits with 1', async () => {
    const { status, stdout, stderr } = await cli('scan', join(folder, 'absent.pt'), join(FIXTURES, 'state_dict.pt'));
    expect(status).toBe(1);
    expect(stderr).toMatch(/There is no file .*absent\.pt/);
    expect(stdout).toContain('safe');
  });

  it('says unknown openly of what it cannot look into', async () => {
    const { status, stdout } = await cli('scan', file('packed.pkl', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0)));
    expect(status).toBe(0);
    expect(stdout).toMatch(/packed\.pkl: unknown .*\n {2}packed\.pkl is compressed \(gzip\); what is in it was not seen\.\n/);
  });
});
