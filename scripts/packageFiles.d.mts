export const root: string;
/** The ignore file for a platform such as `linux-x64`, and the folders it needs that are not installed. */
export function packageFiles(target: string): { readonly ignore: string; readonly missing: readonly string[] };
