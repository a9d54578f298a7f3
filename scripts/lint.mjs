// `npm run lint`: the floors (floors.json), a doc comment for every exported name, then format and lint.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const checks = [
  [join('scripts', 'floors.mjs')],
  [join('scripts', 'docComments.mjs')],
  [join('node_modules', '@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', ...process.argv.slice(2), '.'],
];
const passed = checks.map((args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status === 0);
process.exitCode = passed.every(Boolean) ? 0 : 1;
