/**
 * Checks a path that a model names beside itself: relative, with `/`, and never leading out of the model's folder on
 * any system. Returns it without `.` and empty parts, or why it is refused, to follow "a path that".
 */
export function safeRelativePath(path: string): { readonly path: string } | { readonly refusal: string } {
  if (path === '') return { refusal: 'is empty' };
  if (path.includes('\0')) return { refusal: 'holds a zero byte' };
  if (/^[\\/]/.test(path)) return { refusal: 'is absolute' };
  if (/^[a-z]:/i.test(path)) return { refusal: 'names a drive' };
  const parts = path.split(/[\\/]/);
  if (parts.includes('..')) return { refusal: "leads out of the model's folder" };
  if (path.includes('\\')) return { refusal: 'has a backslash, which means another file on each system' };
  const kept = parts.filter((part) => part !== '' && part !== '.');
  return kept.length === 0 ? { refusal: 'names a folder' } : { path: kept.join('/') };
}
