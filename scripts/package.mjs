// `npm run package [-- --target linux-x64]`: a .vsix with the native files of one platform.
// On another platform than this one, install sharp's binaries for it first (npm i --os --cpu).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const named = process.argv.indexOf('--target');
const target = named > 0 ? process.argv[named + 1] : `${process.platform}-${process.arch}`;
const [platform, arch] = target.split('-');

const runtime = `node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}`;
const images = [`node_modules/@img/sharp-${target}`, `node_modules/@img/sharp-libvips-${target}`];
const missing = [runtime, images[0]].filter((folder) => !existsSync(join(root, folder)));
if (missing.length > 0) {
  console.error(`Cannot package for ${target}: ${missing.join(' and ')} is not installed.`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'model-loupe-package-'));
const ignoreFile = join(folder, 'vscodeignore');
const included = [runtime, ...images].map((path) => `!${path}/**`);
writeFileSync(ignoreFile, `${readFileSync(join(root, '.vscodeignore'), 'utf8')}${included.join('\n')}\n`);

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
