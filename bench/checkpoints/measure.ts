import { dirname } from 'node:path';
import { openFileSource, siblingOpener } from '../../src/engine/fileSource';
import { openArtifact } from '../../src/formats/registry';
import { statistics } from '../../src/formats/tensorValues';
import { hasGraph } from '../../src/model';
import type { Figures } from './section';

const MB = 2 ** 20;
const PIECE = 2 ** 20;

/** Holds results until the measurement is over. */
const kept: unknown[] = [];

/** Runs `work`, which gives the bytes it read, in a process that has done nothing before. */
export async function measure(work: () => Promise<number>): Promise<Figures> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const started = performance.now();
  const spent = process.cpuUsage();
  const read = await work();
  const milliseconds = performance.now() - started;
  const { user, system } = process.cpuUsage(spent);
  const peak = process.resourceUsage().maxRSS * 1024;
  return {
    milliseconds,
    cpu: (user + system) / 1000,
    megabytes: (process.memoryUsage.rss() - before) / MB,
    peak: Math.max(0, peak - before) / MB,
    read: read / MB,
  };
}

/** Opens a checkpoint, as a click does. */
export async function openOnly(path: string): Promise<number> {
  const source = await openFileSource(path);
  kept.push(await openArtifact(source, { name: path, openSibling: siblingOpener(dirname(path), path) }));
  return source.bytesRead;
}

/** Reads the file from its first byte to its last, in the pieces in which values are read: what the disk and the system cost. */
export async function readOnly(path: string): Promise<number> {
  const source = await openFileSource(path);
  for (let at = 0; at < source.size; at += PIECE) kept[0] = await source.read(at, Math.min(PIECE, source.size - at));
  return source.bytesRead;
}

/** Statistics of every tensor: figures as the health check takes them, and histograms. */
export async function statisticsOfAll(path: string): Promise<number> {
  const source = await openFileSource(path);
  const artifact = await openArtifact(source, { name: path });
  if (hasGraph(artifact)) throw new Error('no checkpoint');
  for (const tensor of artifact.tensors) kept[0] = await statistics(tensor, { model: source });
  return source.bytesRead;
}
