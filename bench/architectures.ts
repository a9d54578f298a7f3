/**
 * Reference systems without weights: building and profiling each of CoAtNet-0 to 5 and the ViTs, warm, the
 * median of five; then the first model of a fresh process; then 20 variants at 6 sizes, as a comparison asks for.
 */
import { spawnSync } from 'node:child_process';
import { analyse } from '../src/analysis/assemble';
import { COATNET } from '../src/architectures/coatnet';
import { COATNET_LAYOUT } from '../src/architectures/coatnetLayout';
import { DEIT } from '../src/architectures/deit';
import type { Family, Knobs } from '../src/architectures/family';
import { SWIN } from '../src/architectures/swin';
import { VIT } from '../src/architectures/vit';

const LIMIT_MS = 200;
const ROUNDS = 5;
const SIZES = [192, 224, 256, 384, 448, 512];

interface Timed {
  readonly build: number;
  readonly profile: number;
  readonly nodes: number;
}

function once(family: Family, knobs: Knobs): Timed {
  const start = performance.now();
  const built = family.build(knobs);
  const middle = performance.now();
  analyse(built.model, { name: family.name, bytes: 0 }, {});
  return { build: middle - start, profile: performance.now() - middle, nodes: built.model.graph.nodes.length };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function variantOf(family: Family, name: string): Knobs {
  const variant = family.variants.find((one) => one.name === name);
  if (!variant) throw new Error(`${family.name} has no ${name}`);
  return variant.knobs;
}

function report(family: Family, name: string, knobs: Knobs): number {
  const rounds = Array.from({ length: ROUNDS }, () => once(family, knobs));
  const [build, profile] = [median(rounds.map((round) => round.build)), median(rounds.map((round) => round.profile))];
  const total = build + profile;
  console.log(
    `${name.padEnd(40)} ${String(rounds[0]?.nodes).padStart(5)} nodes  build ${build.toFixed(0).padStart(4)} ms  profile ${profile.toFixed(0).padStart(4)} ms` +
      `  in all ${total.toFixed(0).padStart(4)} ms${total > LIMIT_MS ? `  over ${LIMIT_MS}` : ''}`,
  );
  return total;
}

function main(): void {
  if (process.argv[2] === 'cold') {
    const { build, profile } = once(COATNET, variantOf(COATNET, 'CoAtNet-4 @384, stride in first 1x1'));
    console.log(`CoAtNet-4 at 384 as the first model of a process: ${(build + profile).toFixed(0)} ms`);
    return;
  }
  const names = COATNET.variants.filter(({ name }) => /^CoAtNet-[0-5].*first 1x1$/.test(name));
  const worst = [
    ...names.map(({ name, knobs }) => report(COATNET, name, knobs)),
    ...VIT.variants.map(({ name, knobs }) => report(VIT, name, knobs)),
    report(SWIN, 'Swin-B @384', variantOf(SWIN, 'Swin-B @384')),
  ].reduce((most, time) => Math.max(most, time), 0);
  console.log(`slowest: ${worst.toFixed(0)} ms (limit ${LIMIT_MS})`);
  spawnSync(process.execPath, [process.argv[1] ?? '', 'cold'], { stdio: 'inherit' });
  comparison();
}

/** 20 variants at 6 sizes. */
function comparison(): void {
  const few = [
    ...COATNET.variants.filter(({ name }) => /@224/.test(name)).map(({ knobs }) => [COATNET, knobs] as const),
    ...COATNET_LAYOUT.variants.slice(0, 4).map(({ knobs }) => [COATNET_LAYOUT, knobs] as const),
    ...DEIT.variants.slice(0, 3).map(({ knobs }) => [DEIT, knobs] as const),
  ].slice(0, 20);
  const start = performance.now();
  const cpu = process.cpuUsage();
  let profiles = 0;
  for (const [family, knobs] of few) {
    for (const imageSize of SIZES) {
      once(family, { ...knobs, imageSize });
      profiles++;
    }
  }
  const { user, system } = process.cpuUsage(cpu);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${few.length} variants at ${SIZES.length} sizes, ${profiles} profiles: ${seconds} s (limit 5 s), ${((user + system) / 1e6).toFixed(1)} s of CPU`,
  );
}

main();
