/** Opcodes of protocols 0 to 5 (CPython's `pickletools`). */
export const OP = {
  MARK: 0x28,
  STOP: 0x2e,
  POP: 0x30,
  POP_MARK: 0x31,
  DUP: 0x32,
  FLOAT: 0x46,
  INT: 0x49,
  BININT: 0x4a,
  BININT1: 0x4b,
  LONG: 0x4c,
  BININT2: 0x4d,
  NONE: 0x4e,
  PERSID: 0x50,
  BINPERSID: 0x51,
  REDUCE: 0x52,
  STRING: 0x53,
  BINSTRING: 0x54,
  SHORT_BINSTRING: 0x55,
  UNICODE: 0x56,
  BINUNICODE: 0x58,
  APPEND: 0x61,
  BUILD: 0x62,
  GLOBAL: 0x63,
  DICT: 0x64,
  EMPTY_DICT: 0x7d,
  APPENDS: 0x65,
  GET: 0x67,
  BINGET: 0x68,
  INST: 0x69,
  LONG_BINGET: 0x6a,
  LIST: 0x6c,
  EMPTY_LIST: 0x5d,
  OBJ: 0x6f,
  PUT: 0x70,
  BINPUT: 0x71,
  LONG_BINPUT: 0x72,
  SETITEM: 0x73,
  TUPLE: 0x74,
  EMPTY_TUPLE: 0x29,
  SETITEMS: 0x75,
  BINFLOAT: 0x47,
  PROTO: 0x80,
  NEWOBJ: 0x81,
  EXT1: 0x82,
  EXT2: 0x83,
  EXT4: 0x84,
  TUPLE1: 0x85,
  TUPLE2: 0x86,
  TUPLE3: 0x87,
  NEWTRUE: 0x88,
  NEWFALSE: 0x89,
  LONG1: 0x8a,
  LONG4: 0x8b,
  BINBYTES: 0x42,
  SHORT_BINBYTES: 0x43,
  SHORT_BINUNICODE: 0x8c,
  BINUNICODE8: 0x8d,
  BINBYTES8: 0x8e,
  EMPTY_SET: 0x8f,
  ADDITEMS: 0x90,
  FROZENSET: 0x91,
  NEWOBJ_EX: 0x92,
  STACK_GLOBAL: 0x93,
  MEMOIZE: 0x94,
  FRAME: 0x95,
  BYTEARRAY8: 0x96,
  NEXT_BUFFER: 0x97,
  READONLY_BUFFER: 0x98,
} as const;

/** The name of an opcode, for messages. */
export function opcodeName(code: number): string {
  for (const [name, value] of Object.entries(OP)) if (value === code) return name;
  return `0x${code.toString(16).padStart(2, '0')}`;
}

/** A text operand, which ends with a line. */
export const LINE = -1;
/** Operands of a known form that begin with their own length. */
const COUNTED_1 = -2;
const COUNTED_4 = -3;
const COUNTED_8 = -4;
/** INST and GLOBAL have two lines. */
export const TWO_LINES = -5;

/** How many bytes an opcode's operand takes, or how to tell; `undefined` for a byte that is no opcode. */
export const OPERANDS: ReadonlyArray<number | undefined> = operands();

/** Bytes of the length in front of a counted operand; 0 for the others. */
export function lengthWidth(form: number): number {
  return form === COUNTED_1 ? 1 : form === COUNTED_4 ? 4 : form === COUNTED_8 ? 8 : 0;
}

function operands(): (number | undefined)[] {
  const forms = new Array<number | undefined>(256).fill(undefined);
  for (const code of Object.values(OP)) forms[code] = 0;
  const { BININT1, BINGET, BINPUT, PROTO, EXT1, BININT2, EXT2, BININT, LONG_BINGET, LONG_BINPUT, EXT4, BINFLOAT, FRAME } = OP;
  for (const code of [BININT1, BINGET, BINPUT, PROTO, EXT1]) forms[code] = 1;
  for (const code of [BININT2, EXT2]) forms[code] = 2;
  for (const code of [BININT, LONG_BINGET, LONG_BINPUT, EXT4]) forms[code] = 4;
  for (const code of [BINFLOAT, FRAME]) forms[code] = 8;
  for (const code of [OP.FLOAT, OP.INT, OP.LONG, OP.PERSID, OP.STRING, OP.UNICODE, OP.GET, OP.PUT]) forms[code] = LINE;
  for (const code of [OP.GLOBAL, OP.INST]) forms[code] = TWO_LINES;
  for (const code of [OP.SHORT_BINSTRING, OP.LONG1, OP.SHORT_BINBYTES, OP.SHORT_BINUNICODE]) forms[code] = COUNTED_1;
  for (const code of [OP.BINSTRING, OP.LONG4, OP.BINBYTES, OP.BINUNICODE]) forms[code] = COUNTED_4;
  for (const code of [OP.BINUNICODE8, OP.BINBYTES8, OP.BYTEARRAY8]) forms[code] = COUNTED_8;
  return forms;
}
