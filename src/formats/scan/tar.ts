import { type ByteSource, LIMITS } from '../../bytes';
import { tarEntries } from '../tar';
import { PartSource } from '../zip';
import type { Collected, ScanInside, ScanPlace } from './collected';

/** A tar archive, each file of which is looked into; `null` for no tar. */
export async function scanTar(
  found: Collected,
  source: ByteSource,
  head: Uint8Array,
  place: ScanPlace,
  inside: ScanInside,
): Promise<string | null> {
  const entries = await tarEntries(source, head);
  if (entries === null) return null;
  for (const { name, offset, size } of entries.slice(0, LIMITS.scannedEntries)) {
    if (size > 0)
      await inside(found, new PartSource(source, offset, size), { ...place, name: `${place.name}: ${name}`, depth: place.depth + 1 });
  }
  return 'tar';
}
