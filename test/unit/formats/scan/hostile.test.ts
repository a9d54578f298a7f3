import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../../../src/bytes';
import { scan } from '../../../../src/formats/scan';
import { hostileFiles } from '../../../fixtures/hostilePickles';

describe('a hostile file', () => {
  it.each(hostileFiles().map((file) => [file.name, file] as const))(
    '%s is reported, soon, and nothing of it is run',
    async (name, file) => {
      const start = process.cpuUsage();
      const { trust } = await scan(new BufferSource(file.bytes), { name });
      const { user, system } = process.cpuUsage(start);
      expect([trust.verdict, trust.imports.slice(0, 2), trust.reasons]).toMatchObject([file.verdict, expect.anything(), expect.anything()]);
      if (file.imports !== undefined)
        expect(trust.imports).toContainEqual(expect.objectContaining({ name: file.imports, verdict: 'unsafe' }));
      if (trust.verdict === 'unsafe') expect(trust.weightsOnly?.safeGlobals ?? []).toEqual([]);
      // Two and a half times what a second is on a machine that does nothing else.
      expect((user + system) / 1e6).toBeLessThan(1);
      expect(existsSync('/tmp/model-loupe-was-here')).toBe(false);
    },
  );
});
