// Type-checks each floor with its own tsconfig, so that a floor cannot use what its tsconfig does not give it.
// What was checked is kept in out/types, so that a second run looks at what changed alone.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const { references } = JSON.parse(readFileSync('tsconfig.json', 'utf8'));
let failed = false;
for (const { path } of references) {
  const kept = join('out', 'types', `${basename(path, '.json')}.tsbuildinfo`);
  const args = ['node_modules/typescript/bin/tsc', '-p', path, '--incremental', '--tsBuildInfoFile', kept];
  const run = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (run.status !== 0) failed = true;
}
process.exit(failed ? 1 : 0);
