/**
 * How readable the top level of many networks is: `npm run bench -- sweep FOLDER [--nameless] [--only TEXT] [--rows]`
 * takes every .onnx file of a folder (bench/sweep.py exports some 200 of timm and torchvision) and prints the
 * rows of the top level, how many of them hold 99% of the MACs, and the share inside blocks and in the stem.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { analyse } from '../src/analysis/assemble';
import { foldModel, type GraphBox } from '../src/analysis/fold';
import type { Figures } from '../src/analysis/profile';
import { rowsOf } from '../src/cli/profileRows';
import { openFileSource } from '../src/engine/fileSource';
import { openModel } from '../src/formats/registry';
import type { Graph, Model } from '../src/model';

/** Rows that a person reads at a glance, and the share of the MACs that they have to hold. */
const GLANCE = 16;
const SHARE = 0.99;
const ADDED = ['parameters', 'buffers', 'macs', 'flops'] as const satisfies readonly (keyof Figures)[];

interface Read {
  readonly name: string;
  readonly rows: number;
  readonly needed: number;
  readonly inBlocks: number;
  readonly inStem: number;
  /** What does not add up; `''` where all does. */
  readonly fault: string;
  readonly boxes: readonly GraphBox[];
}

function withoutNames(model: Model): Model {
  const bare = (graph: Graph): Graph => ({
    ...graph,
    nodes: graph.nodes.map(({ metadata: _, ...node }) => ({ ...node, name: '' })),
  });
  return { ...model, graph: bare(model.graph) };
}

/** How many of some shares, the largest first, make up most of the whole. */
function neededOf(shares: readonly number[], total: number): number {
  let sum = 0;
  let needed = 0;
  for (const share of [...shares].sort((a, b) => b - a)) {
    if (total === 0 || sum >= SHARE * total) break;
    sum += share;
    needed++;
  }
  return needed;
}

async function read(folder: string, name: string, nameless: boolean): Promise<Read> {
  const source = await openFileSource(join(folder, name));
  try {
    const opened = await openModel(source, { name });
    const model = nameless ? withoutNames(opened) : opened;
    const analysis = analyse(model, { name, bytes: source.size });
    const { profile } = analysis;
    const boxes = foldModel(analysis)
      .level('')
      .boxes.filter(({ kind }) => kind === 'group' || kind === 'node');
    const total = Number(profile.totals.macs);
    const rows = rowsOf(profile, 'block', null, null).filter((row) => !row.name.startsWith(' '));
    const sum = (list: readonly Figures[], key: (typeof ADDED)[number]) => list.reduce((all, one) => all + BigInt(one[key]), 0n);
    const faults = ADDED.filter(
      (key) =>
        sum(
          boxes.map(({ figures }) => figures),
          key,
        ) !== BigInt(profile.totals[key]),
    ).map((key) => `boxes' ${key}`);
    const rowFaults = (['parameters', 'macs', 'flops'] as const).filter(
      (key) => rows.reduce((all, row) => all + BigInt(row[key] ?? 0), 0n) !== BigInt(profile.totals[key]),
    );
    const inside = profile.blocks.reduce((all, block) => all + Number(block.totals.macs), 0);
    const stems = profile.blocks.filter(({ kind }) => kind === 'stem' || kind === 'patch-embedding');
    return {
      name: name.replace(/\.onnx$/, ''),
      rows: Math.max(rows.length, boxes.length),
      needed: Math.max(
        neededOf(
          rows.map(({ macs }) => Number(macs ?? 0)),
          total,
        ),
        neededOf(
          boxes.map(({ figures }) => Number(figures.macs)),
          total,
        ),
      ),
      inBlocks: total > 0 ? inside / total : 1,
      inStem: total > 0 ? stems.reduce((all, block) => all + Number(block.totals.macs), 0) / total : 0,
      fault: [...faults, ...rowFaults.map((key) => `rows' ${key}`)].join(', '),
      boxes,
    };
  } finally {
    await source.close();
  }
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)}%`.padStart(7);
}

async function main(): Promise<void> {
  const [folder, ...rest] = process.argv.slice(2);
  if (folder === undefined) {
    console.error('usage: npm run bench -- sweep FOLDER [--nameless] [--only TEXT] [--rows]');
    process.exitCode = 2;
    return;
  }
  const only = rest.includes('--only') ? (rest[rest.indexOf('--only') + 1] ?? '') : '';
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.onnx') && name.includes(only))
    .sort();
  let readable = 0;
  let whole = 0;
  console.log(`${'network'.padEnd(52)} rows  for 99%  in blocks  in stem`);
  for (const name of names) {
    try {
      const one = await read(folder, name, rest.includes('--nameless'));
      if (one.needed <= GLANCE) readable++;
      if (one.fault === '') whole++;
      const mark = `${one.needed > GLANCE ? '  too many' : ''}${one.inStem > 0.4 ? '  stem' : ''}${one.fault === '' ? '' : `  does not add up: ${one.fault}`}`;
      console.log(
        `${one.name.padEnd(52)} ${String(one.rows).padStart(4)}  ${String(one.needed).padStart(7)}  ${percent(one.inBlocks)}    ${percent(one.inStem)}${mark}`,
      );
      if (!rest.includes('--rows')) continue;
      const total = one.boxes.reduce((all, { figures }) => all + Number(figures.macs), 0);
      for (const { title, subtitle, repeat, figures } of one.boxes)
        console.log(`    ${percent(Number(figures.macs) / Math.max(1, total))}  ${title}${repeat > 1 ? ` x${repeat}` : ''}  (${subtitle})`);
    } catch (error) {
      console.log(`${name.padEnd(52)} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  const share = (count: number) => `${count} of ${names.length} (${((100 * count) / Math.max(1, names.length)).toFixed(1)}%)`;
  console.log(`at most ${GLANCE} rows for 99% of the MACs: ${share(readable)}; every row adds up: ${share(whole)}`);
}

await main();
