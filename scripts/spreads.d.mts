/** `line: text` of each call in a TypeScript source that spreads a list into the arguments of a function that takes any number. */
export function spreadCalls(source: string): readonly string[];
