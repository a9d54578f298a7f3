import type { DType } from '../../model';
import { floatTable } from './floats';

/** Elements as numbers; 64-bit integers are bigint. */
export type NumericArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/**
 * Packed little-endian elements as numbers. Floats of 16 bits and less become float32, which holds them exactly;
 * complex numbers become their real and imaginary parts in turn; sub-byte integers become bytes; booleans 0 or 1;
 * quantised elements the integers they are stored as.
 * `bytes` hold exactly `elements`. Assumes a little-endian machine, as every one that runs VS Code is.
 */
export function decodeElements(dtype: DType, bytes: Uint8Array, elements: number): NumericArray {
  switch (dtype) {
    case 'float32':
    case 'complex64':
      return new Float32Array(bytes.slice().buffer);
    case 'float64':
    case 'complex128':
      return new Float64Array(bytes.slice().buffer);
    case 'int64':
      return new BigInt64Array(bytes.slice().buffer);
    case 'uint64':
      return new BigUint64Array(bytes.slice().buffer);
    case 'int32':
    case 'qint32':
      return new Int32Array(bytes.slice().buffer);
    case 'uint32':
      return new Uint32Array(bytes.slice().buffer);
    case 'int16':
      return new Int16Array(bytes.slice().buffer);
    case 'uint16':
      return new Uint16Array(bytes.slice().buffer);
    case 'int8':
    case 'qint8':
      return new Int8Array(bytes.slice().buffer);
    case 'uint8':
    case 'quint8':
    case 'bool':
      return bytes.slice();
    case 'bfloat16':
      return brainFloats(bytes);
    case 'float16':
    case 'complex32':
      return lookUp(floatTable('float16'), new Uint16Array(bytes.slice().buffer));
    case 'float8e4m3fn':
    case 'float8e4m3fnuz':
    case 'float8e5m2':
    case 'float8e5m2fnuz':
    case 'float8e8m0':
      return lookUp(floatTable(dtype), bytes);
    case 'float6e2m3':
    case 'float6e3m2':
      return lookUp(floatTable(dtype), unpack(bytes, elements, 6));
    case 'float4e2m1':
      return lookUp(floatTable(dtype), unpack(bytes, elements, 4));
    case 'uint4':
    case 'quint4':
      return unpack(bytes, elements, 4);
    case 'int4':
      return signed(unpack(bytes, elements, 4), 4);
    case 'uint2':
    case 'quint2':
      return unpack(bytes, elements, 2);
    case 'int2':
      return signed(unpack(bytes, elements, 2), 2);
    case 'bool1':
      return unpack(bytes, elements, 1);
    case 'string':
    case 'undefined':
      throw new TypeError(`elements of type ${dtype} are no numbers`);
    default:
      return dtype satisfies never;
  }
}

/** bfloat16 is the upper half of a float32. */
function brainFloats(bytes: Uint8Array): Float32Array {
  const codes = new Uint16Array(bytes.slice().buffer);
  const words = new Uint32Array(codes.length);
  for (let index = 0; index < codes.length; index += 1) words[index] = (codes[index] ?? 0) << 16;
  return new Float32Array(words.buffer);
}

function lookUp(table: Float32Array, codes: Uint8Array | Uint16Array): Float32Array {
  const values = new Float32Array(codes.length);
  for (let index = 0; index < codes.length; index += 1) values[index] = table[codes[index] ?? 0] ?? 0;
  return values;
}

/** Codes of 1, 2, 4 or 6 bits from a stream of bits, the lowest first. */
function unpack(bytes: Uint8Array, elements: number, bits: number): Uint8Array {
  const codes = new Uint8Array(elements);
  const mask = 2 ** bits - 1;
  for (let index = 0; index < elements; index += 1) {
    const bit = index * bits;
    const byte = Math.floor(bit / 8);
    const shift = bit & 7;
    let code = (bytes[byte] ?? 0) >> shift;
    if (shift + bits > 8) code |= (bytes[byte + 1] ?? 0) << (8 - shift);
    codes[index] = code & mask;
  }
  return codes;
}

function signed(codes: Uint8Array, bits: number): Int8Array {
  const values = new Int8Array(codes.length);
  const unused = 8 - bits;
  // Moving the sign bit to the top and back spreads it; the array cuts to 8 bits.
  for (let index = 0; index < codes.length; index += 1) values[index] = ((codes[index] ?? 0) << (24 + unused)) >> (24 + unused);
  return values;
}
