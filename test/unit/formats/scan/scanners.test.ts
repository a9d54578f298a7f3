import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../../../src/bytes';
import { scan } from '../../../../src/formats/scan';
import { type Hostile, hostileFiles } from '../../../fixtures/hostilePickles';
import { zip } from '../../../fixtures/zip';

const GOLDEN = 'test/golden/pickleScanners.json';
/** A Python with picklescan, fickling and torch: records anew what they say. */
const python = process.env['MODEL_LOUPE_RECORD_SCANNERS'];

interface Recorded {
  readonly digest: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly files: Readonly<
    Record<string, { readonly picklescan: string; readonly fickling?: string | null; readonly weightsOnly?: boolean }>
  >;
}

const files = hostileFiles();
if (python) record(python);
const recorded: Recorded = JSON.parse(readFileSync(GOLDEN, 'utf8'));

describe('what others make of the hostile files', () => {
  it('was recorded of these very files', () => {
    expect(recorded.digest).toBe(digestOf(files));
  });

  it.each(files.map((file) => [file.name, file] as const))('of %s is no worse than what is said here', async (name, file) => {
    const { trust } = await scan(new BufferSource(file.bytes), { name });
    const { picklescan, fickling } = recorded.files[name] ?? {};
    if (picklescan === 'dangerous' || fickling === 'OVERTLY_MALICIOUS') expect(trust.verdict).not.toBe('safe');
    if (picklescan === 'dangerous' && file.verdict === 'unsafe') expect(trust.verdict).toBe('unsafe');
  });

  it.each(files.filter(({ name }) => name.endsWith('.pkl')).map((file) => [file.name, file] as const))(
    'PyTorch loads %s under weights_only exactly where that is said here',
    async (name, file) => {
      const archive = zip([
        { name: 'a/data.pkl', data: file.bytes },
        { name: 'a/version', data: Buffer.from('3\n') },
      ]);
      const { trust } = await scan(new BufferSource(archive), { name: 'a.pt' });
      expect(trust.weightsOnly?.loads).toBe(recorded.files[name]?.weightsOnly);
    },
  );
});

function digestOf(hostile: readonly Hostile[]): string {
  const hash = createHash('sha256');
  // What the machine's zlib packs differs from version to version.
  for (const { name, bytes } of hostile) if (!/deflate|gzip|in_archive/.test(name)) hash.update(name).update(bytes);
  return hash.digest('hex');
}

function record(interpreter: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'model-loupe-scanners-'));
  for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
  const { stdout, stderr, status } = spawnSync(interpreter, ['test/fixtures/make/pytorch/scanners.py', folder], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  rmSync(folder, { recursive: true });
  if (status !== 0) throw new Error(stderr);
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(GOLDEN, `${JSON.stringify({ date, digest: digestOf(files), ...JSON.parse(stdout) }, null, 1)}\n`);
}
