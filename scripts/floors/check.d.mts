/** What a floor may import, of ours and of packages. Names are folders or files, as paths from the root. */
export interface Floor {
  /** Floors right below: these and everything they stand on may be imported. */
  readonly on?: readonly string[];
  /** Floors that may be imported, without what they stand on. */
  readonly sees?: readonly string[];
  /** Floors whose types may be imported. */
  readonly types?: readonly string[];
  /** Packages that may be imported; `node:` stands for all of Node's own. */
  readonly packages?: readonly string[];
}
/** Every fault of the house at `root` and every circle of imports in it and in the folders `others`, a sentence each. */
export function faultsOf(root: string, floors: Readonly<Record<string, Floor>>, others?: readonly string[]): readonly string[];
