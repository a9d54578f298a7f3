/**
 * Opening checkpoints, and statistics of their values: time, CPU time, bytes read and resident memory, each measurement in a fresh
 * process, beside the framework's own loader on the same file where there is one. One file of `bench/checkpoints` a format.
 *
 * `MODEL_LOUPE_PYTHON` names a Python with the loaders; without it `python3` is tried. `MODEL_LOUPE_RUNS` says how
 * often each is run (3), of which the least CPU time counts. Names of sections choose some.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ggufSection } from './checkpoints/gguf';
import { hdf5Section } from './checkpoints/hdf5';
import { measure, openOnly, readOnly, statisticsOfAll } from './checkpoints/measure';
import { npzSection } from './checkpoints/npz';
import { pytorchSection } from './checkpoints/pytorch';
import { safetensorsSection } from './checkpoints/safetensors';
import type { Figures, Section } from './checkpoints/section';

const SECTIONS: readonly Section[] = [safetensorsSection, ggufSection, npzSection, hdf5Section, pytorchSection];
const PYTHON = process.env['MODEL_LOUPE_PYTHON'] ?? 'python3';
const RUNS = Number(process.env['MODEL_LOUPE_RUNS'] ?? 3);

async function main(): Promise<void> {
  const [mode = '', path = ''] = process.argv.slice(2);
  const work = new Map([
    ['--open', openOnly],
    ['--read', readOnly],
    ['--statistics', statisticsOfAll],
  ]).get(mode);
  if (work) {
    process.stdout.write(JSON.stringify(await measure(() => work(path))));
    return;
  }
  const chosen = new Set(process.argv.slice(2));
  // Beside the repository's own temporary files rather than in memory, where that is what /tmp is.
  const folder = mkdtempSync(join(process.env['TMPDIR'] ?? '/var/tmp', 'loupe-bench-'));
  try {
    for (const section of SECTIONS) if (chosen.size === 0 || chosen.has(section.name)) await run(section, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run({ name, cases }: Section, folder: string): Promise<void> {
  print(name);
  for (const { what, file, make, target, python, modes = ['open'] } of cases) {
    const path = join(folder, file);
    await make(path);
    print(`  ${what}${target === undefined ? '' : ` (to be ${target})`}`);
    for (const mode of modes)
      row(
        mode === 'open' ? 'Model Loupe' : `Model Loupe, ${mode}`,
        best(() => inProcess(`--${mode}`, path)),
      );
    if (python !== undefined)
      row(
        `${basename(dirname(PYTHON)) === '.' ? PYTHON : 'Python'}: ${python.name}`,
        best(() => inPython(python.code, path)),
      );
    rmSync(path, { force: true });
  }
}

/** The quickest of a few runs: what disturbs a run only makes it slower. */
function best(work: () => Figures | null): Figures | null {
  let least: Figures | null = null;
  for (let turn = 0; turn < RUNS; turn += 1) {
    const figures = work();
    if (figures === null) return null;
    if (least === null || figures.cpu < least.cpu) least = figures;
  }
  return least;
}

function inProcess(mode: string, path: string): Figures | null {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', process.argv[1] ?? '', mode, path], { encoding: 'utf8' });
  if (status === 0) return JSON.parse(stdout);
  print(stderr);
  return null;
}

function inPython(code: string, path: string): Figures | null {
  const whole = `
import json, os, resource, sys, time
path = sys.argv[1]
${code}
rss = lambda: int(open('/proc/self/statm').read().split()[1]) * os.sysconf('SC_PAGE_SIZE') / 2**20
idle, started, spent_before = rss(), time.perf_counter(), time.process_time()
kept = work(path)
spent = (time.perf_counter() - started) * 1000
cpu = (time.process_time() - spent_before) * 1000
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(dict(milliseconds=spent, cpu=cpu, megabytes=rss() - idle, peak=max(0, peak - idle), read=None)))
`;
  const { status, stdout } = spawnSync(PYTHON, ['-c', whole, path], { encoding: 'utf8' });
  return status === 0 ? JSON.parse(stdout) : null;
}

function row(who: string, figures: Figures | null): void {
  if (figures === null) {
    print(`    ${who.padEnd(34)} cannot be run here, or failed`);
    return;
  }
  const cell = (value: number, unit: string) => `${value.toFixed(value < 10 ? 1 : 0)} ${unit}`.padStart(15);
  const { milliseconds, cpu, megabytes, peak, read } = figures;
  const pace = read !== null && read > 100 ? ` ${cell(read / 1024 / (cpu / 1000), 'GB/s of CPU')}` : '';
  print(
    `    ${who.padEnd(34)}${cell(milliseconds, 'ms')}${cell(cpu, 'ms CPU')}${cell(megabytes, 'MB more')}${cell(peak, 'MB peak')}${read === null ? '' : cell(read, 'MB read')}${pace}`,
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
