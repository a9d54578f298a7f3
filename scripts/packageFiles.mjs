// Which files a .vsix for one platform holds: .vscodeignore names what every platform has, this adds the native ones.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * The text of the ignore file for `target` (`linux-x64`), and the needed folders that are not installed.
 * @param {string} target
 */
export function packageFiles(target) {
  const [platform, arch] = target.split('-');
  const runtime = `node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}`;
  const images = [`node_modules/@img/sharp-${target}`, `node_modules/@img/sharp-libvips-${target}`];
  const missing = [runtime, images[0]].filter((folder) => !existsSync(join(root, folder)));
  const included = [runtime, ...images].map((path) => `!${path}/**`);
  return { ignore: `${readFileSync(join(root, '.vscodeignore'), 'utf8')}${included.join('\n')}\n`, missing };
}
