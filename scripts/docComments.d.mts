/** `line: name` of each name that a file's text exports without a doc comment. */
export function undocumented(text: string): readonly string[];
/** The source files below a folder that are held to it. */
export function documentedFiles(folder: string): readonly string[];
