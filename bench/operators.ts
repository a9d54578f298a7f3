/**
 * Sweeps suites of small ONNX models, one an operator, and holds every tensor's type and shape against ONNX Runtime:
 * `operators [FOLDER...]`, ONNX's own backend tests unless told. Files are opened in a process of their own, so that
 * whatever ends it is counted and named. Prints files, refused, crashes, compared, equal, unknown, different, and
 * what differs with the reason.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Outcome, sweepFile } from './operators/sweepFile';

const DEFAULT = '/usr/share/libonnx-testdata/data';
/** A file that takes longer than this, in milliseconds, counts as one that ends the process. */
const PATIENCE = 60_000;
const SHOWN = 200;

async function main(): Promise<void> {
  const [first, ...rest] = process.argv.slice(2);
  if (first === '--worker') return work();
  const folders = first === undefined ? [DEFAULT] : [first, ...rest];
  for (const folder of folders) {
    if (existsSync(folder)) await sweep(folder);
    else console.log(`${folder} is not here.`);
  }
}

function work(): void {
  process.on('message', (path: string) => {
    void sweepFile(path).then((outcome) => process.send?.(outcome));
  });
}

async function sweep(folder: string): Promise<void> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.onnx'))
    .sort();
  const worker = new Worker();
  const outcomes: (Outcome & { readonly name: string })[] = [];
  for (const name of files) outcomes.push({ name, ...(await worker.ask(join(folder, name))) });
  worker.stop();
  report(folder, outcomes);
}

/** The process that opens files; another one when it ends. */
class Worker {
  private child: ChildProcess | null = null;

  ask(path: string): Promise<Outcome> {
    const script = process.argv[1];
    if (script === undefined) throw new Error('no script to start again');
    this.child ??= fork(script, ['--worker'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const { child } = this;
    return new Promise((resolve) => {
      const end = (outcome: Outcome, isOver: boolean) => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (isOver) {
          child.kill('SIGKILL');
          this.child = null;
        }
        resolve(outcome);
      };
      const timer = setTimeout(() => end({ kind: 'crash', why: `no answer within ${PATIENCE / 1000} s` }, true), PATIENCE);
      child.once('message', (outcome) => end(outcome as Outcome, false));
      child.once('exit', (code, signal) => end({ kind: 'crash', why: `the process ended (${signal ?? code})` }, true));
      child.send(path);
    });
  }

  stop(): void {
    this.child?.kill();
  }
}

function report(folder: string, outcomes: readonly (Outcome & { readonly name: string })[]): void {
  const of = <Kind extends Outcome['kind']>(kind: Kind) =>
    outcomes.filter((one): one is Extract<Outcome, { kind: Kind }> & { name: string } => one.kind === kind);
  const ran = of('compared');
  const sum = (value: (one: (typeof ran)[number]) => number) => ran.reduce((total, one) => total + value(one), 0);
  const different = ran.flatMap(({ name, different: list }) => list.map((line) => `${name}: ${line}`));
  console.log(folder);
  console.log(`  files ${outcomes.length}, refused ${of('refused').length}, crashes ${of('crash').length}`);
  console.log(`  run by ONNX Runtime ${ran.length}, not run by it ${of('notRun').length}`);
  const [equal, unknown] = [sum((one) => one.equal), sum((one) => one.unknown)];
  console.log(`  compared ${equal + unknown + different.length}, equal ${equal}, unknown ${unknown}, different ${different.length}`);
  for (const { name, why, runs } of of('refused')) console.log(`  refused ${name}${runs ? ', which ONNX Runtime loads' : ''}: ${why}`);
  for (const { name, why } of of('crash')) console.log(`  crash ${relative('.', name)}: ${why}`);
  for (const line of different.slice(0, SHOWN)) console.log(`  different ${line}`);
  if (different.length > SHOWN) console.log(`  ... and ${different.length - SHOWN} more`);
  const reasons = new Map<string, number>();
  for (const { why } of of('notRun')) reasons.set(why, (reasons.get(why) ?? 0) + 1);
  for (const [why, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 10)) console.log(`  not run, ${count} files: ${why}`);
}

await main();
