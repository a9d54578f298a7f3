// Runs before `npm start` and `npm test`: installs the dependencies when they are missing or other than package-lock.json says.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from './npm.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The packages of a lock file by path, without the project itself. */
function locked(file) {
  try {
    const { packages } = JSON.parse(readFileSync(join(root, file), 'utf8'));
    return Object.entries(packages).filter(([path]) => path !== '');
  } catch {
    return null; // missing or half written: the same as nothing installed
  }
}

/** Why an install is needed, or '' when what is installed is what the lock file asks for. */
function staleness() {
  const wanted = locked('package-lock.json');
  const installed = locked(join('node_modules', '.package-lock.json'));
  if (wanted === null) throw new Error('package-lock.json is missing or unreadable.');
  if (installed === null) return 'nothing is installed yet';
  const have = new Map(installed);
  for (const [path, entry] of wanted) {
    const found = have.get(path);
    // Optional packages for other platforms stay out.
    if (!found && !entry.optional && !entry.devOptional) return `${path} is missing`;
    if (found && found.version !== entry.version) return `${path} is ${found.version} instead of ${entry.version}`;
  }
  return '';
}

const reason = staleness();
if (reason) {
  console.log(`Installing dependencies (${reason}).`);
  // What npm has to say of deprecated packages is not for who starts this; errors are.
  process.exitCode = npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}
