import type { ByteSource } from '../bytes';
import type { OnProgress } from './sharedWork';

/** Nobody reads figures that change more often, in milliseconds. */
const PAUSE = 100;

/** The same bytes; tells how far into the file the reader has come. */
export function watched(source: ByteSource, report: OnProgress): ByteSource {
  let reached = 0;
  let told = Number.NEGATIVE_INFINITY;
  const tell = () => {
    const now = performance.now();
    if (now - told < PAUSE) return;
    told = now;
    report({ stage: 'read', fraction: reached / Math.max(1, source.size), amount: { unit: 'bytes', done: reached, of: source.size } });
  };
  const { readNow } = source;
  return {
    size: source.size,
    read: async (offset, length) => {
      tell();
      const bytes = await source.read(offset, length);
      reached = Math.max(reached, Math.min(source.size, offset + length));
      return bytes;
    },
    ...(readNow && { readNow: (offset: number, length: number) => readNow.call(source, offset, length) }),
  };
}
