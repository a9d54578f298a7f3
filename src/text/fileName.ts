/** What Windows allows in no name: separators, wildcards, the colon of drives and streams, control characters. */
const FORBIDDEN = /[<>:"/\\|?*]|\p{Cc}/gu;
/** Devices that Windows finds in every folder, whatever extension follows. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?=\.|$)/i;
/** File systems take 255 bytes; a character of a name takes at most four. */
const CHARACTERS = 60;

/**
 * A name from elsewhere as a file's name in a folder of ours, on every system: it leads nowhere and keeps its extension.
 * Names differ after this only where they are unlike; put each into a folder of its own.
 */
export function safeFileName(name: string): string {
  const plain = name.replace(FORBIDDEN, '_').replace(/[. ]+$/, '');
  const [, stem = '', extension = ''] = /^(.*?)(\.[^.]{0,12})?$/su.exec(plain) ?? [];
  const short = [...stem].slice(0, CHARACTERS).join('');
  return `${short === '' || DEVICE.test(plain) ? '_' : ''}${short}${extension}`;
}
