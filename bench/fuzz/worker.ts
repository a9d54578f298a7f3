import { openSync, writeSync } from 'node:fs';
import { Fuzzer } from '../../test/fixtures/fuzz/fuzzer';
import { type Measured, MOST, type Order, type Report } from './messages';

/** A process that has held this much is replaced: what later runs need would not show. */
const TIRED_MEGABYTES = 600;

export interface WorkerOptions {
  readonly seed: number;
  readonly own: boolean;
  /** File in which the run under way is written down, for whoever finds this process dead. */
  readonly note: string;
}

/** Answers orders of the parent process until it goes. */
export async function work({ seed, own, note }: WorkerOptions): Promise<void> {
  const file = openSync(note, 'w');
  const fuzzer = await Fuzzer.start(seed, own);
  process.on('exit', () => fuzzer.stop());
  process.on('disconnect', () => process.exit(0));
  const begin = (run: number) => writeSync(file, String(run).padEnd(16), 0);
  process.on('message', (order: Order) => void answer(fuzzer, order, begin).then((report) => process.send?.(report)));
  process.send?.('ready');
}

async function answer(fuzzer: Fuzzer, { from, to }: Order, begin: (run: number) => void): Promise<Report> {
  let opened = 0;
  const refusals: Record<string, number> = {};
  const faults: Report['faults'][number][] = [];
  const measured: Measured[] = [];
  for (let run = from; run < to; run++) {
    begin(run);
    const one = await measure(fuzzer, run);
    if (one.outcome.opened) opened++;
    for (const refusal of one.outcome.refusals) refusals[refusal] = (refusals[refusal] ?? 0) + 1;
    for (const fault of one.outcome.faults) faults.push({ ...one.told, ...fault });
    measured.push(one.told);
  }
  return { runs: to - from, opened, refusals, faults, measured: extremes(measured), tired: megabytes() > TIRED_MEGABYTES };
}

/** Makes a file and drives it, with what that took. */
export async function measure(fuzzer: Fuzzer, run: number) {
  const file = fuzzer.make(run);
  const before = megabytes();
  const cpu = process.cpuUsage();
  const outcome = await fuzzer.drive(run, file);
  const { user, system } = process.cpuUsage(cpu);
  const told: Measured = {
    run,
    name: file.seed.name,
    edits: file.edits,
    bytes: file.bytes.length,
    seconds: (user + system) / 1e6,
    megabytes: megabytes() - before,
  };
  return { file, outcome, told };
}

function extremes(measured: readonly Measured[]): readonly Measured[] {
  const by = (key: 'seconds' | 'megabytes') => measured.reduce((most, one) => (one[key] > most[key] ? one : most));
  const beyond = measured.filter(({ seconds, megabytes: grown }) => seconds > MOST.seconds / 2 || grown > MOST.megabytes / 4);
  return [...new Set([by('seconds'), by('megabytes'), ...beyond])];
}

/** The most that this process ever held. */
export function megabytes(): number {
  return process.resourceUsage().maxRSS / 1024;
}
