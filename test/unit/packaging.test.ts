import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { listFiles } from '@vscode/vsce';
import { afterAll, describe, expect, it } from 'vitest';
import { packageFiles } from '../../scripts/packageFiles.mjs';
import { bundledCli } from './cli/support';

const folder = mkdtempSync(join(tmpdir(), 'model-loupe-packaged-'));
afterAll(() => rmSync(folder, { recursive: true }));
const { path: bundle } = bundledCli('packaging');

describe('the packaged extension', () => {
  it('has every file that decoding an image and running a model need, and nothing of the sources', async () => {
    const { ignore, missing } = packageFiles(`${process.platform}-${process.arch}`);
    expect(missing).toEqual([]);
    const ignoreFile = join(folder, 'ignore');
    writeFileSync(ignoreFile, ignore);
    const files = (await listFiles({ cwd: resolve('.'), ignoreFile })).map((file) => file.replaceAll('\\', '/'));
    expect(files).toContain('package.json');
    const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const { url } of contributes.jsonValidation) expect(files).toContain(url.replace('./', ''));
    expect(files.filter((file) => /^(src|test|samples|webview|bench|scripts)\/|\.map$/.test(file))).toEqual([]);
    const extension = join(folder, 'extension');
    for (const file of files) {
      // The build is another check's; here the command line is bundled anew.
      if (file.startsWith('dist/')) continue;
      mkdirSync(join(extension, dirname(file)), { recursive: true });
      cpSync(file, join(extension, file));
    }
    mkdirSync(join(extension, 'dist'));
    cpSync(bundle, join(extension, 'dist', 'cli.cjs'));
    const run = spawnSync(
      process.execPath,
      [
        join(extension, 'dist', 'cli.cjs'),
        'run',
        resolve('samples/hybrid.onnx'),
        resolve('samples/images/star_01.png'),
        '--provider',
        'cpu',
        '--json',
      ],
      { encoding: 'utf8' },
    );
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout).labels[0].label).toBe('star');
  });
});
