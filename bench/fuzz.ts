/**
 * Files changed by meaning, driven through everything a person can ask of them: opened, analysed, folded, laid out, listed,
 * written as text, compared and exported. `--runs N --seed S` drives runs 0 to N - 1 in worker processes and prints what was
 * opened, refused and wrong, with the slowest and largest files below 200 kB measured again in processes of their own.
 * `--run N [--save FILE]` makes one of them again and says what it does.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Fuzzer } from '../test/fixtures/fuzz/fuzzer';
import { type Measured, MOST } from './fuzz/messages';
import { drivePool, NODE_OPTIONS } from './fuzz/pool';
import { measuredLine, Summary } from './fuzz/summary';
import { measure, megabytes, work } from './fuzz/worker';

/** Seconds between two lines that tell how far it is. */
const NEWS = 60;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    from: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
    /** Only seeds that are built in code. */
    own: { type: 'boolean', default: false },
    /** No more runs are begun after this time. */
    minutes: { type: 'string', default: 'Infinity' },
    run: { type: 'string' },
    save: { type: 'string' },
    json: { type: 'boolean', default: false },
    worker: { type: 'string' },
  },
});
const seed = Number(values.seed);

async function one(run: number): Promise<void> {
  process.setSourceMapsEnabled(true);
  const fuzzer = await Fuzzer.start(seed, values.own);
  try {
    // First, since the run may not end.
    if (values.save !== undefined) writeFileSync(values.save, fuzzer.make(run).bytes);
    const { outcome, told } = await measure(fuzzer, run);
    // The whole process, as a person's task manager shows it.
    const whole = { ...told, megabytes: megabytes() };
    if (values.json) print(JSON.stringify(whole));
    else
      print(
        [
          measuredLine(whole),
          outcome.opened ? 'opened' : 'refused',
          ...outcome.refusals,
          ...outcome.faults.map(({ key, detail }) => `${key}\n${detail}`),
        ].join('\n'),
      );
  } finally {
    fuzzer.stop();
  }
}

/** The run alone in a new process; as it was measured where that fails. */
function again(told: Measured): Measured {
  const args = [
    ...NODE_OPTIONS,
    process.argv[1] ?? '',
    '--seed',
    values.seed,
    '--run',
    String(told.run),
    '--json',
    ...(values.own ? ['--own'] : []),
  ];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 300_000 });
  return status === 0 ? JSON.parse(stdout) : told;
}

async function all(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'loupe-fuzz-'));
  const summary = new Summary();
  const began = performance.now();
  const rate = () => `${((performance.now() - began) / 60_000).toFixed(1)} minutes`;
  const news = setInterval(() => process.stderr.write(`${summary.line()}, ${rate()}\n`), NEWS * 1000);
  const from = Number(values.from);
  try {
    const runs = { from, to: from + Number(values.runs) };
    await drivePool(
      { runs, workers: Number(values.workers), seed, own: values.own, folder, until: began + Number(values.minutes) * 60_000 },
      { report: (report) => summary.add(report), died: (run, why) => summary.died(run, why) },
    );
  } finally {
    clearInterval(news);
    rmSync(folder, { recursive: true, force: true });
  }
  print(`seed ${seed}, from run ${from}, ${rate()}`);
  print(summary.text());
  // Warm processes share what they hold: the extremes are measured in new ones.
  const alone = [...new Map([...summary.slowest, ...summary.largest].map((told) => [told.run, told])).values()].map((told) => ({
    ...again(told),
    warm: told.seconds,
  }));
  print('slowest below 200 kB, CPU seconds of everything, each in a process of its own:');
  for (const told of alone.toSorted((a, b) => b.seconds - a.seconds).slice(0, 5))
    print(`${measuredLine(told)} (${told.warm.toFixed(2)} s warm)`);
  print('largest below 200 kB:');
  for (const told of alone.toSorted((a, b) => b.megabytes - a.megabytes).slice(0, 5)) print(measuredLine(told));
  const beyond = alone.some(({ seconds, warm, megabytes }) => Math.min(seconds, warm) > MOST.seconds || megabytes > MOST.megabytes);
  process.exitCode = summary.clean && !beyond ? 0 : 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

if (values.worker !== undefined) await work({ seed, own: values.own, note: values.worker });
else if (values.run !== undefined) await one(Number(values.run));
else await all();
