import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CACHE_VARIABLE } from '../launch/cacheFolder';
import { CANCELLED, type CallOptions, type Client, type ClientHandle, createClient, type EngineApi, RemoteError } from '../protocol';
import { channelToChild } from './channel';
import { removeNow } from './removeNow';

/** After a cancel the engine gets this long (ms) to stop by itself; native code that does not listen is ended with its process. */
const CANCEL_GRACE = 1500;
/** More crashes than this within CRASH_WINDOW (ms) and the engine stays down until asked to restart. */
const CRASH_LIMIT = 5;
const CRASH_WINDOW = 60_000;
const STOPPED = 'The engine was stopped. Reload the window to start it again.';

/** Where the engine's code lies, and who hears of its process. */
export interface EngineProcessOptions {
  /** Path of the bundled engine (dist/engine.cjs). */
  readonly module: string;
  /** Folder for its compiled code, made where it is not there; the user's cache unless told. */
  readonly codeCache?: string;
  readonly log: (line: string) => void;
  /** Called when the process ended without being asked to. */
  readonly onCrash?: (reason: string) => void;
  /** Milliseconds that a cancelled request has to stop by itself; CANCEL_GRACE unless told. */
  readonly cancelGrace?: number;
}

interface Running {
  readonly child: ChildProcess;
  readonly client: ClientHandle<EngineApi>;
  /** Its folder for temporary files. */
  readonly temporary: string;
  /** Why it ended; null while it runs. */
  ending: string | null;
  /** It ended on its own. */
  crashed: boolean;
}

/**
 * Owns the engine's process: starts it with the first request, restarts it
 * after a crash, and ends it when a cancelled request does not stop. Once
 * disposed it starts nothing: every request is refused.
 */
export class EngineProcess {
  readonly api: Client<EngineApi>;
  private running: Running | null = null;
  private crashes: number[] = [];
  private disposed = false;

  constructor(private readonly options: EngineProcessOptions) {
    this.api = new Proxy({} as Client<EngineApi>, {
      get: (_target, method) => {
        if (typeof method !== 'string' || method === 'then') return undefined;
        return (params: unknown, options?: CallOptions) => this.call(method as keyof EngineApi, params, options);
      },
    });
  }

  /** Process id while it runs. */
  get pid(): number | undefined {
    return this.running?.child.pid;
  }

  /** Ends the process; the next request starts a new one. */
  restart(): void {
    this.crashes = [];
    this.end('The engine was restarted.');
  }

  dispose(): void {
    this.disposed = true;
    this.end(STOPPED);
  }

  private async call(method: keyof EngineApi, params: unknown, options: CallOptions = {}): Promise<unknown> {
    const running = this.start();
    let timer: NodeJS.Timeout | undefined;
    const onAbort = () => {
      const late = () => this.end('A cancelled request did not stop in time, so the engine was restarted.', running);
      timer = setTimeout(late, this.options.cancelGrace ?? CANCEL_GRACE);
    };
    options.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const send = running.client.api[method] as (params: unknown, options: CallOptions) => Promise<unknown>;
      return await send(params, options);
    } catch (error) {
      if (options.signal?.aborted) throw new RemoteError({ kind: CANCELLED, message: 'Cancelled.' });
      // Ended for somebody else's sake: every request only reads, so it is asked again.
      if (running.ending !== null && !running.crashed && !this.disposed) return this.call(method, params, options);
      throw error;
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
    }
  }

  private start(): Running {
    // Whoever ended it wants no process any more; one that began now would outlive the extension.
    if (this.disposed) throw new RemoteError({ kind: 'UserError', message: STOPPED });
    if (this.running) return this.running;
    const now = Date.now();
    this.crashes = this.crashes.filter((time) => now - time < CRASH_WINDOW);
    if (this.crashes.length >= CRASH_LIMIT) {
      throw new RemoteError({
        kind: 'UserError',
        message: 'The engine stopped several times in a row. See the log, then use "Model Loupe: Restart Engine".',
      });
    }
    // Its temporary files are in a folder of its own, so that they go with it, killed or not.
    const temporary = mkdtempSync(join(tmpdir(), 'model-loupe-engine-'));
    const child = fork(this.options.module, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // In desktop VS Code execPath is Electron, which is Node only with this variable.
      env: {
        ...process.env,
        ...(this.options.codeCache !== undefined && { [CACHE_VARIABLE]: this.options.codeCache }),
        ELECTRON_RUN_AS_NODE: '1',
        TMPDIR: temporary,
        TEMP: temporary,
        TMP: temporary,
      },
      execArgv: [],
    });
    const running: Running = { child, client: createClient<EngineApi>(channelToChild(child)), temporary, ending: null, crashed: false };
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => this.options.log(text));
    child.once('error', (error) => this.ended(running, error.message));
    child.once('exit', (code, signal) => {
      removeNow(temporary);
      this.ended(running, signal ? `signal ${signal}` : `exit code ${code}`);
    });
    this.options.log(`engine started, process ${child.pid}`);
    this.running = running;
    return running;
  }

  private end(reason: string, target: Running | null = this.running): void {
    if (!target || this.running !== target) return;
    target.ending = reason;
    this.running = null;
    target.client.close(new RemoteError({ kind: 'UserError', message: reason }));
    target.child.kill('SIGKILL');
    // Should this process end before it hears of the other's end.
    if (this.disposed) removeNow(target.temporary);
    this.options.log(reason);
  }

  private ended(running: Running, how: string): void {
    if (running.ending !== null || this.running !== running) return;
    running.ending = how;
    running.crashed = true;
    this.running = null;
    this.crashes.push(Date.now());
    const reason = `The engine stopped unexpectedly (${how}). It starts again with the next request.`;
    this.options.log(reason);
    running.client.close(new RemoteError({ kind: 'UserError', message: reason }));
    this.options.onCrash?.(reason);
  }
}
