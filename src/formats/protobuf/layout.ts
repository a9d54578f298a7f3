import { type FieldSchema, type MessageSchema, ScalarType } from './schema';

/** A message while it is decoded: what a file sets is its own, everything else is its layout's default. */
export type Fields = Record<string, unknown>;

/** What a field holds; an enum is an `int32` with `values`. */
export type FieldKind = 'string' | 'bytes' | 'int32' | 'int64' | 'uint64' | 'float' | 'double' | 'message';

/** Where a field of the wire goes in a decoded message. */
export interface FieldLayout {
  /** Its property in the message; the group's where it is one of a `oneof`. */
  readonly property: string;
  readonly kind: FieldKind;
  readonly list: boolean;
  /** The message inside, for fields that hold one. */
  readonly message: MessageLayout | null;
  /** Its name among the fields of a `oneof`; `null` outside of one. */
  readonly choice: string | null;
  /** Numbers that an enum defines; others are passed over, as protobuf 2 wants. */
  readonly values: ReadonlySet<number> | null;
}

/** What decoding needs of a message's schema, made once. */
export interface MessageLayout {
  /** Full name of the message, by which a limit on their number is set. */
  readonly name: string;
  /** By field number. */
  readonly fields: readonly (FieldLayout | undefined)[];
  /** A message with nothing set: all its defaults are its prototype's, so it takes no more room than what is set. */
  readonly make: () => Fields;
}

/** A list that nothing was added to. */
const NOTHING: readonly never[] = Object.freeze([]);
/** A `oneof` of which nothing is set. */
const UNCHOSEN: { readonly case: undefined } = Object.freeze({ case: undefined });

const SCALARS: Readonly<Record<number, FieldKind>> = {
  [ScalarType.STRING]: 'string',
  [ScalarType.BYTES]: 'bytes',
  [ScalarType.INT32]: 'int32',
  [ScalarType.INT64]: 'int64',
  [ScalarType.UINT64]: 'uint64',
  [ScalarType.FLOAT]: 'float',
  [ScalarType.DOUBLE]: 'double',
};

const ZERO: Readonly<Record<FieldKind, unknown>> = {
  string: '',
  bytes: new Uint8Array(0),
  int32: 0,
  int64: 0n,
  uint64: 0n,
  float: 0,
  double: 0,
  message: undefined,
};

const LAYOUTS = new WeakMap<MessageSchema, MessageLayout>();

/**
 * How a message and those below it are decoded; recursive types share one layout.
 * @throws Error for a schema with maps or with scalars that ONNX has none of.
 */
export function layoutOf(message: MessageSchema): MessageLayout {
  const known = LAYOUTS.get(message);
  if (known) return known;
  class Made {}
  const fields: (FieldLayout | undefined)[] = [];
  const layout: MessageLayout = { name: message.typeName, fields, make: () => new Made() as Fields };
  LAYOUTS.set(message, layout);
  const defaults: Fields = { $typeName: message.typeName };
  for (const field of message.fields) {
    const made = layoutOfField(field);
    fields[field.number] = made;
    defaults[made.property] = defaultOf(field, made);
  }
  Object.assign(Made.prototype, defaults);
  return layout;
}

function layoutOfField(field: FieldSchema): FieldLayout {
  const { fieldKind, enum: numbers, message, oneof } = field;
  const kind = kindOf(field);
  if (fieldKind === 'map' || kind === undefined) throw new Error(`there is no reader for ${field.parent.typeName}.${field.name}`);
  return {
    property: oneof?.localName ?? field.localName,
    kind,
    list: fieldKind === 'list',
    message: message ? layoutOf(message) : null,
    choice: oneof ? field.localName : null,
    values: numbers ? new Set(numbers.values.map((value) => value.number)) : null,
  };
}

function kindOf({ message, enum: numbers, scalar }: FieldSchema): FieldKind | undefined {
  if (message) return 'message';
  if (numbers) return 'int32';
  return scalar === undefined ? undefined : SCALARS[scalar];
}

function defaultOf(field: FieldSchema, { list, choice, kind }: FieldLayout): unknown {
  if (choice !== null) return UNCHOSEN;
  if (list) return NOTHING;
  const given = field.fieldKind === 'scalar' || field.fieldKind === 'enum' ? field.getDefaultValue?.() : undefined;
  return given ?? field.enum?.values[0]?.number ?? ZERO[kind];
}
