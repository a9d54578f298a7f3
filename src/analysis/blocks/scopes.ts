import { append } from '../../data';
import type { Node } from '../../model';

/** Metadata keys under which exporters leave the module path (PyTorch 2 ONNX exporter, ONNX Script). */
const NAMESPACE_KEYS = ['namespace', 'pkg.torch.onnx.name_scopes'];

/** `/`-separated parts of an exporter's namespace entry: `': Model/layers: ModuleList/layers.0: Block/aten.add'`. */
function fromNamespace(text: string): readonly string[] {
  return text
    .split('/')
    .slice(0, -1)
    .map((part) => part.split(':')[0]?.trim() ?? '')
    .filter((part) => part !== '');
}

/** `['', 'layers.0', 'layers.0.attn', 'add']`: full module paths as a Python list. */
function fromNameScopes(text: string): readonly string[] {
  const names = [...text.matchAll(/'([^']*)'|"([^"]*)"/g)].map((match) => match[1] ?? match[2] ?? '');
  return names.slice(0, -1).filter((name) => name !== '');
}

/** Parts that PyTorch repeats in full (`/layer1/layer1.0/conv1`) stay as they are: each is unique among its siblings. */
function fromName(name: string): readonly string[] {
  const parts = name.split('/').filter((part) => part !== '');
  return parts.slice(0, -1);
}

/** The module path a node came from, outermost first; `[]` where the exporter left none. */
export function scopeOf(node: Node): readonly string[] {
  const metadata = node.metadata;
  if (metadata) {
    for (const key of NAMESPACE_KEYS) {
      const text = metadata[key];
      if (text === undefined) continue;
      const scope = key === 'namespace' ? fromNamespace(text) : fromNameScopes(text);
      if (scope.length > 0) return scope;
    }
  }
  return node.name.includes('/') ? fromName(node.name) : [];
}

/** Leading parts that two scopes share. */
export function commonScope(left: readonly string[], right: readonly string[]): readonly string[] {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return left.slice(0, length);
}

/** True for the scope itself and all below it. */
export function isWithin(scope: readonly string[], outer: readonly string[]): boolean {
  return outer.length <= scope.length && outer.every((part, at) => part === scope[at]);
}

/** A scope as people write module paths: `layer1.0.conv1`, with the repetition of PyTorch's exporter taken out. */
export function modulePath(scope: readonly string[]): string {
  const path: string[] = [];
  for (const part of scope) {
    const parts = part.split('.');
    // `blocks.0.1` behind `stages.0.blocks.0` repeats its first two.
    let repeated = Math.min(parts.length - 1, path.length);
    while (repeated > 0 && !parts.slice(0, repeated).every((one, at) => one === path[path.length - repeated + at])) repeated--;
    append(path, parts.slice(repeated));
  }
  return path.join('.');
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** True where two texts differ in their numbers only: `blocks.9.attn` and `blocks.10.attn`. */
function differInNumbers(left: string, right: string): boolean {
  if (left === right) return true;
  let a = 0;
  let b = 0;
  while (a < left.length && b < right.length) {
    const code = left.charCodeAt(a);
    if (isDigit(code) && isDigit(right.charCodeAt(b))) {
      while (a < left.length && isDigit(left.charCodeAt(a))) a++;
      while (b < right.length && isDigit(right.charCodeAt(b))) b++;
    } else if (code === right.charCodeAt(b)) {
      a++;
      b++;
    } else return false;
  }
  return a === left.length && b === right.length;
}

function shared(before: Node | undefined, scope: readonly string[]): number {
  return before ? commonScope(scopeOf(before), scope).length : 0;
}

/** True where two neighbours stand to each other in their modules as two others do, and names differ in their numbers only. */
export function isLikeScope(before: Node | undefined, node: Node, otherBefore: Node | undefined, other: Node): boolean {
  if (!differInNumbers(node.name, other.name)) return false;
  if (!node.metadata && !other.metadata && node.name === '') return true;
  const [scope, otherScope] = [scopeOf(node), scopeOf(other)];
  if (scope.length !== otherScope.length || !scope.every((part, at) => differInNumbers(part, otherScope[at] ?? ''))) return false;
  return shared(before, scope) === shared(otherBefore, otherScope);
}
