/** What a name is looked up in. */
export interface NamedFamily {
  readonly name: string;
  readonly variants: readonly { readonly name: string }[];
}

/** What a person's name for a reference system stands for. */
export interface Meant<Family extends NamedFamily> {
  readonly family: Family;
  /** `null` for the family with its default knobs. */
  readonly variant: Family['variants'][number] | null;
}

/**
 * What a person means by a name, whatever its case: a variant, a family, or the
 * first variant whose name goes on behind it (`CoAtNet-0` is `CoAtNet-0 @224,
 * stride in first 1x1`). `null` where nothing is called so.
 */
export function meantBy<Family extends NamedFamily>(families: readonly Family[], name: string): Meant<Family> | null {
  const asked = name.trim().toLowerCase();
  if (asked === '') return null;
  const byName = find(families, (variant) => variant === asked);
  if (byName) return byName;
  const family = families.find((one) => one.name.toLowerCase() === asked);
  if (family) return { family, variant: null };
  return find(families, (variant) => variant.startsWith(`${asked} `) || variant.startsWith(`${asked},`));
}

function find<Family extends NamedFamily>(families: readonly Family[], fits: (variant: string) => boolean): Meant<Family> | null {
  for (const family of families) {
    const variant = family.variants.find((one) => fits(one.name.toLowerCase()));
    if (variant) return { family, variant };
  }
  return null;
}
