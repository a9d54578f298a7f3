/**
 * Holds the analysis of every known model still while the code behind it changes: `write FILE` keeps the hashes of
 * each part, `check FILE` lists the models that differ from them, with the first place of each part that does and what it is now.
 * `--only PATTERN` takes the models whose names match.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { analyse } from '../src/analysis/assemble';
import { foldModel, type GraphLevel } from '../src/analysis/fold';
import type { Block } from '../src/analysis/profile';
import type { Model } from '../src/model';
import { everyModel } from './models/every';

/** Six digits of a hash of each entry of each part, one string a part; and figures that a person can read. */
interface Frozen {
  readonly figures: Readonly<Record<string, string>>;
  readonly parts: Readonly<Record<string, string>>;
}

type Parts = Readonly<Record<string, readonly unknown[]>>;

const DIGITS = 6;
/** Levels of the fold that are kept; the first is the whole model's. */
const LEVELS = 100;

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint') return `${inner}n`;
    if (inner instanceof Map) return [...inner];
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function hash(value: unknown): string {
  return createHash('sha1')
    .update(canonical(value) ?? '')
    .digest('base64')
    .slice(0, DIGITS);
}

/** Blocks in depth-first order, each with the number of its children in their place. */
function flat(blocks: readonly Block[]): readonly unknown[] {
  return blocks.flatMap((block) => [{ ...block, children: block.children.length }, ...flat(block.children)]);
}

function partsOf(model: Model): { readonly parts: Parts; readonly figures: Frozen['figures'] } {
  const analysis = analyse(model, { name: 'model', bytes: 1 });
  const { profile } = analysis;
  const { nodes, blocks, warnings, notCounted, ...rest } = profile;
  const fold = foldModel(analysis);
  const levels: GraphLevel[] = [fold.level('')];
  for (let at = 0; at < levels.length && levels.length < LEVELS; at++)
    for (const box of levels[at]?.boxes ?? []) if (box.kind === 'group' && levels.length < LEVELS) levels.push(fold.level(box.id));
  const { attention } = analysis.blocks;
  const parts = { rest: Object.entries(rest), nodes, blocks: flat(blocks), warnings, notCounted, attention, levels };
  const { macs, parameters, peakActivationBytes } = profile.totals;
  const counts = Object.entries(parts).map(([name, part]) => [name, String(part.length)] as const);
  return {
    parts,
    figures: { macs: `${macs}`, parameters: `${parameters}`, peak: `${peakActivationBytes}`, ...Object.fromEntries(counts) },
  };
}

function frozen({ parts, figures }: ReturnType<typeof partsOf>): Frozen {
  return { figures, parts: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.map(hash).join('')])) };
}

/** Where each part differs first, and what stands there now; `null` where they are the same. */
function difference(before: Frozen, now: Frozen, parts: Parts): string | null {
  const lines: string[] = [];
  for (const [name, hashes] of Object.entries(now.parts)) {
    const old = before.parts[name] ?? '';
    if (old === hashes) continue;
    let at = 0;
    while (old.slice(at * DIGITS, (at + 1) * DIGITS) === hashes.slice(at * DIGITS, (at + 1) * DIGITS)) at++;
    lines.push(`  ${name}.${at}: ${canonical(parts[name]?.[at])?.slice(0, 600)}`);
  }
  if (lines.length === 0) return null;
  const figures = Object.entries(now.figures).filter(([figure, value]) => before.figures[figure] !== value);
  const changed = figures.map(([figure, value]) => `${figure} ${before.figures[figure]} -> ${value}`).join(', ');
  return [changed, ...lines].join('\n');
}

function usage(): never {
  console.error('usage: npm run bench -- freeze write|check FILE [--only PATTERN]');
  process.exit(2);
}

async function main(): Promise<void> {
  const [mode, file, only, pattern] = process.argv.slice(2);
  if ((mode !== 'write' && mode !== 'check') || file === undefined || (only !== undefined && only !== '--only')) usage();
  const wanted = new RegExp(pattern ?? '');
  const known = mode === 'check' ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Frozen>) : {};
  const found: Record<string, Frozen> = {};
  let different = 0;
  for (const { name, open } of (await everyModel()).filter((one) => wanted.test(one.name))) {
    const result = partsOf(await open());
    const now = frozen(result);
    found[name] = now;
    const before = known[name];
    const what = mode === 'write' || !before ? null : difference(before, now, result.parts);
    if (what !== null) console.log(`${name}: ${what}`);
    if (what !== null) different++;
    if (mode === 'check' && !before) console.log(`${name}: not in ${file}`);
  }
  const gone = Object.keys(known).filter((name) => wanted.test(name) && !found[name]);
  for (const name of gone) console.log(`${name}: not here any more`);
  if (mode === 'write') writeFileSync(file, JSON.stringify(found));
  console.log(`${Object.keys(found).length} models, ${mode === 'write' ? `written to ${file}` : `${different} differ`}`);
  process.exitCode = different + gone.length > 0 ? 1 : 0;
}

await main();
