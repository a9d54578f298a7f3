import type { FoldedModule } from './fold';

/** Lines of a definition; what is longer ends in an ellipsis. */
const LINES = 500;
/** Characters of a name in one. */
const NAME_CHARACTERS = 200;

/** A module and all within, written as PyTorch prints modules; equal neighbours stand once, as `12 x`. */
export function definitionText(module: FoldedModule): string {
  const lines: string[] = [];
  write(module, '', '', lines);
  if (lines.length > LINES) lines.splice(LINES, lines.length, '...');
  return lines.join('\n');
}

function write(module: FoldedModule, indent: string, title: string, lines: string[]): void {
  if (lines.length > LINES) return;
  const times = title !== '' && module.repeat > 1 ? `${module.repeat} x ` : '';
  const inner = `${indent}  `;
  const own = module.definition === '' ? module.own.map(({ own: name, tensor }) => [name, `Parameter([${tensor.shape.join(', ')}])`]) : [];
  if (module.children.length === 0 && own.length === 0) {
    lines.push(`${indent}${title}${times}${module.definition || `${className(module)}()`}`);
    return;
  }
  lines.push(`${indent}${title}${times}${module.definition === '' ? className(module) : module.definition.replace(/\(.*/s, '')}(`);
  for (const [name = '', text = ''] of own.slice(0, LINES)) lines.push(`${inner}(${shortName(name)}): ${text}`);
  for (const child of module.children) write(child, inner, `(${shortName(child.name)}): `, lines);
  lines.push(`${indent})`);
}

function className({ kind, children }: FoldedModule): string {
  if (kind === 'attention') return 'Attention';
  if (kind === 'feedForward') return 'FeedForward';
  return children.length > 0 && children.every(({ name }) => /^\d+(?:-\d+)?$/.test(name)) ? 'Sequential' : 'Module';
}

function shortName(name: string): string {
  return name.length > NAME_CHARACTERS ? `${name.slice(0, NAME_CHARACTERS)}...` : name;
}
