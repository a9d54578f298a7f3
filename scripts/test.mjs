// `npm test`: every check, whatever the others say; what is independent runs at the same time, and the totals come last.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = join(root, 'out', 'reports');
const module = (...path) => join(root, 'node_modules', ...path);

/** Runs a script of Node's; what it prints is kept, so that checks that run beside each other do not mix their lines. */
function run(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const printed = [];
    child.stdout.on('data', (data) => printed.push(data));
    child.stderr.on('data', (data) => printed.push(data));
    child.once('error', (error) => printed.push(Buffer.from(`${error.message}\n`)));
    child.once('close', (code) => resolve({ ok: code === 0, printed: Buffer.concat(printed).toString() }));
  });
}

/** A check that is one yes or no. */
async function single(args) {
  const { ok, printed } = await run(args);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, printed };
}

/** One vitest project. A file that cannot be loaded, or a run that ends badly with all tests green, counts as one failure. */
async function tests(project) {
  const report = join(reports, `${project}.json`);
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { ok, printed } = await run([module('vitest', 'vitest.mjs'), 'run', '--project', project, ...reporters]);
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0, printed };
  const results = JSON.parse(readFileSync(report, 'utf8'));
  const unloaded = results.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const failed = results.numFailedTests + unloaded;
  return {
    passed: results.numPassedTests,
    failed: ok || failed > 0 ? failed : 1,
    skipped: results.numPendingTests + results.numTodoTests,
    printed,
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
/** Each lane runs its checks one after the other, beside the other lanes. What draws in Chromium has the machine to itself: beside the unit tests two cores give nothing but waits. */
const LANES = [['types', 'lint', 'build'], ['unit']];
const AFTERWARDS = ['webview', 'e2e'];

const sentence = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

mkdirSync(reports, { recursive: true });
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(checks, name));
if (unknown.length > 0) {
  console.error(`No check is called ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}.`);
  process.exit(2);
}
const totals = { passed: 0, failed: 0, skipped: 0 };
const lines = new Map();

async function lane(names) {
  for (const name of names) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(`== ${name} begins ==`);
    const started = Date.now();
    const { printed, ...result } = await checks[name]();
    for (const key of Object.keys(totals)) totals[key] += result[key];
    const line = `${name}: ${sentence(result)} (${((Date.now() - started) / 1000).toFixed(1)} s)`;
    lines.set(name, line);
    console.log(`\n== ${name} ==\n${printed.trimEnd()}\n${line}\n`);
  }
}

const begun = Date.now();
await Promise.all(LANES.map(lane));
await lane(AFTERWARDS);
const ordered = [...LANES.flat(), ...AFTERWARDS].flatMap((name) => lines.get(name) ?? []);
console.log(`\n${ordered.join('\n')}\nin all ${((Date.now() - begun) / 60_000).toFixed(1)} minutes\n${sentence(totals)}`);
process.exitCode = totals.failed > 0 ? 1 : 0;
