// `npm run package [-- --target linux-x64]`: a .vsix with the native files of one platform.
// On another platform than this one, install sharp's binaries for it first (npm i --os --cpu).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFiles, root } from './packageFiles.mjs';

const named = process.argv.indexOf('--target');
const target = named > 0 ? process.argv[named + 1] : `${process.platform}-${process.arch}`;
const { ignore, missing } = packageFiles(target);
if (missing.length > 0) {
  console.error(`Cannot package for ${target}: ${missing.join(' and ')} is not installed.`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'model-loupe-package-'));
const ignoreFile = join(folder, 'vscodeignore');
writeFileSync(ignoreFile, ignore);

function run(script, args) {
  const { status } = spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${script} failed`);
}

try {
  run('esbuild.mjs', ['--production']);
  run('node_modules/@vscode/vsce/vsce', [
    'package',
    '--target',
    target,
    '--ignoreFile',
    ignoreFile,
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
  ]);
} finally {
  rmSync(folder, { recursive: true });
}
