import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** A bundle to be run, and what tells its compiled code from that of another. */
export interface Bundle {
  readonly path: string;
  /** Digest of its text: V8 itself looks at no more than the text's length. */
  readonly build: string;
  /** What is kept under its own name: an entry point, and what it is used for, since that decides which functions get compiled. */
  readonly use: string;
}

type Load = (exports: object, require: NodeJS.Require, module: { exports: object }, filename: string, dirname: string) => void;

/** Files of compiled code that stay in the folder; the latest do. */
const KEPT = 12;
const SUFFIX = '.v8';

/**
 * Runs a bundle as `require` would, with the code that V8 compiled the last time. Compiling is a third of a short command's
 * time, and Node 20 keeps no code by itself. What cannot be read or is of another V8 is compiled anew.
 * @returns a function that keeps what has been compiled until then; it never throws.
 */
export function runBundle(bundle: Bundle, folder: string | null, require: NodeJS.Require): () => void {
  const kept = folder === null ? null : join(folder, fileName(bundle));
  const cachedData = kept === null ? undefined : readIfThere(kept);
  // On the text's first line, so that places in it stay.
  const text = `(function (exports, require, module, __filename, __dirname) { ${readFileSync(bundle.path, 'utf8')}\n})`;
  const script = new Script(text, { filename: bundle.path, ...(cachedData && { cachedData }) });
  const load: Load = script.runInThisContext();
  const loaded = { exports: {} };
  load(loaded.exports, require, loaded, bundle.path, dirname(bundle.path));
  if (folder === null || kept === null || (cachedData && !script.cachedDataRejected)) return () => {};
  let done = false;
  return () => {
    if (done) return;
    done = true;
    keep(folder, kept, script);
  };
}

function fileName({ build, use }: Bundle): string {
  return `${use}-${build}-${process.versions.v8}-${process.arch}${SUFFIX}`;
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Whole or not at all, also when the machine loses power: V8 trusts what it reads. */
function keep(folder: string, path: string, script: Script): void {
  const draft = `${path}.${process.pid}`;
  try {
    const file = openSync(draft, 'wx', 0o600);
    try {
      writeSync(file, script.createCachedData());
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
    prune(folder);
  } catch {
    // Without it the next start takes what this one took.
    rmSync(draft, { force: true });
  }
}

function prune(folder: string): void {
  const files = readdirSync(folder).filter((name) => name.includes(SUFFIX));
  const dated = files.map((name) => ({ path: join(folder, name), time: statSync(join(folder, name)).mtimeMs }));
  for (const { path } of dated.sort((a, b) => b.time - a.time).slice(KEPT)) rmSync(path, { force: true });
}
