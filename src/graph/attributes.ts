import { own } from '../data';
import type { Attribute, Node, Tensor } from '../model';

/** A hash of a node's attributes. */
type Hash = number;

function mix(hash: Hash, value: number): Hash {
  return (Math.imul(hash, 31) + (value | 0)) | 0;
}

function hashText(hash: Hash, text: string): Hash {
  let result = mix(hash, text.length);
  for (let at = 0; at < text.length && at < 16; at++) result = mix(result, text.charCodeAt(at));
  return result;
}

function hashNumbers(hash: Hash, values: readonly (number | bigint)[]): Hash {
  let result = mix(hash, values.length);
  for (const value of values) result = mix(result, typeof value === 'bigint' ? Number(BigInt.asIntN(32, value)) : value * 65_536);
  return result;
}

function hashTensor(hash: Hash, { dtype, shape, storage }: Tensor): Hash {
  let result = hashNumbers(hashText(hash, dtype), shape);
  if (storage.kind !== 'inline') return result;
  const { data } = storage;
  for (let at = 0; at < data.length && at < 64; at++) result = mix(result, data[at] as number);
  return result;
}

/**
 * Equal for equal attributes; `null` where they cannot be compared: bodies, and
 * references, whose meaning is the caller's.
 */
export function hashAttributes({ attributes }: Pick<Node, 'attributes'>): Hash | null {
  let hash = 0;
  for (const name in attributes) {
    const attribute = attributes[name];
    if (!attribute) continue;
    // The order in which a file lists attributes means nothing: a sum does not depend on it.
    const own = hashText(17, name);
    switch (attribute.kind) {
      case 'int':
      case 'float':
        hash = (hash + hashNumbers(own, [attribute.value])) | 0;
        break;
      case 'ints':
      case 'floats':
        hash = (hash + hashNumbers(own, attribute.value)) | 0;
        break;
      case 'string':
        hash = (hash + hashText(own, attribute.value)) | 0;
        break;
      case 'strings':
        hash = (hash + attribute.value.reduce(hashText, own)) | 0;
        break;
      case 'tensor':
        hash = (hash + hashTensor(own, attribute.value)) | 0;
        break;
      default:
        return null;
    }
  }
  return hash;
}

function sameList(left: ArrayLike<unknown>, right: ArrayLike<unknown>): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at++) if (!Object.is(left[at], right[at])) return false;
  return true;
}

/** Elements that lie in the file are compared by their place there only: opening a model reads no weight. */
function sameTensor(left: Tensor, right: Tensor): boolean {
  if (left === right) return true;
  if (left.dtype !== right.dtype || !sameList(left.shape, right.shape)) return false;
  const a = left.storage;
  const b = right.storage;
  if (a.kind === 'inline' && b.kind === 'inline') return sameList(a.data, b.data);
  return a.kind === 'bytes' && b.kind === 'bytes' && a.file === b.file && a.offset === b.offset && a.length === b.length;
}

function sameAttribute(left: Attribute, right: Attribute): boolean {
  if (left === right) return true;
  switch (left.kind) {
    case 'int':
    case 'float':
    case 'string':
      return right.kind === left.kind && Object.is(left.value, right.value);
    case 'ints':
    case 'floats':
    case 'strings':
      return right.kind === left.kind && sameList(left.value, right.value);
    case 'tensor':
      return right.kind === 'tensor' && sameTensor(left.value, right.value);
    default:
      return false;
  }
}

/** True where two nodes have the same attributes with the same values. */
export function sameAttributes(left: Pick<Node, 'attributes'>, right: Pick<Node, 'attributes'>): boolean {
  const a = left.attributes;
  const b = right.attributes;
  if (a === b) return true;
  let count = 0;
  for (const name in a) {
    const one = a[name];
    const other = own(b, name);
    if (!one || !other || !sameAttribute(one, other)) return false;
    count++;
  }
  for (const _ in b) count--;
  return count === 0;
}
