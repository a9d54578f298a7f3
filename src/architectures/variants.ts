import type { Knobs, PublishedRecord, Variant } from './family';

/** One variant for each published record, with the knobs that build it, by the record's name. */
export function variantsOf(records: readonly PublishedRecord[], settings: Readonly<Record<string, Knobs>>): readonly Variant[] {
  return records.map((published) => {
    const knobs = settings[published.variant];
    if (!knobs) throw new Error(`No knobs are given for ${published.variant}.`);
    return { name: published.variant, knobs, published };
  });
}
