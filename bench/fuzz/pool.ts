import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Order, Report } from './messages';

/** Runs handed out at a time. */
const BATCH = 100;
/** Wall-clock seconds after which a run counts as one that does not end, on a machine that has other work too. */
const PATIENCE = 300;
/** Heap of a worker in MB: a file that needs more ends it, and is named. */
const HEAP = 1024;

export interface PoolOptions {
  readonly runs: Order;
  readonly workers: number;
  readonly seed: number;
  readonly own: boolean;
  readonly folder: string;
  /** No more runs are begun after this time (`performance.now()`). */
  readonly until: number;
}

export interface Listener {
  report(report: Report): void;
  /** A run ended its process, or did not end. */
  died(run: number, why: string): void;
}

/** Arguments that start this program as a worker. */
export function workerArguments({ seed, own }: Pick<PoolOptions, 'seed' | 'own'>, note: string): readonly string[] {
  return ['--worker', note, '--seed', String(seed), ...(own ? ['--own'] : [])];
}

/** Options of Node that a worker runs under: helper threads would take cores that other workers have. */
export const NODE_OPTIONS: readonly string[] = [`--max-old-space-size=${HEAP}`, '--max-semi-space-size=16', '--single-threaded'];

/** Drives all runs in worker processes; one that dies or hangs is replaced and goes on behind the run that did it. */
export async function drivePool(options: PoolOptions, listener: Listener): Promise<void> {
  let next = options.runs.from;
  const take = (): Order | null => {
    if (next >= options.runs.to || performance.now() > options.until) return null;
    const order = { from: next, to: Math.min(next + BATCH, options.runs.to) };
    next = order.to;
    return order;
  };
  await Promise.all(Array.from({ length: options.workers }, (_, at) => new Lane(options, at, take, listener).run()));
}

/** One worker after the other, never two at a time. */
class Lane {
  private readonly note: string;

  constructor(
    private readonly options: PoolOptions,
    at: number,
    private readonly take: () => Order | null,
    private readonly listener: Listener,
  ) {
    this.note = join(options.folder, `worker${at}`);
  }

  async run(): Promise<void> {
    let worker: ChildProcess | null = null;
    for (let order = this.next(); order; order = this.next()) {
      worker ??= await this.start();
      const answer = await this.ask(worker, order);
      if (typeof answer === 'string') this.split(order, answer);
      else this.listener.report(answer);
      if (typeof answer !== 'string' && !answer.tired) continue;
      worker.kill('SIGKILL');
      worker = null;
    }
    worker?.kill();
  }

  private next(): Order | null {
    return this.pending.pop() ?? this.take();
  }

  /** What is left of an order without the run that ended its worker; the runs before it are driven again to count them. */
  private split({ from, to }: Order, why: string): void {
    const run = Number(readFileSync(this.note, 'utf8'));
    this.listener.died(run, why);
    if (run > from) this.pending.push({ from, to: run });
    if (run + 1 < to) this.pending.push({ from: run + 1, to });
  }

  private readonly pending: Order[] = [];

  private start(): Promise<ChildProcess> {
    const script = process.argv[1] ?? '';
    const worker = fork(script, workerArguments(this.options, this.note), {
      execArgv: [...NODE_OPTIONS],
      // A worker that is ended leaves nothing behind: what it writes lies in this folder, which goes.
      env: { ...process.env, TMPDIR: this.options.folder, TEMP: this.options.folder, TMP: this.options.folder },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    return new Promise((resolve, reject) => {
      worker.once('message', () => resolve(worker));
      worker.once('exit', (code) => reject(new Error(`A worker ended with ${code} before its first run.`)));
    });
  }

  private ask(worker: ChildProcess, order: Order): Promise<Report | string> {
    return new Promise((resolve) => {
      let seen = '';
      let since = Date.now();
      const watchdog = setInterval(() => {
        const now = readFileSync(this.note, 'utf8');
        if (now !== seen) [seen, since] = [now, Date.now()];
        else if (Date.now() - since > PATIENCE * 1000) done(`did not end within ${PATIENCE} s`);
      }, 1000);
      const left = (code: number | null, signal: string | null) => done(`ended the process (${signal ?? code})`);
      const done = (answer: Report | string) => {
        clearInterval(watchdog);
        worker.off('message', done);
        worker.off('exit', left);
        resolve(answer);
      };
      worker.on('message', done);
      worker.on('exit', left);
      worker.send(order);
    });
  }
}
