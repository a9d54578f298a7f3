// Runs one benchmark: `node bench/run.mjs NAME [arguments]` bundles bench/NAME.ts to a temporary file and runs it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || !existsSync(`bench/${name}.ts`)) {
  const names = readdirSync('bench').filter((file) => file.endsWith('.ts'));
  console.error(`usage: node bench/run.mjs ${names.map((file) => file.slice(0, -3)).join('|')}`);
  process.exit(2);
}
/** Fixtures find the scripts beside them where they were, not beside the bundle. */
const inPlace = {
  name: 'import.meta.url of fixtures',
  setup(bundle) {
    bundle.onLoad({ filter: /fixtures[\\/]\w+\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }));
  },
};
// Inside the repository, so that packages left out of the bundle are found.
const folder = mkdtempSync(join('node_modules', '.bench-'));
try {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [`bench/${name}.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['onnxruntime-node', 'sharp', 'esbuild', 'playwright-core'],
    sourcemap: 'linked',
    logLevel: 'warning',
    plugins: [inPlace],
  });
  process.exitCode = spawnSync(process.execPath, ['--expose-gc', outfile, ...rest], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
