// Builds dist/: the extension host's entry, the engine process, the command line, and one bundle per webview.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { build, context } from 'esbuild';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
rmSync('dist', { recursive: true, force: true });
mkdirSync('dist/webview', { recursive: true });

const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: process.argv.includes('--quiet') ? 'warning' : 'info',
};
const node = {
  ...common,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Native modules keep their own files and are loaded by the engine when first needed.
  external: ['vscode', 'onnxruntime-node', 'sharp'],
  outExtension: { '.js': '.cjs' },
  outdir: 'dist',
};
const version = JSON.parse(readFileSync('package.json', 'utf8')).version;
/** The HDF5 library is 4 MB of text, which few starts need: a file of its own, loaded when the first HDF5 file is opened. */
const apart = {
  name: 'h5wasm apart',
  setup: ({ onResolve }) => onResolve({ filter: /^h5wasm$/ }, () => ({ path: './h5wasm.cjs', external: true })),
};
/** Run by a launcher (`src/launch.ts`), which keeps their compiled code; a script that it compiles has no `import()`. */
const bundle = { ...node, supported: { 'dynamic-import': false }, define: { VERSION: JSON.stringify(version) } };
const launched = { cli: 'src/cli.ts', engine: 'src/engine/main.ts' };

/** A launcher made once its bundle is there, whose digest it holds. */
function launcher(name, digest) {
  return {
    ...node,
    logLevel: 'warning',
    sourcemap: false,
    entryPoints: { [name]: 'src/launch.ts' },
    banner: { js: name === 'cli' ? '#!/usr/bin/env node' : '' },
    define: { BUNDLE: JSON.stringify(name), BUILD: JSON.stringify(digest) },
  };
}

function digestOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16);
}

const launchers = Object.keys(launched).map((name) => ({
  name: `launcher of ${name}`,
  setup: ({ onEnd }) =>
    onEnd(async ({ errors }) => {
      if (errors.length === 0) await build(launcher(name, digestOf(`dist/${name}.bundle.cjs`)));
    }),
}));
const configs = [
  { ...node, entryPoints: { extension: 'src/extension.ts' } },
  // Its code in WebAssembly is a text of all characters; nothing reads `import.meta` in Node.
  {
    ...node,
    entryPoints: { h5wasm: 'node_modules/h5wasm/dist/esm/hdf5_hl.js' },
    charset: 'utf8',
    sourcemap: false,
    logOverride: { 'empty-import-meta': 'silent' },
  },
  ...Object.entries(launched).map(([name, file], at) => ({
    ...bundle,
    entryPoints: { [`${name}.bundle`]: file },
    plugins: [launchers[at], apart],
  })),
  {
    ...common,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    entryPoints: {
      model: 'webview/model/main.ts',
      checkpoint: 'webview/checkpoint/main.ts',
      checkpointDiff: 'webview/checkpointDiff/main.ts',
      inference: 'webview/inference/main.ts',
      compare: 'webview/compare/main.ts',
      family: 'webview/family/main.ts',
    },
    outdir: 'dist/webview',
    loader: { '.css': 'text' },
    // Lit's decorators on plain fields need this configuration's experimentalDecorators and field semantics.
    tsconfig: 'tsconfig.webview.json',
  },
];

cpSync('node_modules/@vscode/codicons/dist/codicon.css', 'dist/webview/codicon.css');
cpSync('node_modules/@vscode/codicons/dist/codicon.ttf', 'dist/webview/codicon.ttf');

if (watch) for (const config of configs) await (await context(config)).watch();
else await Promise.all(configs.map((config) => build(config)));
