// `npm run floors`: prints what stands where it must not, one sentence a line, and fails if there is any.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultsOf } from './floors/check.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const faults = faultsOf(root, JSON.parse(readFileSync(join(root, 'floors.json'), 'utf8')), ['test', 'bench', 'scripts']);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
