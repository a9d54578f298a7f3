import type { Shard } from './merge';

/** More shards than any checkpoint has; a name can claim 99,999. */
const MOST = 10_000;

/** A name such as `model-00002-of-00005.safetensors`. */
export interface ShardName {
  /** What comes before the number: `model`. */
  readonly stem: string;
  /** With the dot: `.safetensors`. */
  readonly extension: string;
  readonly count: number;
  /** Digits of a number. */
  readonly digits: number;
}

/** Reads the name of a shard; `null` for any other name. */
export function shardName(name: string): ShardName | null {
  const [, stem = '', number = '', total = '', extension = ''] = /^(.+)-(\d{5,6})-of-(\d{5,6})(\.[a-z]+)$/i.exec(name) ?? [];
  const count = Number(total);
  if (stem === '' || number.length !== total.length || Number(number) < 1 || Number(number) > count || count > MOST) return null;
  return { stem, extension, count, digits: total.length };
}

/** All shards by their names alone. */
export function namedShards({ stem, extension, count, digits }: ShardName): readonly Shard[] {
  const padded = (number: number) => String(number).padStart(digits, '0');
  return Array.from({ length: count }, (_, index) => ({
    file: `${stem}-${padded(index + 1)}-of-${padded(count)}${extension}`,
    tensors: null,
  }));
}
