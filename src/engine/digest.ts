import { createHash } from 'node:crypto';

/** Of bytes that are still in use, so that a model's requests hash it once. Nobody changes a model's bytes in place. */
const known = new WeakMap<Uint8Array, string>();

/** What tells bytes apart, whatever they are called and however many they are. */
export function digestOf(bytes: Uint8Array): string {
  const found = known.get(bytes);
  if (found !== undefined) return found;
  const digest = createHash('sha256').update(bytes).digest('hex');
  known.set(bytes, digest);
  return digest;
}
