import { spawnSync } from 'node:child_process';

const SCRIPT = `
import base64, io, json, sys, zipfile
listed = [(e.filename, e.file_size) for e in zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())).infolist()]
out = io.BytesIO()
with zipfile.ZipFile(out, 'w') as z:
    z.writestr('x/one', b'one' * 1000, zipfile.ZIP_DEFLATED)
    with z.open('x/\\u00fc', 'w', force_zip64=True) as f: f.write(b'two')
json.dump({'listed': listed, 'written': base64.b64encode(out.getvalue()).decode()}, sys.stdout)
`;

/** What Python's zipfile lists of an archive, and one that it writes; `null` where there is no Python. */
export async function pythonSays(archive: Uint8Array): Promise<{ listed: unknown; written: Uint8Array } | null> {
  const { stdout, status } = spawnSync('python3', ['-c', SCRIPT], { input: archive, encoding: 'utf8' });
  if (status !== 0) return null;
  const { listed, written } = JSON.parse(stdout);
  return { listed, written: new Uint8Array(Buffer.from(written, 'base64')) };
}
