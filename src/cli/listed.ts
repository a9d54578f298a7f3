import { shortened } from '../text';

/** Characters that a figure's line may have; a name may have a million. */
const LINE_CHARACTERS = 2000;

/** A file's name, and below it what there is to say of it: a title and a text each. */
export function listed(name: string, rows: readonly (readonly [string, string])[]): readonly string[] {
  return [name, ...rows.map(([title, text]) => `  ${title.padEnd(15)} ${shortened(text, LINE_CHARACTERS)}`)];
}
