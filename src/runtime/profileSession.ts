import { type FileHandle, open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-common';
import { type ByteSource, LimitError } from '../bytes';
import { minimumOf } from '../data';
import { openModel } from '../formats/registry';
import type { Model } from '../model';
import { withTemporaryFolder } from './leftovers';
import type { PreparedModel } from './onnxModel';
import type { ProfileOrder, ProfileReport } from './profiler';
import { median, summarise, type TraceEvent } from './trace';

/** Larger models are not written a second time to see how the runtime rewrote them; their kernels are matched by name. */
const MAX_REWRITTEN_BYTES = 512 * 2 ** 20;
/** A trace takes about 1 kB for each kernel of each run, and is parsed as one string. */
const MAX_TRACE_BYTES = 256 * 2 ** 20;
const PREFIX = 'trace';
const OPTIMIZED = 'optimized.onnx';

type Create = (options: InferenceSession.SessionOptions) => Promise<InferenceSession>;
type Feeds = Parameters<InferenceSession['run']>[0];

/**
 * Profiles in a session of its own. Its trace and rewritten graph go to a fresh
 * folder for temporary files, which is removed whatever happens.
 */
export async function profileSession(
  create: Create,
  prepared: PreparedModel,
  feeds: Feeds,
  order: ProfileOrder,
): Promise<Omit<ProfileReport, 'provider' | 'note'> & { readonly deviceTimes: boolean }> {
  return withTemporaryFolder('model-loupe-', async (folder) => {
    const session = await createProfiled(create, folder, prepared.bytes, order.optimization ?? 'all');
    try {
      await repeat(session, feeds, order);
      session.endProfiling();
    } finally {
      await session.release();
    }
    const { kernels, walls, deviceTimes } = summarise(await readTrace(folder), order.warmup);
    return {
      kernels,
      runs: walls.length,
      wallMilliseconds: { median: median(walls), minimum: minimumOf(walls) },
      optimized: await readOptimized(join(folder, OPTIMIZED)),
      deviceTimes,
    };
  });
}

async function createProfiled(create: Create, folder: string, bytes: number, level: 'all' | 'disabled'): Promise<InferenceSession> {
  const options = { enableProfiling: true, profileFilePrefix: join(folder, PREFIX), graphOptimizationLevel: level } as const;
  if (bytes > MAX_REWRITTEN_BYTES) return create(options);
  try {
    return await create({ ...options, optimizedModelFilePath: join(folder, OPTIMIZED) });
  } catch {
    // A graph that a provider compiled cannot be written. A model that is wrong fails again, and then it is told.
    return create(options);
  }
}

async function repeat(session: InferenceSession, feeds: Feeds, { warmup, runs, budget, signal, onProgress }: ProfileOrder): Promise<void> {
  let started = performance.now();
  for (let done = 0; done < warmup + runs; done++) {
    signal?.throwIfAborted();
    if (done === warmup) started = performance.now();
    if (done > warmup && budget !== undefined && performance.now() - started > budget) return;
    await session.run(feeds);
    onProgress?.((done + 1) / (warmup + runs));
  }
}

async function readTrace(folder: string): Promise<readonly TraceEvent[]> {
  const name = (await readdir(folder)).find((file) => file.startsWith(PREFIX) && file.endsWith('.json'));
  if (name === undefined) throw new Error('ONNX Runtime wrote no trace.');
  const path = join(folder, name);
  const { size } = await stat(path);
  if (size > MAX_TRACE_BYTES) {
    throw new LimitError(`The measured times take ${Math.round(size / 2 ** 20)} MB, more than can be read. Measure fewer runs.`, {
      name: 'MAX_TRACE_BYTES',
      value: MAX_TRACE_BYTES,
    });
  }
  return JSON.parse(await readFile(path, 'utf8')) as readonly TraceEvent[];
}

async function readOptimized(path: string): Promise<Model | null> {
  const file = await open(path).catch(() => null);
  if (!file) return null;
  try {
    return await openModel(await rangeReader(file), { name: OPTIMIZED });
  } finally {
    await file.close();
  }
}

async function rangeReader(file: FileHandle): Promise<ByteSource> {
  const { size } = await file.stat();
  return {
    size,
    read: async (offset, length) => {
      const bytes = new Uint8Array(length);
      await file.read(bytes, 0, length, offset);
      return bytes;
    },
  };
}
