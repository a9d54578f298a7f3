/** Wire types of protobuf's encoding. */
export const WireType = { Varint: 0, Bit64: 1, LengthDelimited: 2, StartGroup: 3, EndGroup: 4, Bit32: 5 } as const;

/** Numbers of scalar types, as `google.protobuf.FieldDescriptorProto.Type` has them. */
export const ScalarType = {
  DOUBLE: 1,
  FLOAT: 2,
  INT64: 3,
  UINT64: 4,
  INT32: 5,
  FIXED64: 6,
  FIXED32: 7,
  BOOL: 8,
  STRING: 9,
  BYTES: 12,
  UINT32: 13,
  SFIXED32: 15,
  SFIXED64: 16,
  SINT32: 17,
  SINT64: 18,
} as const;

/** A field as scanning and decoding need it; descriptors of @bufbuild/protobuf are of this form, too. */
export interface FieldSchema {
  readonly parent: { readonly typeName: string };
  readonly number: number;
  readonly name: string;
  /** Its name in a decoded message. */
  readonly localName: string;
  readonly fieldKind: 'scalar' | 'enum' | 'message' | 'list' | 'map';
  readonly listKind?: 'scalar' | 'enum' | 'message' | undefined;
  readonly mapKind?: 'scalar' | 'enum' | 'message' | undefined;
  readonly mapKey?: number | undefined;
  /** One of `ScalarType`. */
  readonly scalar?: number | undefined;
  readonly message?: MessageSchema | undefined;
  readonly enum?: { readonly values: readonly { readonly number: number }[] } | undefined;
  readonly oneof?: { readonly localName: string } | undefined;
  /** Where the schema gives one. */
  getDefaultValue?(): unknown;
}

/** A message type. */
export interface MessageSchema {
  readonly typeName: string;
  readonly fields: readonly FieldSchema[];
}

/** The type of a message that decodes to `M`. */
export interface SchemaOf<M> extends MessageSchema {
  /** Never there: it holds the type. */
  readonly decoded?: M;
}

/** What is written of a schema by `scripts/protos.mjs`. */
export interface SchemaText {
  /** Stands before the name of each message: `onnx.`. */
  readonly prefix: string;
  readonly messages: ReadonlyMap<string, string>;
  readonly enums: ReadonlyMap<string, string>;
}

/** `model_version` as JavaScript has it: `modelVersion`. */
function localName(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Reads the types of messages out of a schema's text, each once; those inside come with it. */
export class Schema {
  private readonly known = new Map<string, MessageSchema>();

  constructor(private readonly text: SchemaText) {}

  /** @throws Error where the schema has no such message. */
  message(name: string): MessageSchema {
    const known = this.known.get(name);
    if (known) return known;
    const text = this.text.messages.get(name);
    if (text === undefined) throw new Error(`the schema has no message ${name}`);
    const fields: FieldSchema[] = [];
    const message: MessageSchema = { typeName: `${this.text.prefix}${name}`, fields };
    this.known.set(name, message);
    for (const entry of text.split(' ')) fields.push(this.field(message, entry));
    return message;
  }

  private field(parent: MessageSchema, entry: string): FieldSchema {
    const [number = '', name = '', form = ''] = entry.split(':');
    const [described = '', choice] = form.split('@');
    const isList = described.endsWith('*');
    const type = isList ? described.slice(0, -1) : described;
    const kind = type.startsWith('=') ? 'enum' : this.text.messages.has(type) ? 'message' : 'scalar';
    return {
      parent,
      number: Number(number),
      name,
      localName: localName(name),
      fieldKind: isList ? 'list' : kind,
      listKind: isList ? kind : undefined,
      scalar: kind === 'scalar' ? SCALARS.get(type) : undefined,
      message: kind === 'message' ? this.message(type) : undefined,
      enum: kind === 'enum' ? { values: this.numbers(type.slice(1)) } : undefined,
      oneof: choice === undefined ? undefined : { localName: localName(choice) },
    };
  }

  private numbers(name: string): readonly { readonly number: number }[] {
    return (this.text.enums.get(name) ?? '').split(' ').map((text) => ({ number: Number(text) }));
  }
}

const SCALARS: ReadonlyMap<string, number> = new Map(Object.entries(ScalarType).map(([name, number]) => [name.toLowerCase(), number]));
