import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { append } from '../data';
import { type LoupeEntry, parseLoupe } from '../engine/comparisonFile';
import type { ModelReference } from '../protocol';
import { isForPeople } from '../protocol';
import { readText } from './files';
import { modelsNamed } from './modelArguments';
import { type Call, UsageError } from './options';

/** A model to compare, or why there is none. */
export interface Member {
  readonly name: string;
  /** `null` where `error` says what is wrong. */
  readonly model: ModelReference | null;
  readonly error: string;
}

/** The models that a command line names, in its order. */
export interface ModelSet {
  readonly members: readonly Member[];
  /** Place in `members` that a comparison file names; 0 without one. */
  readonly baseline: number;
}

const SET = /\.loupe\.json$/i;

/** Models in their order; a `.loupe.json` stands for those that it lists, and the first one's baseline holds. */
export async function readSet(names: readonly string[], call: Call): Promise<ModelSet> {
  const members: Member[] = [];
  let baseline: number | null = null;
  for (const name of names) {
    const set = SET.test(name) ? await attempt(name, () => readFile(name, call)) : await attempt(name, () => readOne(name, call));
    if (SET.test(name)) baseline ??= members.length + set.baseline;
    append(members, set.members);
  }
  return { members, baseline: baseline ?? 0 };
}

async function attempt(name: string, work: () => Promise<ModelSet>): Promise<ModelSet> {
  try {
    return await work();
  } catch (error) {
    if (!isForPeople(error) && !(error instanceof UsageError)) throw error;
    return { members: [failed(name.replace(/^arch:/, ''), error instanceof Error ? error.message : String(error))], baseline: 0 };
  }
}

async function readOne(name: string, call: Call): Promise<ModelSet> {
  const [model] = await modelsNamed([name], call);
  return { members: [{ name: shortName(model, name), model: model ?? null, error: '' }], baseline: 0 };
}

async function readFile(path: string, call: Call): Promise<ModelSet> {
  const { entries, baseline } = parseLoupe(await readText(path));
  const members: Member[] = [];
  for (const entry of entries) members.push(await memberOf(entry, path, call));
  return { members, baseline };
}

async function memberOf(entry: LoupeEntry, path: string, call: Call): Promise<Member> {
  if (entry.kind === 'wrong') return failed(entry.label, entry.error);
  if (entry.kind === 'file') {
    const file = join(dirname(path), entry.file);
    if (!isInside(file, dirname(path)) && !isInside(file, '.')) {
      return failed(
        entry.label,
        `"${entry.file}" lies outside the comparison file's folder and the current one; run this from a folder that holds both.`,
      );
    }
    return { name: entry.label, model: { kind: 'file', path: file, bindings: entry.bindings }, error: '' };
  }
  const { members } = await attempt(entry.label, () => readOne(`arch:${entry.variant}`, call));
  const [found] = members;
  if (found?.model?.kind !== 'architecture') return failed(entry.label, found?.error ?? '');
  return { name: entry.label, model: { ...found.model, knobs: entry.knobs }, error: '' };
}

function isInside(file: string, folder: string): boolean {
  const way = relative(resolve(folder), resolve(file));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A file without its folder, a reference system by its variant's full name. */
function shortName(model: ModelReference | undefined, name: string): string {
  if (model?.kind === 'architecture') return model.variant ?? name;
  return name.split(/[\\/]/).at(-1) ?? name;
}

function failed(name: string, error: string): Member {
  return { name, model: null, error };
}
