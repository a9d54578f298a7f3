// `npm test`: every check, one after the other, whatever the earlier ones said; the totals come last.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = join(root, 'out', 'reports');
const module = (...path) => join(root, 'node_modules', ...path);

function run(args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}

/** A check that is one yes or no. */
function single(args) {
  const ok = run(args);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** One vitest project. A file that cannot be loaded, or a run that ends badly with all tests green, counts as one failure. */
function tests(project) {
  const report = join(reports, `${project}.json`);
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const ok = run([module('vitest', 'vitest.mjs'), 'run', '--project', project, ...reporters]);
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const results = JSON.parse(readFileSync(report, 'utf8'));
  const unloaded = results.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const failed = results.numFailedTests + unloaded;
  return {
    passed: results.numPassedTests,
    failed: ok || failed > 0 ? failed : 1,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}

const checks = {
  types: () => single([join('scripts', 'types.mjs')]),
  lint: () => single([join('scripts', 'lint.mjs')]),
  build: () => single(['esbuild.mjs']),
  unit: () => tests('unit'),
  webview: () => tests('webview'),
  e2e: () => tests('e2e'),
};

const sentence = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

mkdirSync(reports, { recursive: true });
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(checks, name));
if (unknown.length > 0) {
  console.error(`No check is called ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}.`);
  process.exit(2);
}
const totals = { passed: 0, failed: 0, skipped: 0 };
const lines = [];
for (const [name, check] of Object.entries(checks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n== ${name} ==`);
  const started = Date.now();
  const result = check();
  for (const key of Object.keys(totals)) totals[key] += result[key];
  lines.push(`${name}: ${sentence(result)} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}
console.log(`\n${lines.join('\n')}\n${sentence(totals)}`);
process.exitCode = totals.failed > 0 ? 1 : 0;
