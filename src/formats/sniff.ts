/** Bytes that are enough to recognise a file. */
export const HEAD_BYTES = 1024;

interface Sign {
  readonly bytes: readonly number[];
  readonly offset?: number;
  readonly what: string;
}

const NOT_ONNX = 'not an ONNX model; export it to ONNX to open it here.';

const SIGNS: readonly Sign[] = [
  { bytes: ascii('PK\x03\x04'), what: 'a zip archive that holds no model or checkpoint known here.' },
  { bytes: ascii('PK\x05\x06'), what: `an empty zip archive, ${NOT_ONNX}` },
  {
    bytes: ascii('ORTM'),
    offset: 4,
    what: "a model in ONNX Runtime's own format (.ort), which is not supported; open the .onnx file it was made from.",
  },
  { bytes: ascii('TFL3'), offset: 4, what: `a TensorFlow Lite model, ${NOT_ONNX}` },
  { bytes: [0x1f, 0x8b], what: 'gzip-compressed; unpack it first.' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: 'zstd-compressed; unpack it first.' },
  { bytes: ascii('\x89PNG'), what: 'a PNG image, not a model.' },
  { bytes: [0xff, 0xd8, 0xff], what: 'a JPEG image, not a model.' },
];

/** Whether bytes begin as a zip archive does that has entries. */
export function isZip(head: Uint8Array): boolean {
  return ascii('PK\x03\x04').every((byte, index) => head[index] === byte);
}

/** The rest of "NAME is ...": what a file looks like that is no model we can open; `null` when nothing is recognised. */
export function recognise(head: Uint8Array): string | null {
  const sign = SIGNS.find(({ bytes, offset = 0 }) => bytes.every((byte, index) => head[offset + index] === byte));
  if (sign) return sign.what;
  return textKind(head);
}

function textKind(head: Uint8Array): string | null {
  const text = asText(head);
  if (text === null) return null;
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    return 'a Git LFS pointer, not the model itself; run "git lfs pull" in its repository to fetch it.';
  }
  const start = text.trimStart().slice(0, 200).toLowerCase();
  if (start === '') return 'blank: it holds nothing but white space.';
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return 'a web page, not a model; the download probably failed.';
  if (start.startsWith('{') || start.startsWith('[')) return 'a JSON text, not a model.';
  return 'a text file, not a model.';
}

/** The head as text when every byte is printable or white space, else `null`. ONNX begins with the byte 8, which no text has. */
function asText(head: Uint8Array): string | null {
  for (const byte of head) {
    const printable = byte >= 32 && byte !== 127;
    if (!printable && byte !== 9 && byte !== 10 && byte !== 13) return null;
  }
  return new TextDecoder().decode(head);
}

function ascii(text: string): readonly number[] {
  return [...text].map((character) => character.charCodeAt(0));
}
