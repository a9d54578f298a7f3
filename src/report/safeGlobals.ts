/** A dotted path of Python identifiers: nothing else may become part of a program. */
const PATH = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/;

/**
 * Python lines that let `torch.load(..., weights_only=True)` take these classes, given as `module.name`; `''` where one
 * of them is no path that Python could import.
 */
export function safeGlobalsCode(names: readonly string[]): string {
  if (names.length === 0 || !names.every((name) => PATH.test(name))) return '';
  const modules = [...new Set(names.map((name) => name.slice(0, name.lastIndexOf('.'))))];
  return [
    'import torch',
    ...modules.filter((module) => module !== 'torch').map((module) => `import ${module}`),
    `torch.serialization.add_safe_globals([${names.join(', ')}])`,
  ].join('\n');
}
