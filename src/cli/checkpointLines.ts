import type { CheckpointSummary } from '../protocol';
import { formatBytes, formatCount, formatExact } from '../report/format';
import { listed } from './listed';

/** What `inspect` prints of a checkpoint: its tensors, together and by their types, and its metadata. */
export function checkpointLines({ name, format, formatVersion, fileBytes, totals, types, metadata }: CheckpointSummary): readonly string[] {
  return listed(name, [
    ['format', `${format} ${formatVersion}`.trim()],
    ['file', formatBytes(fileBytes)],
    ['tensors', formatExact(totals.tensors)],
    ['elements', `${formatCount(totals.elements)} (${formatExact(totals.elements)}), ${formatBytes(totals.bytes)}`],
    ...types.map(({ dtype, tensors, elements, bytes }): [string, string] => [
      dtype,
      `${formatExact(tensors)} tensors, ${formatCount(elements)} elements, ${formatBytes(bytes)}`,
    ]),
    ...Object.entries(metadata).map(([key, value]): [string, string] => ['metadata', `${key} = ${value}`]),
  ]);
}
